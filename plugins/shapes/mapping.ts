import { FlowError, type ColumnContext, type CompiledTransform, type RuleTransform, type StepContext, type ValueContext, withChanges } from '../sdk/index.ts';
import { mapInStages, type Stage } from './columns.ts';
import { listMakers, nameOf } from './list-makers.ts';
import { atItem, ofRule } from './of-rule.ts';
import { everyItem, restOf, stepsOf, type Place } from './pass-through.ts';
import { hasExpression, perSettings } from './records.ts';
import { compileRule, type BoundRule, type Chain, type CompiledRule, type Rule, type RuleContext } from './rule.ts';
import { emptyObject } from './target.ts';

export type { Rule } from './rule.ts';

/** Makes records of others. */
export interface Mapping {
  /** One record; absent where a rule works on columns. */
  readonly each?: (record: unknown, context: ValueContext) => unknown;
  /** In the place of a record that failed is its `FlowError`. */
  all(records: readonly unknown[], context: ColumnContext): Promise<readonly unknown[]>;
}

export interface MappingSettings {
  /** Name of a mapping file whose rules come before these. */
  readonly map?: string;
  readonly rules: readonly Rule[];
  /** A new record begins with what no rule takes of the old one. */
  readonly passThrough?: boolean;
}

type MappingContext = Pick<StepContext, 'path' | 'ruleTransform' | 'map' | 'covered'>;

/**
 * Compiles rules to one function. The n-th `[*]` of a target is bound to the n-th of its sources: item i of the one list is made of item i of the other. A source
 * with fewer is repeated for each item, one with more gives a list. Fails with `CONFIG_PATH`, `CONFIG_INVALID`, `CONFIG_UNKNOWN_PLUGIN`, `CONFIG_NOT_FOUND`,
 * `CONFIG_CYCLE`; `place.pointer` is relative to the settings, unless the place names a file. The function that it gives takes the rules with what their expressions gave for a payload.
 */
export async function compileMapping({ map, rules, passThrough = false }: MappingSettings, context: MappingContext): Promise<(rules: readonly Rule[]) => Promise<Mapping>> {
  const files = mapFiles(context);
  const base = map === undefined ? undefined : await files.rulesOf(map).catch((error: unknown) => { throw placedAt(error, { pointer: '/map' }); });
  const areOpen = rules.map(hasExpression);
  const compilers = rules.map((rule, index) => perSettings(rule, (current) => compileRule(current, files.context, `/rules/${index}`), areOpen[index]));
  // What needs no payload must not wait for one to fail.
  await Promise.all(compilers.map((compile, index) => (areOpen[index] ? undefined : compile(rules[index]!))));
  return perSettings(rules, async (current) => mapping([...(base?.compiled ?? []), ...await Promise.all(compilers.map((compile, index) => compile(current[index]!)))], passThrough || base?.passThrough === true), areOpen.includes(true));
}

function mapping(compiled: readonly CompiledRule[], passThrough: boolean): Mapping {
  const targets = compiled.map(({ rule }) => stepsOf(rule.to));
  const empty = passThrough ? restOf(compiled.map(({ rule }) => rule)) : emptyObject(new Set(targets.map(([name]) => name)).size);
  const isRefused = withoutFields(compiled.flatMap(({ rule: { from } }) => (from === undefined ? [] : [from].flat())));
  const begin = (record: unknown): unknown => (isRefused(record) ? noRecord(record) : empty(record));
  const rules = inOrder(compiled.map((one, index): CompiledRule => (targets.some((other) => isBelow(other, targets[index]!)) ? { ...one, chain: owning(one.chain) } : one)), targets);
  if (rules.some(({ rule, isShell }) => !isShell && rule.chain.columns.length > 0)) {
    const stages = rules.map(({ rule, isShell }): Stage => (!isShell && rule.chain.columns.length > 0 ? { rule } : { apply: applied(rule, isShell) }));
    return { all: (records, context) => mapInStages(stages, begin, records, context) };
  }
  const all = rules.map(({ rule, isShell }) => applied(rule, isShell));
  const each = (record: unknown, values: ValueContext): unknown => {
    if (isRefused(record)) throw noRecord(record);
    const target = empty(record);
    for (const apply of all) apply(record, target, values);
    return target;
  };
  return { each, all: (records, context) => mapInStages(all.map((apply) => ({ apply })), begin, records, context) };
}

interface Turn {
  readonly rule: BoundRule;
  /** It makes the items of its lists, and writes nothing into them yet. */
  readonly isShell: boolean;
}

/** The rules in their order. What is repeated for each item of a list finds all of them, also those of a rule that comes later. */
function inOrder(compiled: readonly CompiledRule[], targets: readonly Place[]): readonly Turn[] {
  const makers = listMakers(compiled.map(({ made }, index) => ({ made, target: targets[index]! })));
  const bound = compiled.map((one, index): BoundRule => ({ ...one, write: one.writer((level) => !makers.hasOther(listOf(targets[index]!, level), index)) }));
  const lists = new Set<string>();
  const shells = new Set<number>();
  return bound.flatMap((rule, index): Turn[] => {
    const { made, stops } = compiled[index]!;
    const turns: Turn[] = [];
    for (const [level] of stops.slice(made).entries()) {
      const list = listOf(targets[index]!, made + level);
      if (lists.has(nameOf(list))) continue;
      lists.add(nameOf(list));
      for (const at of makers.through(list)) {
        if (at <= index || shells.has(at)) continue;
        shells.add(at);
        turns.push({ rule: bound[at]!, isShell: true });
      }
    }
    return [...turns, { rule, isShell: false }];
  });
}

/** The place of the n-th list that a target goes through. */
const listOf = (target: Place, level: number): Place => target.slice(0, target.flatMap((step, at) => (step === everyItem ? [at] : []))[level]);

/** Whether records have nothing that paths could find: of a text, a number or null nothing would be left where none of them is the record itself, and of a list where all of them are names. */
export function withoutFields(paths: readonly string[]): (record: unknown) => boolean {
  const areFields = paths.length > 0 && !paths.some((path) => /^\s*[$@]?\s*$/.test(path));
  const areNames = areFields && paths.every((path) => /^\s*(?:[$@]\.)?[\p{L}_]|^\s*[$@]?\[['"]/u.test(path));
  return (record) => (Array.isArray(record) ? areNames : areFields && (typeof record !== 'object' || record === null));
}

export const noRecord = (value: unknown): FlowError =>
  new FlowError('DATA_INVALID', `A record is ${value === null ? 'null' : `${JSON.stringify(value).slice(0, 60)} (${Array.isArray(value) ? 'list' : typeof value})`}, which has no fields that rules could take.`, { remedy: 'Take the value itself with a rule from "$", or filter such records out before; the records of lists within lists are named by "records".' });

/** A rule as one function. */
function applied({ rule, test, chain: { first }, write }: BoundRule, isShell: boolean): (record: unknown, target: unknown, values: ValueContext) => void {
  const change: CompiledTransform = isShell ? () => undefined : first;
  return (record, target, values) => {
    try {
      if (!test || test(record, values)) write(record, target, values, change);
    } catch (error) {
      throw FlowError.is(error) ? ofRule(rule, error) : error;
    }
  };
}

/** Whether a target lies within what is written to another. */
const isBelow = (target: Place, other: Place): boolean =>
  target.length > other.length && other.every((step, index) => meets(step, target[index]!));

const meets = (step: Place[number], other: Place[number]): boolean => step === other || (step === everyItem && typeof other === 'number') || (typeof step === 'number' && other === everyItem);

/** What is written may be a part of the source; where another rule writes into it, it must not be. */
function owning({ first, columns }: Chain): Chain {
  const own = (change: CompiledTransform): CompiledTransform => (value, values) => copyOf(change(value, values));
  const last = columns.at(-1);
  return last ? { first, columns: [...columns.slice(0, -1), { ...last, after: own(last.after) }] } : { first: own(first), columns };
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item)])) : value;
}

interface RuleSet {
  readonly compiled: readonly CompiledRule[];
  readonly passThrough: boolean;
}

/** The mapping files that rules call, each compiled once. */
function mapFiles(context: MappingContext): { rulesOf(name: string): Promise<RuleSet>; readonly context: RuleContext } {
  const known = new Map<string, Promise<RuleSet>>();
  const sound = new Set<string>();

  const checkCycles = async (name: string, callers: readonly string[]): Promise<void> => {
    if (callers.includes(name)) throw new FlowError('CONFIG_CYCLE', `The mapping ${JSON.stringify(name)} calls itself: ${[...callers.slice(callers.indexOf(name)), name].join(' → ')}.`, { remedy: 'Take the rule that calls it out of one of them.', details: { map: name } });
    if (sound.has(name)) return;
    for (const { map } of (await context.map(name)).rules as readonly Rule[]) if (map !== undefined) await checkCycles(map, [...callers, name]);
    sound.add(name);
  };
  const read = async (name: string): Promise<RuleSet> => {
    const { file, rules, passThrough } = await context.map(name);
    try {
      return { passThrough, compiled: await Promise.all((rules as readonly Rule[]).map((rule, index) => compileRule(rule, within(own, file), `/rules/${index}`))) };
    } catch (error) {
      throw placedAt(error, { file });
    }
  };
  const { covered } = context;
  const within = (outer: RuleContext, file: string): RuleContext => (covered ? { ...outer, covered: (pointer, outcome) => covered(pointer, outcome, file) } : outer);
  // Those that wait for each other would wait for ever, so that cycles are looked for first.
  const rulesOf = async (name: string): Promise<RuleSet> => {
    await checkCycles(name, []);
    const found = known.get(name) ?? read(name);
    known.set(name, found);
    return found;
  };
  const own: RuleContext = {
    path: (query) => context.path(query),
    ruleTransform: (type, settings) => context.ruleTransform(type, settings),
    mapTransform: async (name) => {
      const { compiled, passThrough } = await rulesOf(name);
      return asTransform(mapping(compiled, passThrough));
    },
    ...(context.covered && { covered: context.covered }),
  };
  return { rulesOf, context: own };
}

/** A mapping of a value of a rule: of each item, where it is a list. What is missing or null stays so. */
function asTransform({ each, all }: Mapping): RuleTransform {
  const isNothing = (value: unknown): boolean => value === undefined || value === null;
  if (each) {
    const one: CompiledTransform = (value, values) => (isNothing(value) ? value : each(value, values));
    const item = (value: unknown, index: number, values: ValueContext): unknown => {
      try {
        return one(value, values);
      } catch (error) {
        throw atItem(index, error);
      }
    };
    return { each: (value, values) => (Array.isArray(value) ? value.map((own, index) => item(own, index, values)) : one(value, values)) };
  }
  return {
    column: async (values, context) => {
      const records = values.flatMap((value) => (Array.isArray(value) ? value : [value])).filter((value) => !isNothing(value));
      const made = await all(records, context);
      let next = 0;
      const one = (value: unknown): unknown => (isNothing(value) ? value : made[next++]);
      return values.map((value) => {
        if (!Array.isArray(value)) return one(value);
        const items = value.map(one);
        const failed = items.findIndex((item) => FlowError.is(item));
        return failed === -1 ? items : atItem(failed, items[failed]);
      });
    },
  };
}

function placedAt(error: unknown, place: NonNullable<FlowError['place']>): unknown {
  if (!FlowError.is(error) || error.place?.file !== undefined || (error.place?.pointer !== undefined && place.file === undefined)) return error;
  return withChanges(error, { place: { ...error.place, ...place } });
}
