import { defineScriptEngine } from '../sdk/index.ts';
import { contracts, engineOf, examples, settings } from './sandbox/engine.ts';

export default defineScriptEngine({
  type: 'vm2',
  aliases: ['default'],
  title: 'vm2',
  summary: 'Runs JavaScript and TypeScript in vm2, inside a process that may do nothing but compute.',
  description: contracts,
  icon: 'code',
  settings,
  examples,
  ...engineOf('vm2'),
});
