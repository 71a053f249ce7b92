import { VM, VMScript, type VMOptions } from 'vm2';
import { advisories } from './advisories.ts';
import { dig, escapes } from './hostile-scripts.ts';

// Runs each technique in vm2 as it is, without the other walls, in a process that allows to make functions of text; prints what it found by technique.
// A process of its own, because hostile scripts leave rejections that nobody handles.
process.on('unhandledRejection', () => {});

const found: Record<string, unknown> = {};
for (const [technique, body] of Object.entries({ ...escapes, ...advisories })) {
  const options: VMOptions & { readonly bufferAllocLimit: number } = { wasm: false, bufferAllocLimit: 32e6 };
  const vm = new VM(options);
  const code = `${dig}\nlet result; (async (input, context) => { ${body} })({ payload: { a: 1 }, meta: {} }, { log: { info() {} }, lookup: async () => null, hash: async () => '' }).then((x) => { result = dig(x) }, (e) => { result = dig([e, e && e.message]) }); (() => result)`;
  const ask = vm.run(new VMScript(code, 'hostile.js')) as () => unknown;
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  const result = ask();
  found[technique] = result === undefined ? null : String(result);
}
process.stdout.write(JSON.stringify(found));
