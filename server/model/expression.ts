import { describeValue, FlowError, type CompiledTransform, type ValueContext } from '../../plugins/sdk/index.ts';
import { evaluator, textOf, type Calls, type DynamicCall, type Run } from './expression-evaluate.ts';
import { parseTemplate } from './expression-parser.ts';
import { invalid, partsOf, type Template } from './expression-syntax.ts';
import { escapePointer, isObject } from './json.ts';
import { createCache } from './lru.ts';
import { fieldSchema, itemSchema } from './schema-walk.ts';

export { parseTemplate } from './expression-parser.ts';
export { printTemplate } from './expression-print.ts';
export type { Template } from './expression-syntax.ts';

/** What an expression may begin with. */
export const expressionRoots = ['payload', 'meta', 'flow', 'env', 'instance', 'params', 'page', 'slice', 'cursor', 'status', 'response', 'headers', 'record', 'file', 'run', 'now'] as const;

/** Root → value. A getter suits what is expensive: it is called only by expressions that need it. */
export type Scope = Readonly<Record<string, unknown>>;

export interface ExpressionEnv {
  /** Compiles a pipe. Fails with `CONFIG_UNKNOWN_PLUGIN` or `CONFIG_INVALID`. */
  transform(type: string, settings: unknown): CompiledTransform | Promise<CompiledTransform>;
  /** Roots that exist here; default `expressionRoots`. */
  readonly roots?: readonly string[];
  /** Schema of a transform's settings, where there is one: it says where templates stand in the `settings` beside a field that names a transform. */
  settingsOf?(transform: string): Promise<object | undefined>;
}

export interface CompiledValue {
  /** What must be in the scope. */
  readonly roots: ReadonlySet<string>;
  /** What is read of `payload`: paths as in JSONPath, `$` for all of it. */
  readonly payloadPaths: readonly string[];
  /** Neither scope nor context can change the value. */
  readonly constant: boolean;
  /** `evaluate` gives a promise: a pipe takes a setting from the scope, so that its transform can be compiled only then. */
  readonly async: boolean;
  /**
   * A text that is one expression gives the value itself, other texts a text: null as nothing, objects and lists as JSON. Where a schema says that a text
   * stands there, one expression gives a text as well; of any other type the value must be. Fails with `DATA_MISSING` where a value is not there and no
   * `??` follows, with `DATA_INVALID` where an operator cannot work on its values or the value is of another type, with what a transform fails with.
   */
  evaluate(scope: Scope, context: ValueContext): unknown;
}

export interface ValueOptions {
  /** Only fields that this schema marks with `x-expression` are templates; without it every text is one. */
  readonly schema?: object;
}

/** Fails with `CONFIG_EXPRESSION` where the text does not parse or names an unknown root. */
export const compileTemplate = (text: string, env: ExpressionEnv): Promise<CompiledValue> => compileValue(text, env);

/**
 * Compiles the templates in all texts of a JSON value, at any depth (not in keys). `evaluate` gives the very same object where there is none, and shares
 * with it every branch without one. Fails with `CONFIG_EXPRESSION`; `place.pointer` is the JSON pointer of the text.
 */
export async function compileValue(value: unknown, env: ExpressionEnv, options: ValueOptions = {}): Promise<CompiledValue> {
  const job: Job = { env, roots: new Set(), payloadPaths: [], calls: [], isPure: true };
  const run = await compileAny(job, value, { schema: options.schema ?? {}, isTemplate: options.schema === undefined, pointer: '' });
  const { roots, payloadPaths, calls, isPure } = job;
  const facts = { roots, payloadPaths, constant: isPure && roots.size === 0, async: calls.length > 0 };
  if (!run) return { ...facts, evaluate: () => value };
  if (calls.length === 0) return { ...facts, evaluate: (scope, context) => run(scope, context, []) };
  return { ...facts, evaluate: async (scope, context) => run(scope, context, await Promise.all(calls.map((call) => compileCall(call, scope, env)))) };
}

/** Whether a JSON value has `{{` in a text at any depth. */
export function hasExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasExpression);
}

/** Fails with `CONFIG_EXPRESSION` at the first root that is not known. */
export function checkRoots(text: string, template: Template, roots: readonly string[] = expressionRoots): void {
  for (const part of partsOf(template)) {
    if (part.kind === 'path' && !roots.includes(part.root)) throw invalid(text, part.start, part.start + part.root.length, `${part.root} is not known; there are ${roots.join(', ')}`);
  }
}

interface Job {
  readonly env: ExpressionEnv;
  readonly roots: Set<string>;
  readonly payloadPaths: string[];
  readonly calls: DynamicCall[];
  isPure: boolean;
}

interface Place {
  readonly schema: object;
  /** Whether texts are templates here. */
  readonly isTemplate: boolean;
  readonly pointer: string;
}

async function compileAny(job: Job, value: unknown, { schema, pointer, ...outer }: Place): Promise<Run | undefined> {
  const isTemplate = outer.isTemplate || ('x-expression' in schema && schema['x-expression'] === true);
  if (typeof value === 'string') return isTemplate && value.includes('{{') ? compileText(job, value, schema, pointer) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const runs = await Promise.all(value.map((item, index) => compileAny(job, item, { schema: itemSchema(schema, index), isTemplate, pointer: `${pointer}/${index}` })));
    return runs.some(Boolean) ? (scope, context, calls) => value.map((item: unknown, index) => (runs[index] ? runs[index](scope, context, calls) : item)) : undefined;
  }
  const named = await schemaOfNamed(job, value as Readonly<Record<string, unknown>>, schema);
  const fields = await Promise.all(Object.entries(value).map(async ([name, field]: [string, unknown]) => {
    const place = { schema: (name === 'settings' && named) || fieldSchema(schema, name), isTemplate, pointer: `${pointer}/${escapePointer(name)}` };
    return { name, field, run: await compileAny(job, field, place) };
  }));
  return fields.some(({ run }) => run) ? (scope, context, calls) => Object.fromEntries(fields.map(({ name, field, run }) => [name, run ? run(scope, context, calls) : field])) : undefined;
}

/** The schema of `settings`, where a field beside it names a transform. */
async function schemaOfNamed({ env }: Job, value: Readonly<Record<string, unknown>>, schema: object): Promise<object | undefined> {
  if (!env.settingsOf || !hasExpression(value['settings'])) return undefined;
  const name = Object.keys(value).find((key) => {
    const ui = (fieldSchema(schema, key) as Readonly<Record<string, unknown>>)['x-ui'];
    return isObject(ui) && ui['ref'] === 'transform';
  });
  return name === undefined || typeof value[name] !== 'string' ? undefined : env.settingsOf(value[name]);
}

async function compileText(job: Job, text: string, schema: object, pointer: string): Promise<Run> {
  try {
    const template = parseTemplate(text);
    checkRoots(text, template, job.env.roots);
    for (const part of partsOf(template)) {
      if (part.kind === 'path') job.roots.add(part.root);
      if (part.kind === 'path' && part.root === 'payload') job.payloadPaths.push(`$${part.path}`);
      if (part.kind === 'pipe') job.isPure = false;
    }
    const { type, 'x-longest': longest } = schema as { readonly type?: unknown; readonly 'x-longest'?: unknown };
    const run = await evaluator(text, template, { pointer, calls: job.calls, transform: job.env.transform, ...(typeof longest === 'number' && { longest }) });
    const types = typeof type === 'string' ? [type] : Array.isArray(type) ? (type as string[]) : [];
    return types.length === 0 ? run : (scope, context, calls) => fit(run(scope, context, calls), types, text, pointer);
  } catch (error) {
    if (!FlowError.is(error, 'CONFIG_EXPRESSION') || error.place) throw error;
    throw new FlowError('CONFIG_EXPRESSION', error.message, { cause: error, details: error.details, place: { pointer } });
  }
}

/** A value as the schema of its field wants it. */
function fit(value: unknown, types: readonly string[], text: string, pointer: string): unknown {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (types.includes(type) || (types.includes('integer') && Number.isInteger(value))) return value;
  if (types.includes('string')) return textOf(value);
  throw new FlowError('DATA_INVALID', `${text} gives ${describeValue(value)}, where ${types.join(' or ')} is needed. Use a transform that gives it, such as cast-to-number.`, { place: { pointer }, details: { expression: text } });
}

const compiledCalls = new WeakMap<DynamicCall, ReturnType<typeof createCache<CompiledTransform>>>();

async function compileCall(call: DynamicCall, scope: Scope, env: ExpressionEnv): Promise<Calls[number]> {
  const cache = compiledCalls.get(call) ?? createCache<CompiledTransform>(100);
  compiledCalls.set(call, cache);
  try {
    const settings = call.settings(scope);
    const key = JSON.stringify(settings);
    const transform = cache.get(key) ?? cache.add(key, await env.transform(call.type, settings));
    return { transform };
  } catch (error) {
    // Thrown only if the pipe is reached: it may stand after a `??` or an `&&` that does not need it.
    return { error };
  }
}
