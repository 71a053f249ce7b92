import { VMScript } from 'vm2/lib/script.js';
import { VM } from 'vm2/lib/vm.js';
import { serve, type Realm } from './child.ts';
import './parser.ts';
import { harnessText, type SandboxApi } from './harness.ts';

/** The code of a child whose scripts run in vm2. */
export const main = (rest: Buffer): void => serve(realm, rest);

const realm: Realm = ({ file, contract, columnOffset, memoryBytes }, code, packages) => {
  const vm = new VM({ eval: false, wasm: false, bufferAllocLimit: memoryBytes / 2 });
  const api = vm.run(new VMScript(harnessText(file, contract), { filename: 'patchbay-sandbox.js' })) as SandboxApi;
  try {
    api.load(vm.run(new VMScript(code, { filename: file, columnOffset })), packages === '' ? undefined : vm.run(new VMScript(packages, { filename: 'patchbay-packages' })));
  } catch (error) {
    return syntaxProblem(error);
  }
  return { api, dispose: () => {} };
};

/** Only errors of V8's own parser come here: they are ours to read, not the script's. */
function syntaxProblem(error: unknown): { message: string; stack: string } {
  const { name, message, stack } = error as Error;
  return { message: `${String(name)}: ${String(message)}`, stack: String(stack).split('\n    at ')[0] ?? '' };
}
