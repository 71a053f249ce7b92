import { FlowError, type CompiledTransform, type OpenContext, type Path, type ValueContext } from '../sdk/index.ts';
import { compileConditions, type Condition, type Test } from './conditions.ts';
import { hasExpression, perSettings } from './records.ts';
import { listAt, parsePlace, writerAt } from './target.ts';

export interface Rule {
  readonly from?: string | readonly string[];
  readonly to: string;
  readonly transforms?: readonly { readonly type: string; readonly settings?: unknown }[];
  readonly default?: unknown;
  readonly when?: readonly Condition[];
}

/** Maps one record to another. */
export type Mapping = (record: unknown, context: ValueContext) => unknown;

/**
 * Compiles rules to one function. The n-th `[*]` of a target is bound to the n-th of its sources: item i of the one list is made of item i of the other. A source
 * with fewer is repeated for each item, one with more gives a list. Fails with `CONFIG_PATH`, `CONFIG_INVALID`, `CONFIG_UNKNOWN_PLUGIN`; `place.pointer` is
 * relative to the settings. The function that it gives takes the rules with what their expressions gave for a payload.
 */
export async function compileMapping(rules: readonly Rule[], context: OpenContext, pointer: string): Promise<(rules: readonly Rule[]) => Promise<Mapping>> {
  const compilers = rules.map((rule, index) => perSettings(rule, (current) => compileRule(current, context, `${pointer}/${index}`)));
  // What needs no payload must not wait for one to fail.
  await Promise.all(compilers.map((compile, index) => (hasExpression(rules[index]) ? undefined : compile(rules[index]!))));
  return perSettings(rules, async (current) => mapping(await Promise.all(compilers.map((compile, index) => compile(current[index]!)))));
}

function mapping(compiled: readonly CompiledRule[]): Mapping {
  // What is repeated for each item of a list comes after what makes the items.
  const ordered = [...compiled.filter((rule) => !rule.repeats), ...compiled.filter((rule) => rule.repeats)];
  return (record, values) => {
    const target: Record<string, unknown> = {};
    for (const rule of ordered) rule.apply(record, target, values);
    return target;
  };
}

interface CompiledRule {
  readonly repeats: boolean;
  apply(record: unknown, target: unknown, values: ValueContext): void;
}

async function compileRule(rule: Rule, context: OpenContext, pointer: string): Promise<CompiledRule> {
  const sources = (rule.from === undefined ? [] : typeof rule.from === 'string' ? [rule.from] : rule.from).map((query, index) => compileSource(query, context, Array.isArray(rule.from) ? `${pointer}/from/${index}` : `${pointer}/from`));
  const { keys, stops } = parsePlace(rule.to, `${pointer}/to`);
  if (keys.length === 0) throw new FlowError('CONFIG_PATH', 'A rule needs the name of a field as its target.', { place: { pointer: `${pointer}/to` } });
  const chain = await compileChain(rule, context, pointer);
  const test = rule.when?.length ? compileConditions(rule.when, context, `${pointer}/when`) : undefined;
  const isPlain = stops.length === 0 && sources.every(({ lists }) => lists.length === 0);
  const apply = isPlain ? plainRule(sources, chain, rule.default, keys) : alignedRule(sources, chain, rule.default, { keys, stops });
  return { repeats: stops.length > 0 && sources.every(({ lists }) => lists.length < stops.length), apply: guarded(rule, test, apply) };
}

/** Most rules: no list is gone through, so nothing has to be kept about where its sources stand. */
function plainRule(sources: readonly Source[], chain: readonly CompiledTransform[], fallback: unknown, keys: readonly (string | number)[]): CompiledRule['apply'] {
  const write = writerAt(keys);
  const [only] = sources;
  const read = !only ? () => undefined : sources.length === 1 ? only.rest.get : (record: unknown) => sources.map(({ rest }) => rest.get(record));
  const change = compose(chain, fallback);
  return (record, target, values) => {
    const value = change(read(record), values);
    if (value !== undefined) write(target, value);
  };
}

function alignedRule(sources: readonly Source[], chain: readonly CompiledTransform[], fallback: unknown, { keys, stops }: ReturnType<typeof parsePlace>): CompiledRule['apply'] {
  const change = compose(chain, fallback);
  const read = sources.length === 0 ? () => undefined : sources.length === 1 ? (cursors: readonly Cursor[]) => readAt(cursors[0] as Cursor) : (cursors: readonly Cursor[]) => cursors.map(readAt);
  const write = compileWrite(keys, stops, (cursors, values) => change(read(cursors), values));
  return (record, target, values) => write(record, sources.map((source) => ({ source, value: record, depth: 0 })), target, values);
}

/** The transforms as one, with the default. */
function compose(chain: readonly CompiledTransform[], fallback: unknown): CompiledTransform {
  const [first] = chain;
  const change: CompiledTransform = !first ? (value) => value : chain.length === 1 ? first : (value, values) => chain.reduce((current, transform) => transform(current, values), value);
  return fallback === undefined || fallback === null ? change : (value, values) => change(value, values) ?? fallback;
}

/** Says in each error of a rule which rule it was. */
function guarded(rule: Rule, test: Test | undefined, apply: CompiledRule['apply']): CompiledRule['apply'] {
  return (record, target, values) => {
    if (test && !test(record, values)) return;
    try {
      apply(record, target, values);
    } catch (error) {
      if (!FlowError.is(error)) throw error;
      throw new FlowError(error.code, `${rule.to}: ${error.message}`, { cause: error, details: { ...error.details, target: rule.to, ...(rule.from !== undefined && { source: rule.from }) }, ...(error.place && { place: error.place }) });
    }
  };
}

interface Source {
  /** Paths of the lists that are gone through, one below the other. */
  readonly lists: readonly Path[];
  /** What stands below the last of them. */
  readonly rest: Path;
  /** What stands below each list, with all lists after it flat. */
  readonly flat: readonly Path[];
}

/** Where a source stands while lists are gone through. */
interface Cursor {
  readonly source: Source;
  readonly value: unknown;
  /** Lists that were gone into. */
  readonly depth: number;
}

function compileSource(query: string, context: OpenContext, pointer: string): Source {
  const parts = splitAtStars(query);
  try {
    const plain = context.path(query);
    if (plain.singular || parts.length === 1 || plain.query.includes('..')) return { lists: [], rest: plain, flat: [plain] };
    const below = (index: number): string => parts.slice(index).map((part, at) => (at === 0 ? part.replace(/^\./, '') : `[*]${part}`)).join('');
    return {
      lists: parts.slice(0, -1).map((part, index) => context.path(index === 0 ? part : part.replace(/^\./, ''))),
      rest: context.path((parts.at(-1) ?? '').replace(/^\./, '')),
      flat: parts.map((_, index) => context.path(below(index))),
    };
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw new FlowError(error.code, error.message, { cause: error, details: error.details, place: { pointer } });
  }
}

/** `a[*].b` → `a`, `.b`. A `[*]` within quotes is a name. */
function splitAtStars(query: string): string[] {
  const parts = [''];
  for (const [token] of query.replace(/^\$\.?/, '').matchAll(/\['(?:[^'\\]|\\.)*'\]|\["(?:[^"\\]|\\.)*"\]|\[\*\]|[^]/g)) {
    if (token === '[*]') parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

async function compileChain(rule: Rule, context: OpenContext, pointer: string): Promise<readonly CompiledTransform[]> {
  return Promise.all((rule.transforms ?? []).map(async ({ type, settings }, index) => {
    try {
      return await context.transform(type, settings ?? {});
    } catch (error) {
      if (!FlowError.is(error)) throw error;
      throw new FlowError(error.code, error.message, { cause: error, details: error.details, place: { ...error.place, pointer: `${pointer}/transforms/${index}${error.place?.pointer === undefined ? '' : `/settings${error.place.pointer}`}` } });
    }
  }));
}

type Evaluate = (cursors: readonly Cursor[], values: ValueContext) => unknown;

/** A source that has further lists below gives them flat. */
function readAt({ source, value, depth }: Cursor): unknown {
  if (depth === source.lists.length) return source.rest.get(value);
  return source.flat[depth]?.all(value);
}

type Write = (record: unknown, cursors: readonly Cursor[], target: unknown, values: ValueContext) => void;

function compileWrite(keys: readonly (string | number)[], stops: readonly number[], evaluate: Evaluate): Write {
  const [stop, ...more] = stops;
  if (stop === undefined) {
    const write = writerAt(keys);
    return (_record, cursors, target, values) => {
      const value = evaluate(cursors, values);
      if (value !== undefined) write(target, value);
    };
  }
  const list = listAt(keys.slice(0, stop));
  const below = keys.slice(stop);
  const inner = below.length === 0 && more.length === 0 ? undefined : compileWrite(below, more.map((other) => other - stop), evaluate);
  return (record, cursors, target, values) => {
    const items = cursors.map(listOf);
    const lengths = items.filter((item) => item !== undefined).map((item) => item.length);
    const into = list(target);
    const length = lengths.length > 0 ? Math.max(...lengths) : Math.max(into.length, 1);
    for (let index = 0; index < length; index++) {
      const next = cursors.map((cursor, at): Cursor => (items[at] ? { source: cursor.source, value: items[at][index], depth: cursor.depth + 1 } : cursor));
      if (!inner) into[index] = evaluate(next, values) ?? null;
      else inner(record, next, (into[index] ??= {}), values);
    }
  };
}

/** The items that a source goes through here; `undefined` where it is repeated. What is no list is one item. */
function listOf({ source, value, depth }: Cursor): readonly unknown[] | undefined {
  const path = source.lists[depth];
  if (!path) return undefined;
  const found = path.get(value);
  return Array.isArray(found) ? found : found === undefined || found === null ? [] : [found];
}
