import { fileURLToPath } from 'node:url';
import { FlowError, type CompiledColumn, type CompiledTransform, type Outputs, type Plugin, type Shape, type StepRun, type Transform } from '../../plugins/sdk/index.ts';

export interface Spot {
  readonly line: number;
  readonly column?: number;
}

/** Where in a file an error was thrown, or where the file cannot be read, as far as its stack tells. */
export function spotOf(error: unknown, url: string): Spot | undefined {
  const stack = error instanceof Error ? String(error.stack) : '';
  for (const name of [url, fileURLToPath(url.replace(/\?.*$/, ''))]) {
    const from = stack.indexOf(`${name}:`);
    const numbers = from < 0 ? null : /^(\d+)(?::(\d+))?/.exec(stack.slice(from + name.length + 1, from + name.length + 24));
    if (numbers) return { line: Number(numbers[1]), ...(numbers[2] !== undefined && { column: Number(numbers[2]) }) };
  }
  return undefined;
}

/** The same plugin; where it throws or gives what it must not, its file is named, since the fault is not one of Patchbay. */
export function guardForeign(plugin: Plugin, source: string, url: string): Plugin {
  const name = `${plugin.kind} ${JSON.stringify(plugin.type)}`;
  const fault = (message: string, cause?: unknown): FlowError =>
    new FlowError('PLUGIN_FAILED', `The ${name} ${message}`, { cause, place: { file: source, ...spotOf(cause, url) }, remedy: `Correct ${source}.`, details: cause instanceof Error ? { stack: cause.stack ?? '' } : {} });
  const threw = (error: unknown): FlowError => (FlowError.is(error) ? error : fault(`failed: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}.`, error));
  if (plugin.kind === 'transform') return guardedTransform(plugin, threw, fault);
  if (plugin.kind === 'shape') return guardedShape(plugin, threw);
  return plugin;
}

type Threw = (error: unknown) => FlowError;

function guardedTransform(plugin: Transform, threw: Threw, fault: (message: string) => FlowError): Transform {
  const guard = (transform: CompiledTransform): CompiledTransform => {
    if (typeof transform !== 'function') throw fault(`must compile to a function; it gave ${typeOf(transform)}.`);
    return (value, context) => {
      let output: unknown;
      try {
        output = transform(value, context);
      } catch (error) {
        throw threw(error);
      }
      const type = typeOf(output);
      // What is undefined stands for no value; lists and objects are not looked into, that would cost too much for each value.
      if (output !== undefined && (!jsonTypes.has(type) || (plugin.gives && !fits(type, plugin.gives)))) throw fault(`gave ${jsonTypes.has(type) ? `a value of type ${type}, but says that it gives ${plugin.gives!.join(', ')}` : `a ${type}, which is no JSON`}.`);
      return output;
    };
  };
  if (plugin.column) return extended(plugin, { compile: async (settings, context) => guardedColumn(await attempt(() => plugin.compile(settings, context), threw), threw, fault) });
  return extended(plugin, { compile: async (settings, context) => guard(await attempt(() => plugin.compile(settings, context), threw)) });
}

function guardedColumn(column: CompiledColumn, threw: Threw, fault: (message: string) => FlowError): CompiledColumn {
  if (typeof column !== 'function') throw fault(`must compile to a function; it gave ${typeOf(column)}.`);
  return async (values, context) => {
    const outputs: unknown = await attempt(() => column(values, context), threw);
    if (!Array.isArray(outputs) || outputs.length !== values.length) throw fault(`must give a list of ${values.length} values; it gave ${Array.isArray(outputs) ? `one of ${outputs.length}` : typeOf(outputs)}.`);
    return outputs;
  };
}

function guardedShape(plugin: Shape, threw: Threw): Shape {
  const guard = <A extends unknown[]>(work: (...args: A) => Outputs | Promise<Outputs>) => async (...args: A): Promise<Outputs> => {
    const outputs = await attempt(() => work(...args), threw);
    return typeof outputs === 'object' && outputs !== null && Symbol.asyncIterator in outputs ? guardedStream(outputs, threw) : outputs;
  };
  return extended(plugin, {
    async open(settings, context): Promise<StepRun> {
      const step: StepRun = await attempt(() => plugin.open(settings, context), threw);
      return typeof step === 'function' ? guard(step) : { payload: guard((...args: Parameters<typeof step.payload>) => step.payload(...args)), end: guard((...args: Parameters<typeof step.end>) => step.end(...args)) };
    },
  });
}

/** The plugin may be of a class, and its members not its own. */
const extended = <P extends Plugin>(plugin: P, members: Partial<P>): P => Object.create(plugin, Object.getOwnPropertyDescriptors(members)) as P;

async function* guardedStream<T>(stream: AsyncIterable<T>, threw: Threw): AsyncIterable<T> {
  try {
    yield* stream;
  } catch (error) {
    throw threw(error);
  }
}

async function attempt<T>(work: () => T | Promise<T>, threw: Threw): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw threw(error);
  }
}

const jsonTypes: ReadonlySet<string> = new Set(['null', 'boolean', 'number', 'string', 'array', 'object']);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value !== 'object') return typeof value;
  return 'then' in value && typeof value.then === 'function' ? 'promise' : 'object';
}

const fits = (type: string, gives: readonly string[]): boolean => gives.includes(type) || (type === 'number' && gives.includes('integer'));
