import { defineScriptEngine } from '../sdk/index.ts';
import { contracts, engineOf, examples, settings } from './sandbox/engine.ts';

export default defineScriptEngine({
  type: 'strict',
  title: 'Strict',
  summary: 'Runs JavaScript and TypeScript of others in QuickJS, an interpreter in WebAssembly, inside a process that may do nothing but compute.',
  description: `For scripts that you have not read. It takes the same scripts as the other engine, with the same limits, and is about twenty times slower. There is no \`Buffer\`, no \`Intl\`, and nothing that is newer than ES2023.

${contracts}`,
  icon: 'shield',
  settings,
  examples,
  ...engineOf('strict'),
});
