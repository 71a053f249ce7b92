import variant from '@jitl/quickjs-singlefile-cjs-release-sync';
import { newQuickJSWASMModuleFromVariant, type QuickJSContext, type QuickJSHandle, type QuickJSWASMModule } from 'quickjs-emscripten-core';
import { beforeWork, serve, type Realm } from './child.ts';
import { harnessText, type SandboxApi } from './harness.ts';

/**
 * The code of a child whose scripts run in QuickJS: an interpreter compiled to WebAssembly. A script has no object of this realm, not even behind a proxy,
 * and no code of its own reaches the processor.
 */
export async function main(rest: Buffer): Promise<void> {
  const quickjs = await newQuickJSWASMModuleFromVariant(variant.default);
  serve((head, code, packages) => open(quickjs, head, code, packages), rest);
}

/** Deeper recursion is an error in the script. It must stay below what this process has for its own stack. */
const maxStackBytes = 192 * 1024;

function open(quickjs: QuickJSWASMModule, { file, contract, columnOffset, memoryBytes }: Parameters<Realm>[0], code: string, packages: string): ReturnType<Realm> {
  const runtime = quickjs.newRuntime();
  // The parent ends the process first, as it does with vm2; this is for a system where nobody can look at its memory while it is busy.
  runtime.setMemoryLimit(memoryBytes * 1.5);
  runtime.setMaxStackSize(maxStackBytes);
  runtime.setInterruptHandler(() => {
    beforeWork();
    return false;
  });
  const vm = runtime.newContext();
  const jobs = (): void => void vm.unwrapResult(runtime.executePendingJobs());
  const api = vm.unwrapResult(vm.evalCode(harnessText(file, contract, columnOffset), 'patchbay-sandbox.js'));
  const dispose = (): void => {
    api.dispose();
    vm.dispose();
    runtime.dispose();
  };
  const module = vm.evalCode(code, file);
  if (module.error) {
    const problem = syntaxProblem(vm, module.error, file, columnOffset);
    dispose();
    return problem;
  }
  const bundled = vm.evalCode(packages === '' ? 'undefined' : packages, 'patchbay-packages');
  if (bundled.error) {
    module.value.dispose();
    const problem = syntaxProblem(vm, bundled.error, 'patchbay-packages', 0);
    dispose();
    return problem;
  }
  call(vm, api, 'load', module.value, bundled.value).dispose();
  module.value.dispose();
  bundled.value.dispose();
  jobs();
  return { api: asApi(vm, api, jobs), dispose };
}

/** The harness, through texts and numbers alone. */
function asApi(vm: QuickJSContext, api: QuickJSHandle, jobs: () => void): SandboxApi {
  const ask = (name: keyof SandboxApi, ...given: readonly (string | number)[]): QuickJSHandle => {
    const args = given.map((value) => (typeof value === 'string' ? vm.newString(value) : vm.newNumber(value)));
    const result = call(vm, api, name, ...args);
    for (const arg of args) arg.dispose();
    return result;
  };
  const text = (name: keyof SandboxApi, ...given: readonly (string | number)[]): string => ask(name, ...given).consume((handle) => vm.getString(handle));
  const number = (name: keyof SandboxApi): number => ask(name).consume((handle) => vm.getNumber(handle));
  const work = (name: keyof SandboxApi, ...given: readonly (string | number)[]): void => {
    ask(name, ...given).dispose();
    jobs();
  };
  return {
    load: () => { throw new Error('It is loaded.'); },
    problem: () => text('problem'),
    begin: (inputs, first, now, seed, areColumns, whole) => work('begin', inputs, first, now, seed, areColumns, whole),
    work: (sliceMs) => work('work', sliceMs),
    take: (limit) => text('take', limit),
    left: () => number('left'),
    done: () => number('done'),
    questions: () => text('questions'),
    answer: (id, given) => work('answer', id, given),
    waits: () => number('waits'),
  };
}

function call(vm: QuickJSContext, api: QuickJSHandle, name: keyof SandboxApi, ...args: readonly QuickJSHandle[]): QuickJSHandle {
  return vm.getProp(api, name).consume((method) => vm.unwrapResult(vm.callFunction(method, api, ...args)));
}

/** What QuickJS cannot read although the file has the syntax of JavaScript. */
function syntaxProblem(vm: QuickJSContext, error: QuickJSHandle, file: string, columnOffset: number): { message: string; stack: string } {
  const { name, message, stack } = error.consume((handle) => vm.dump(handle) as Record<string, unknown>);
  const [, line, column] = /:(\d+):(\d+)/.exec(String(stack)) ?? [];
  return { message: `${String(name)}: ${String(message)}`, stack: line === undefined ? '' : `${file}:${line}:${Number(column) + (line === '1' ? columnOffset : 0)}` };
}
