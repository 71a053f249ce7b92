import { FlowError, type CompiledColumn, type CompiledTransform, type RuleTransform, type StepContext, type ValueContext, withChanges } from '../sdk/index.ts';
import type { Condition, Test } from './conditions.ts';
import { atItem } from './of-rule.ts';
import { compileSource, readAt, readingOf, someOf, type Reading, type Source } from './source.ts';
import { findList, listAt, parsePlace, writerAt } from './target.ts';
import { compileWhen, type ItemTest } from './when.ts';

export interface Rule {
  readonly from?: string | readonly string[];
  readonly to: string;
  readonly transforms?: readonly { readonly type: string; readonly settings?: unknown }[];
  /** Name of a mapping file that makes a record of the value. */
  readonly map?: string;
  readonly default?: unknown;
  readonly when?: readonly Condition[];
}

/** A rule for itself; what it finds in the target depends on the others. */
export interface CompiledRule {
  readonly rule: Rule;
  /** Where it stands still, and where it goes through lists: after so many keys. */
  readonly keys: readonly (string | number)[];
  readonly stops: readonly number[];
  /** Lists of the target whose items it makes, from the outermost on; for those of further ones it is repeated. */
  readonly made: number;
  readonly test: Test | undefined;
  readonly chain: Chain;
  /** `isAlone`: no other rule makes the items of the n-th list of its target, so that it makes one itself where there is no list. */
  writer(isAlone: (level: number) => boolean): Write;
}

/** Writes what `change` makes of the sources to each place that the target has for them. It goes the same way however often it is called. */
export type Write = (record: unknown, target: unknown, values: ValueContext, change: CompiledTransform) => void;

/** A rule among others. */
export interface BoundRule extends Pick<CompiledRule, 'rule' | 'test' | 'chain'> {
  readonly write: Write;
}

/** What the values of a rule go through: one after the other, then all at once, and so on. */
export interface Chain {
  readonly first: CompiledTransform;
  readonly columns: readonly { readonly column: CompiledColumn; readonly after: CompiledTransform }[];
}

export interface RuleContext extends Pick<StepContext, 'path' | 'ruleTransform' | 'covered'> {
  /** A mapping file as a transform. */
  mapTransform(name: string): Promise<RuleTransform>;
}

/** Fails with `CONFIG_PATH`, `CONFIG_INVALID`, `CONFIG_UNKNOWN_PLUGIN`; `pointer` is where the rule stands in the settings. */
export async function compileRule(rule: Rule, context: RuleContext, pointer: string): Promise<CompiledRule> {
  const read = (rule.from === undefined ? [] : typeof rule.from === 'string' ? [rule.from] : rule.from).map((query, index) => compileSource(query, context, Array.isArray(rule.from) ? `${pointer}/from/${index}` : `${pointer}/from`));
  const { keys, stops } = parsePlace(rule.to, `${pointer}/to`);
  if (typeof keys[0] !== 'string' || stops[0] === 0) throw new FlowError('CONFIG_PATH', 'A rule needs the name of a field as its target.', { place: { pointer: `${pointer}/to` } });
  const isList = fillsItems(rule, read, stops.length);
  // An item that gets the default keeps its place until then.
  const sources = isList ? read.map(({ levels, rest }) => ({ levels, rest: (value: unknown) => rest(value) ?? null })) : read;
  const chain = await compileChain(rule, context, pointer, isList);
  const when = compileWhen(rule.when, { sources, lists: stops.length }, context, `${pointer}/when`);
  const made = Math.min(stops.length, Math.max(0, ...sources.map(({ levels }) => levels.length)));
  const isPlain = stops.length === 0 && when.gathered.every((gathering) => gathering === undefined);
  return { rule, keys, stops, made, test: when.whole, chain, writer: (isAlone) => (isPlain ? plainWrite(sources, keys) : alignedWrite({ keys, reading: readingOf(sources, when), test: when.item, isAlone }, stops)) };
}

/** Whether the default is that of each item of the list that the source gives. What transforms make of a list are no longer its items. */
const fillsItems = ({ transforms = [], default: fallback = null }: Rule, [source, ...more]: readonly Source[], lists: number): boolean =>
  source !== undefined && more.length === 0 && source.levels.length > lists && transforms.length === 0 && fallback !== null && !Array.isArray(fallback);

/** Most rules: the target goes through no list, and conditions leave out nothing of what is gathered. */
function plainWrite(sources: readonly Source[], keys: readonly (string | number)[]): Write {
  const write = writerAt(keys);
  const reads = sources.map((source) => readAt(source, 0));
  const [only] = reads;
  const read = !only ? () => undefined : reads.length === 1 ? only : (record: unknown) => someOf(reads.map((own) => own(record)));
  return (record, target, values, change) => {
    const made = change(read(record), values);
    if (made !== undefined) write(target, made);
  };
}

/** What a rule does with the lists of its target. */
interface Aligned {
  readonly keys: readonly (string | number)[];
  readonly reading: Reading;
  /** Asked for each item. */
  readonly test: ItemTest | undefined;
  readonly isAlone: (level: number) => boolean;
}

function alignedWrite(rule: Aligned, stops: readonly number[]): Write {
  const { begin } = rule.reading;
  const write = writeBelow(rule, stops, 0);
  return (record, target, values, change) => write(begin(record), target, values, change);
}

function writeBelow(rule: Aligned, stops: readonly number[], level: number): Write {
  const { keys, reading } = rule;
  const [stop, ...more] = stops;
  if (stop === undefined) {
    const write = writerAt(keys);
    const make = makes(rule, level);
    return (value, target, values, change) => {
      const made = make(value, values, change);
      if (made !== undefined) write(target, made);
    };
  }
  const open = reading.open(level);
  const write = writeItem({ ...rule, keys: keys.slice(stop) }, more.map((other) => other - stop), level + 1);
  if (!open) return repeated(rule, stops, level, write);
  const list = listAt(keys.slice(0, stop));
  return (value, target, values, change) => {
    const items = open(value);
    if (!items) return;
    const into = list(target);
    let index = 0;
    try {
      for (; index < items.length; index++) write(into, index, items[index], values, change);
    } catch (error) {
      throw atItem(index, error);
    }
  };
}

/** For each item that there is. */
function repeated(rule: Aligned, [stop = 0, ...more]: readonly number[], level: number, write: WriteItem): Write {
  const { keys, reading, isAlone } = rule;
  const find = findList(keys.slice(0, stop));
  const each = reading.repeat(level);
  const one = isAlone(level) ? writeBelow({ ...rule, keys: keys.toSpliced(stop, 0, 0) }, more.map((other) => other + 1), level + 1) : undefined;
  return (value, target, values, change) => {
    const into = find(target);
    const itemAt = each?.(value);
    let index = 0;
    try {
      if (one && (!into || (stop === 0 && into.length === 0))) return one(itemAt ? itemAt(0) : value, target, values, change);
      for (; index < (into?.length ?? 0); index++) write(into!, index, itemAt ? itemAt(index) : value, values, change);
    } catch (error) {
      throw atItem(index, error);
    }
  };
}

type WriteItem = (into: unknown[], index: number, value: unknown, values: ValueContext, change: CompiledTransform) => void;

function writeItem(rule: Aligned, stops: readonly number[], level: number): WriteItem {
  if (rule.keys.length === 0 && stops.length === 0) {
    const make = makes(rule, level);
    return (into, index, value, values, change) => {
      const made = make(value, values, change);
      into[index] = made === undefined ? (into[index] ?? null) : made;
    };
  }
  const write = writeBelow(rule, stops, level);
  const isItem = stops[0] === 0 ? Array.isArray : isRecord;
  return (into, index, value, values, change) => {
    if (!isItem(into[index])) into[index] = isItem === isRecord ? {} : [];
    write(value, into[index], values, change);
  };
}

/** The value of a place; `undefined` where nothing is written. */
function makes({ reading, test }: Aligned, level: number): (value: unknown, values: ValueContext, change: CompiledTransform) => unknown {
  const read = reading.read(level);
  if (!test) return (value, values, change) => change(read(value, values), values);
  const ask = reading.ask(level);
  return (value, values, change) => (test(ask(value), values) ? change(read(value, values), values) : undefined);
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

async function compileChain(rule: Rule, context: RuleContext, pointer: string, fillsItems: boolean): Promise<Chain> {
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
  const { default: fallback = null } = rule;
  const { covered } = context;
  if (covered) links.at(-1)!.push((value) => { for (const outcome of outcomesOf(value, fillsItems)) covered(pointer, outcome === 'nothing' && fallback !== null ? 'default' : outcome); return value; });
  if (fallback !== null) links.at(-1)!.push(fillsItems ? (value) => (Array.isArray(value) ? value.map((item: unknown) => item ?? fallback) : value ?? fallback) : (value) => value ?? fallback);
  const [first, ...others] = links.map(compose);
  return { first: first!, columns: columns.map((column, index) => ({ column, after: others[index]! })) };
}

function outcomesOf(value: unknown, isOfItems: boolean): readonly ('value' | 'nothing')[] {
  const outcome = (one: unknown) => ((one ?? null) === null ? 'nothing' : 'value');
  return isOfItems && Array.isArray(value) && value.length > 0 ? [...new Set(value.map(outcome))] : [outcome(value)];
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
    throw withChanges(error, { place: { ...error.place, pointer: `${pointer}${error.place?.pointer === undefined ? '' : `${within}${error.place.pointer}`}` } });
  }
}
