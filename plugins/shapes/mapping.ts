import { FlowError, type CompiledTransform, type OpenContext, type ValueContext } from '../sdk/index.ts';
import { compileConditions, type Condition, type Test } from './conditions.ts';
import { everyItem, restOf, stepsOf } from './pass-through.ts';
import { hasExpression, perSettings } from './records.ts';
import { compileSource, listOf, readAt, type Cursor, type Source } from './source.ts';
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

/** `passThrough`: the new record begins with what no rule takes of the old one. */
export interface MappingOptions {
  readonly passThrough?: boolean;
}

/**
 * Compiles rules to one function. The n-th `[*]` of a target is bound to the n-th of its sources: item i of the one list is made of item i of the other. A source
 * with fewer is repeated for each item, one with more gives a list. Fails with `CONFIG_PATH`, `CONFIG_INVALID`, `CONFIG_UNKNOWN_PLUGIN`; `place.pointer` is
 * relative to the settings. The function that it gives takes the rules with what their expressions gave for a payload.
 */
export async function compileMapping(rules: readonly Rule[], context: OpenContext, pointer: string, options: MappingOptions = {}): Promise<(rules: readonly Rule[]) => Promise<Mapping>> {
  const compilers = rules.map((rule, index) => perSettings(rule, (current) => compileRule(current, context, `${pointer}/${index}`)));
  // What needs no payload must not wait for one to fail.
  await Promise.all(compilers.map((compile, index) => (hasExpression(rules[index]) ? undefined : compile(rules[index]!))));
  return perSettings(rules, async (current) => mapping(await Promise.all(compilers.map((compile, index) => compile(current[index]!))), options));
}

function mapping(compiled: readonly CompiledRule[], { passThrough = false }: MappingOptions): Mapping {
  const begin = passThrough ? restOf(compiled.map(({ rule }) => rule)) : () => ({});
  const targets = compiled.map(({ rule }) => stepsOf(rule.to));
  const rules = compiled.map((one, index) => ({ ...one, change: targets.some((other) => isBelow(other, targets[index]!)) ? owning(one.change) : one.change }));
  // What is repeated for each item of a list comes after what makes the items.
  const applied = [...rules.filter(({ repeats }) => !repeats), ...rules.filter(({ repeats }) => repeats)].map(guarded);
  return (record, values) => {
    const target = begin(record);
    for (const apply of applied) apply(record, target, values);
    return target;
  };
}

interface CompiledRule {
  readonly rule: Rule;
  readonly repeats: boolean;
  readonly test: Test | undefined;
  /** The transforms as one, with the default. */
  readonly change: CompiledTransform;
  /** Writes what `change` makes of the sources to each place that the target has for them. */
  readonly write: Write;
}

type Write = (record: unknown, target: unknown, values: ValueContext, change: CompiledTransform) => void;

async function compileRule(rule: Rule, context: OpenContext, pointer: string): Promise<CompiledRule> {
  const sources = (rule.from === undefined ? [] : typeof rule.from === 'string' ? [rule.from] : rule.from).map((query, index) => compileSource(query, context, Array.isArray(rule.from) ? `${pointer}/from/${index}` : `${pointer}/from`));
  const { keys, stops } = parsePlace(rule.to, `${pointer}/to`);
  if (typeof keys[0] !== 'string' || stops[0] === 0) throw new FlowError('CONFIG_PATH', 'A rule needs the name of a field as its target.', { place: { pointer: `${pointer}/to` } });
  const change = compose(await compileChain(rule, context, pointer), rule.default);
  const test = rule.when?.length ? compileConditions(rule.when, context, `${pointer}/when`) : undefined;
  const isPlain = stops.length === 0 && sources.every(({ lists }) => lists.length === 0);
  return { rule, test, change, write: isPlain ? plainWrite(sources, keys) : alignedWrite(sources, keys, stops), repeats: stops.length > 0 && sources.every(({ lists }) => lists.length < stops.length) };
}

/** Most rules: no list is gone through, so nothing has to be kept about where its sources stand. */
function plainWrite(sources: readonly Source[], keys: readonly (string | number)[]): Write {
  const write = writerAt(keys);
  const [only] = sources;
  const read = !only ? () => undefined : sources.length === 1 ? only.rest.get : (record: unknown) => sources.map(({ rest }) => rest.get(record));
  return (record, target, values, change) => {
    const value = change(read(record), values);
    if (value !== undefined) write(target, value);
  };
}

function alignedWrite(sources: readonly Source[], keys: readonly (string | number)[], stops: readonly number[]): Write {
  const read = sources.length === 0 ? () => undefined : sources.length === 1 ? (cursors: readonly Cursor[]) => readAt(cursors[0] as Cursor) : (cursors: readonly Cursor[]) => cursors.map(readAt);
  const write = writeBelow(keys, stops, read);
  return (record, target, values, change) => write(sources.map((source) => ({ source, value: record, depth: 0 })), target, values, change);
}

/** The transforms as one, with the default. */
function compose(chain: readonly CompiledTransform[], fallback: unknown): CompiledTransform {
  const [first] = chain;
  const change: CompiledTransform = !first ? (value) => value : chain.length === 1 ? first : (value, values) => chain.reduce((current, transform) => transform(current, values), value);
  return fallback === undefined || fallback === null ? change : (value, values) => change(value, values) ?? fallback;
}

/** Says in each error of a rule which rule it was. */
function guarded({ rule, test, change, write }: CompiledRule): (record: unknown, target: unknown, values: ValueContext) => void {
  return (record, target, values) => {
    try {
      if (!test || test(record, values)) write(record, target, values, change);
    } catch (error) {
      if (!FlowError.is(error)) throw error;
      throw new FlowError(error.code, `${rule.to}: ${error.message}`, { cause: error, details: { ...error.details, target: rule.to, ...(rule.from !== undefined && { source: rule.from }) }, ...(error.place && { place: error.place }) });
    }
  };
}

/** Whether a target lies within what is written to another. */
const isBelow = (target: ReturnType<typeof stepsOf>, other: ReturnType<typeof stepsOf>): boolean =>
  target.length > other.length && other.every((step, index) => step === target[index] || (step === everyItem && typeof target[index] === 'number') || (typeof step === 'number' && target[index] === everyItem));

/** What is written may be a part of the source; where another rule writes into it, it must not be. */
const owning = (change: CompiledTransform): CompiledTransform => (value, values) => copyOf(change(value, values));

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item)])) : value;
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

type WriteAt = (cursors: readonly Cursor[], target: unknown, values: ValueContext, change: CompiledTransform) => void;

function writeBelow(keys: readonly (string | number)[], stops: readonly number[], read: (cursors: readonly Cursor[]) => unknown): WriteAt {
  const [stop, ...more] = stops;
  if (stop === undefined) {
    const write = writerAt(keys);
    return (cursors, target, values, change) => {
      const value = change(read(cursors), values);
      if (value !== undefined) write(target, value);
    };
  }
  const list = listAt(keys.slice(0, stop));
  const below = keys.slice(stop);
  const inner = below.length === 0 && more.length === 0 ? undefined : writeBelow(below, more.map((other) => other - stop), read);
  const isItem = more[0] === stop ? Array.isArray : isRecord;
  return (cursors, target, values, change) => {
    const items = cursors.map(listOf);
    const lengths = items.filter((item) => item !== undefined).map((item) => item.length);
    const into = list(target);
    const length = lengths.length > 0 ? Math.max(...lengths) : Math.max(into.length, 1);
    for (let index = 0; index < length; index++) {
      const next = cursors.map((cursor, at): Cursor => (items[at] ? { source: cursor.source, value: items[at][index], depth: cursor.depth + 1 } : cursor));
      if (!inner) into[index] = change(read(next), values) ?? null;
      else {
        if (!isItem(into[index])) into[index] = isItem === isRecord ? {} : [];
        inner(next, into[index], values, change);
      }
    }
  };
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
