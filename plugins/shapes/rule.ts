import { FlowError, type CompiledColumn, type CompiledTransform, type RuleTransform, type StepContext, type ValueContext } from '../sdk/index.ts';
import { compileConditions, type Condition, type Test } from './conditions.ts';
import { compileSource, readingOf, type Reading, type Source } from './source.ts';
import { listAt, parsePlace, writerAt } from './target.ts';

export interface Rule {
  readonly from?: string | readonly string[];
  readonly to: string;
  readonly transforms?: readonly { readonly type: string; readonly settings?: unknown }[];
  /** Name of a mapping file that makes a record of the value. */
  readonly map?: string;
  readonly default?: unknown;
  readonly when?: readonly Condition[];
}

export interface CompiledRule {
  readonly rule: Rule;
  /** It makes no items, but is repeated for each that there is. */
  readonly repeats: boolean;
  readonly test: Test | undefined;
  readonly chain: Chain;
  /** Writes what `change` makes of the sources to each place that the target has for them. It goes the same way however often it is called. */
  readonly write: (record: unknown, target: unknown, values: ValueContext, change: CompiledTransform) => void;
}

/** What the values of a rule go through: one after the other, then all at once, and so on. */
export interface Chain {
  readonly first: CompiledTransform;
  readonly columns: readonly { readonly column: CompiledColumn; readonly after: CompiledTransform }[];
}

export interface RuleContext extends Pick<StepContext, 'path' | 'ruleTransform'> {
  /** A mapping file as a transform. */
  mapTransform(name: string): Promise<RuleTransform>;
}

/** Fails with `CONFIG_PATH`, `CONFIG_INVALID`, `CONFIG_UNKNOWN_PLUGIN`; `pointer` is where the rule stands in the settings. */
export async function compileRule(rule: Rule, context: RuleContext, pointer: string): Promise<CompiledRule> {
  const sources = (rule.from === undefined ? [] : typeof rule.from === 'string' ? [rule.from] : rule.from).map((query, index) => compileSource(query, context, Array.isArray(rule.from) ? `${pointer}/from/${index}` : `${pointer}/from`));
  const { keys, stops } = parsePlace(rule.to, `${pointer}/to`);
  if (typeof keys[0] !== 'string' || stops[0] === 0) throw new FlowError('CONFIG_PATH', 'A rule needs the name of a field as its target.', { place: { pointer: `${pointer}/to` } });
  const chain = await compileChain(rule, context, pointer);
  const test = rule.when?.length ? compileConditions(rule.when, context, `${pointer}/when`) : undefined;
  const isPlain = stops.length === 0 && sources.every(({ lists }) => lists.length === 0);
  return { rule, test, chain, write: isPlain ? plainWrite(sources, keys) : alignedWrite(sources, keys, stops), repeats: stops.length > 0 && sources.every(({ lists }) => lists.length < stops.length) };
}

/** The same error, which says which rule it was. */
export const ofRule = ({ to, from }: Rule, error: FlowError): FlowError =>
  new FlowError(error.code, `${to}: ${error.message}`, { cause: error, details: { ...error.details, target: to, ...(from !== undefined && { source: from }) }, ...(error.place && { place: error.place }) });

/** Most rules: no list is gone through, so nothing has to be kept about where its sources stand. */
function plainWrite(sources: readonly Source[], keys: readonly (string | number)[]): CompiledRule['write'] {
  const write = writerAt(keys);
  const [only] = sources;
  const read = !only ? () => undefined : sources.length === 1 ? only.rest.get : (record: unknown) => sources.map(({ rest }) => rest.get(record));
  return (record, target, values, change) => {
    const value = change(read(record), values);
    if (value !== undefined) write(target, value);
  };
}

function alignedWrite(sources: readonly Source[], keys: readonly (string | number)[], stops: readonly number[]): CompiledRule['write'] {
  const reading = readingOf(sources);
  const write = writeBelow(keys, stops, reading, 0);
  return (record, target, values, change) => write(reading.begin(record), target, values, change);
}

function writeBelow(keys: readonly (string | number)[], stops: readonly number[], reading: Reading, level: number): CompiledRule['write'] {
  const [stop, ...more] = stops;
  const read = reading.read(level);
  if (stop === undefined) {
    const write = writerAt(keys);
    return (value, target, values, change) => {
      const made = change(read(value), values);
      if (made !== undefined) write(target, made);
    };
  }
  const list = listAt(keys.slice(0, stop));
  const open = reading.open(level);
  const write = writeItem(keys.slice(stop), more.map((other) => other - stop), reading, level + 1);
  return (value, target, values, change) => {
    const into = list(target);
    const items = open?.(value);
    const length = items ? items.length : Math.max(into.length, 1);
    for (let index = 0; index < length; index++) write(into, index, items ? items[index] : value, values, change);
  };
}

type WriteItem = (into: unknown[], index: number, value: unknown, values: ValueContext, change: CompiledTransform) => void;

function writeItem(keys: readonly (string | number)[], stops: readonly number[], reading: Reading, level: number): WriteItem {
  if (keys.length === 0 && stops.length === 0) {
    const read = reading.read(level);
    return (into, index, value, values, change) => void (into[index] = change(read(value), values) ?? null);
  }
  const write = writeBelow(keys, stops, reading, level);
  const isItem = stops[0] === 0 ? Array.isArray : isRecord;
  return (into, index, value, values, change) => {
    if (!isItem(into[index])) into[index] = isItem === isRecord ? {} : [];
    write(value, into[index], values, change);
  };
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

async function compileChain(rule: Rule, context: RuleContext, pointer: string): Promise<Chain> {
  const transforms = await Promise.all((rule.transforms ?? []).map(({ type, settings }, index) => below(`${pointer}/transforms/${index}`, '/settings', () => context.ruleTransform(type, settings ?? {}))));
  if (rule.map !== undefined) transforms.push(await below(`${pointer}/map`, '', () => context.mapTransform(rule.map!)));
  const links: CompiledTransform[][] = [[]];
  const columns: CompiledColumn[] = [];
  for (const { each, column } of transforms) {
    if (each) links.at(-1)!.push(each);
    else {
      links.push([]);
      columns.push(column);
    }
  }
  const { default: fallback } = rule;
  if (fallback !== undefined && fallback !== null) links.at(-1)!.push((value) => value ?? fallback);
  const [first, ...others] = links.map(compose);
  return { first: first!, columns: columns.map((column, index) => ({ column, after: others[index]! })) };
}

/** Transforms as one. */
function compose(chain: readonly CompiledTransform[]): CompiledTransform {
  const [first, second] = chain;
  if (!first) return (value) => value;
  if (!second) return first;
  if (chain.length === 2) return (value, values) => second(first(value, values), values);
  return (value, values) => {
    let current = value;
    for (const transform of chain) current = transform(current, values);
    return current;
  };
}

async function below<T>(pointer: string, within: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!FlowError.is(error) || error.place?.file !== undefined) throw error;
    throw new FlowError(error.code, error.message, { cause: error, details: error.details, place: { ...error.place, pointer: `${pointer}${error.place?.pointer === undefined ? '' : `${within}${error.place.pointer}`}` } });
  }
}
