import { basename, join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DebugRef, DebugResume, DebugTarget } from '../model/debug.ts';
import { invalid } from './arguments.ts';
import { complete } from './completions.ts';
import type { FlowFiles } from './flow-files.ts';
import { References } from './references.ts';
import { keysIn, refAt, typedValue, watchOf } from './values.ts';

/** With the id of its run, for a client that shows runs. */
interface ShownFrame extends DebugProtocol.StackFrame {
  readonly run: string;
}

/** What a client sees where a run stands: stack, scopes and values, by numbers that count as long as it stands there. */
export class Shown {
  readonly #root: string;
  readonly #files: FlowFiles;
  readonly #target: () => DebugTarget;
  readonly #references = new References();
  readonly #frames: { readonly thread: number; readonly index: number }[] = [];
  #targets: Awaited<ReturnType<DebugTarget['targets']>> = [];

  constructor(root: string, files: FlowFiles, target: () => DebugTarget) {
    this.#root = root;
    this.#files = files;
    this.#target = target;
  }

  forget(): void {
    this.#references.clear();
    this.#frames.length = 0;
    this.#targets = [];
    this.#files.forget();
  }

  async stackTrace({ threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments): Promise<DebugProtocol.StackTraceResponse['body']> {
    const frames = await this.#target().stack(threadId);
    const shown = frames.slice(startFrame, levels > 0 ? startFrame + levels : undefined);
    const stackFrames = await Promise.all(shown.map(async ({ name, run, flow, step, rule, script, canRestart }, index): Promise<ShownFrame> => {
      if (script) return { id: this.#frameId(threadId, startFrame + index), name, run, line: script.line, column: script.column, source: { name: basename(script.file), path: join(this.#root, script.file) } };
      const { file, lines } = await this.#files.of(flow);
      const place = step === undefined ? undefined : lines?.all.find((one) => one.step === step && (rule === undefined ? one.at === 'before' : one.rule === rule));
      return {
        id: this.#frameId(threadId, startFrame + index), name, run, line: place?.line ?? 0, column: place?.column ?? 0, canRestart,
        ...(file !== undefined && { source: { name: basename(file), path: join(this.#root, file) } }), ...(step === undefined && { presentationHint: 'subtle' as const }),
      };
    }));
    return { stackFrames, totalFrames: frames.length };
  }

  async scopes({ frameId }: DebugProtocol.ScopesArguments): Promise<DebugProtocol.ScopesResponse['body']> {
    const { thread, index } = this.frame(frameId);
    const scopes = await this.#target().scopes(thread, index);
    return {
      scopes: scopes.map(({ name, root, path = [], indexed, named }, order): DebugProtocol.Scope => ({
        name, variablesReference: this.#references.add({ ref: { thread, frame: index, root, path } }), expensive: root === 'script' ? false : order > 2 && root !== 'variables',
        ...(indexed > 0 && { indexedVariables: indexed }), ...(named > 0 && { namedVariables: named }), ...(root === 'variables' && { presentationHint: 'globals' }),
      })),
    };
  }

  async variables({ variablesReference, filter, start, count }: DebugProtocol.VariablesArguments): Promise<DebugProtocol.VariablesResponse['body']> {
    const referred = this.#references.get(variablesReference);
    if (!referred) throw invalid('There is no such variable: the run has gone on since.', 'Ask for the scopes again.');
    const window = { ...(filter && { filter }), ...(start !== undefined && { start }), ...(count !== undefined && { count }) };
    if ('value' in referred) return { variables: [...this.#references.parts(referred.value, window)] };
    const rows = await this.#target().values(referred.ref, window);
    return { variables: rows.map((row) => this.#references.variable(referred.ref, row)) };
  }

  async evaluate({ expression, frameId, context }: DebugProtocol.EvaluateArguments): Promise<DebugProtocol.EvaluateResponse['body']> {
    const { thread, index } = this.frame(frameId);
    const evaluated = await this.#target().evaluate(thread, index, expression, { full: context === 'clipboard' });
    if (evaluated.value !== undefined && context !== 'clipboard') {
      const { value: _, ...plain } = this.#references.plain(evaluated.value);
      return { result: evaluated.text, ...plain };
    }
    // What is too long to be sent is looked at where it lies.
    const place = evaluated.indexed + evaluated.named > 0 ? placeOf(expression) : undefined;
    const below = { thread, frame: index, ...place } as DebugRef;
    const { variablesReference = 0, indexedVariables, namedVariables } = place ? this.#references.variable(below, { ...evaluated, isWhole: true }) : {};
    return { result: evaluated.text, type: evaluated.type, variablesReference, ...(indexedVariables !== undefined && { indexedVariables }), ...(namedVariables !== undefined && { namedVariables }) };
  }

  async completions({ text, line = 1, column, frameId }: DebugProtocol.CompletionsArguments): Promise<DebugProtocol.CompletionsResponse['body']> {
    const { thread, index } = this.frame(frameId);
    const before = text.split('\n').slice(0, line - 1).map((one) => `${one}\n`).join('');
    return { targets: [...(await complete(text.slice(0, before.length + column - 1), (root, path) => this.#target().values({ thread, frame: index, root, path }, { count: 200 })))] };
  }

  async setVariable({ variablesReference, name, value }: DebugProtocol.SetVariableArguments): Promise<DebugProtocol.SetVariableResponse['body']> {
    const referred = this.#references.get(variablesReference);
    if (!referred || !('ref' in referred)) throw invalid('What an expression gave cannot be changed.', 'Change the payload, its metadata or a flow variable in its scope.');
    const { ref } = referred;
    if (ref.path.length === 0 && (await this.#target().values(ref, { count: 1 }))[0]?.isWhole) return this.#change(ref, value, ref);
    const key = /^\d+$/.test(name) && (await this.#target().values(ref, { filter: 'indexed', count: 1 })).length > 0 ? Number(name) : ((await this.#target().values(ref, { filter: 'named' })).find((row) => row.name === name)?.key ?? name);
    return this.#change({ ...ref, path: [...ref.path, key] }, value, ref);
  }

  async setExpression({ expression, value, frameId }: DebugProtocol.SetExpressionArguments): Promise<DebugProtocol.SetExpressionResponse['body']> {
    const { thread, index } = this.frame(frameId);
    const ref: DebugRef = { thread, frame: index, ...((await this.#inScript(thread, index, expression)) ?? refAt(expression)) };
    return this.#change(ref, value, { ...ref, path: ref.path.slice(0, -1) });
  }

  async readMemory({ memoryReference, offset = 0, count }: DebugProtocol.ReadMemoryArguments): Promise<DebugProtocol.ReadMemoryResponse['body']> {
    const referred = /^\d+$/.test(memoryReference) ? this.#references.get(Number(memoryReference)) : undefined;
    if (!referred || !('ref' in referred)) throw invalid('There are no such bytes: the run has gone on since.', 'Open them again from the variables.');
    const bytes = count > 0 ? await this.#target().bytes(referred.ref, { offset, count }) : new Uint8Array();
    return { address: `0x${offset.toString(16)}`, ...(bytes.length > 0 && { data: Buffer.from(bytes).toString('base64') }), ...(bytes.length < Math.min(count, mostBytes) && { unreadableBytes: count - bytes.length }) };
  }

  watchInfo(args: DebugProtocol.DataBreakpointInfoArguments): DebugProtocol.DataBreakpointInfoResponse['body'] {
    return watchOf(args, (number) => this.#references.get(number));
  }

  async stepInTargets(): Promise<DebugProtocol.StepInTargetsResponse['body']> {
    this.#targets = await this.#target().targets();
    return { targets: this.#targets.map(({ label }, index) => ({ id: index + 1, label })) };
  }

  stepInTarget(id: number | undefined): Extract<DebugResume, { how: 'in' }>['target'] {
    const chosen = id === undefined ? undefined : this.#targets[id - 1];
    if (id !== undefined && !chosen) throw invalid('There is no such target: the run has gone on since.', 'Ask for the targets again.');
    return chosen?.target;
  }

  /** Line 1 of the stack of the first thread where there is no number. */
  frame(id: number | undefined): { readonly thread: number; readonly index: number } {
    const frame = id === undefined ? { thread: 1, index: 0 } : this.#frames[id - 1];
    if (!frame) throw invalid('There is no such frame: the run has gone on since.', 'Ask for the stack again.');
    return frame;
  }

  /** The innermost variable of this name, where the frame is one of a script. */
  async #inScript(thread: number, frame: number, expression: string): Promise<Pick<DebugRef, 'root' | 'path'> | undefined> {
    const scopes = (await this.#target().scopes(thread, frame)).filter(({ root }) => root === 'script');
    if (scopes.length === 0) return undefined;
    const path = keysIn(expression);
    for (const { path: scope = [] } of path ? scopes : []) {
      const rows = await this.#target().values({ thread, frame, root: 'script', path: scope }, { filter: 'named' });
      if (rows.some(({ key }) => key === path![0])) return { root: 'script', path: [...scope, ...path!] };
    }
    throw invalid(`${JSON.stringify(expression)} is no variable of the script that can be changed.`, 'Name one, or a part of one: total, lines[0].price.');
  }

  #frameId(thread: number, index: number): number {
    const known = this.#frames.findIndex((frame) => frame.thread === thread && frame.index === index);
    return known >= 0 ? known + 1 : this.#frames.push({ thread, index });
  }

  async #change(ref: DebugRef, text: string, below: DebugRef): Promise<DebugProtocol.SetVariableResponse['body']> {
    const row = await this.#target().set(ref, typedValue(text, await this.#isText(ref)));
    const { value, type, variablesReference, indexedVariables, namedVariables } = this.#references.variable(below, row);
    return { value, variablesReference, ...(type !== undefined && { type }), ...(indexedVariables !== undefined && { indexedVariables }), ...(namedVariables !== undefined && { namedVariables }) };
  }

  async #isText(ref: DebugRef): Promise<boolean> {
    const key = ref.path.at(-1);
    const rows = await this.#target().values({ ...ref, path: ref.path.slice(0, -1) }, typeof key === 'number' ? { filter: 'indexed', start: key, count: 1 } : {}).catch(() => []);
    return rows.some((row) => row.type === 'string' && (key === undefined ? row.isWhole : row.key === key));
  }
}

function placeOf(expression: string): ReturnType<typeof refAt> | undefined {
  try {
    return refAt(expression);
  } catch {
    return undefined;
  }
}

/** A client that asks for more asks again. */
const mostBytes = 1024 * 1024;
