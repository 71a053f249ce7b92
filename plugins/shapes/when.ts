import type { Path } from '../sdk/index.ts';
import type { Times } from './comparisons.ts';
import { allOf, compileCondition, type Condition, type ConditionsContext, type Test } from './conditions.ts';
import { compileSource, readAt, type Asking, type Gathering, type Source } from './source.ts';

/** Whether a rule applies to an item, by what its conditions read. */
export type ItemTest = (asked: readonly unknown[], times: Times) => boolean;

/** The conditions of a rule, each at the place that it is about: the whole record, each item of the lists that the rule goes through, each item that a source gathers. */
export interface When extends Asking {
  readonly whole?: Test;
  readonly item?: ItemTest;
}

interface Rule {
  readonly sources: readonly Source[];
  /** Lists of the target. */
  readonly lists: number;
}

/**
 * Compiles the conditions of a rule. A field that goes through the same list as a source, or through one of the target where no source does, is that of the item. A
 * condition with a field that goes through a list of a source for which the target has none is about what that source gathers, and about nothing else. Fails with
 * `CONFIG_INVALID` or `CONFIG_PATH`.
 */
export function compileWhen(conditions: readonly Condition[] = [], rule: Rule, context: ConditionsContext, pointer: string): When {
  if (conditions.length === 0) return { asked: [], gathered: [] };
  const { sources, lists } = rule;
  const asked: Source[] = [];
  const { covered } = context;
  const compile = (indexes: readonly number[], slotOf: (field: Source) => Slot): Test => {
    const path = (query: string): Path => {
      const { at, isOne } = slotOf(compileSource(query, context, pointer));
      return slot(at, isOne, context.path(query));
    };
    return allOf(indexes.map((index) => compileCondition(conditions[index]!, { path, ...(covered && { covered }) }, `${pointer}/${index}`)));
  };
  /** The slot of a field in a list, cut where the lists that the rule does not go through begin. */
  const slotIn = (fields: Source[]) => (field: Source): Slot => {
    const own = sharedOf(field, rule);
    const isOne = own === field.levels.length;
    return { isOne, at: fields.push(isOne ? field : { levels: field.levels.slice(0, own), rest: readAt(field, own) }) - 1 };
  };
  const gathering = (indexes: readonly number[], source: Source): Gathering => {
    const below: Gathering['below'][number][] = [];
    const beside: Gathering['beside'][number][] = [];
    const test = compile(indexes, (field) => {
      const at = below.length + beside.length;
      const depth = inCommon(field, source);
      if (depth > lists) {
        below.push({ slot: at, depth, read: readAt(field, depth) });
        return { at, isOne: depth === field.levels.length };
      }
      const own = slotIn(asked)(field);
      beside.push({ slot: at, asked: own.at, read: asked[own.at]!.rest });
      return { ...own, at };
    });
    return { below, beside, test };
  };
  const places = placesOf(conditions.map((_, index) => {
    const fields: Source[] = [];
    compile([index], (field) => ({ isOne: field.levels.length === 0, at: fields.push(field) - 1 }));
    return fields;
  }), rule);
  const skipping = (test: Test): Test => (covered ? (values, times) => test(values, times) || (covered(pointer.replace(/\/when$/, ''), 'skipped'), false) : test);
  const fields: Source[] = [];
  const whole = skipping(compile(places.whole, slotIn(fields)));
  return {
    ...(places.whole.length > 0 && { whole: (record, times) => whole(fields.map(({ rest }) => rest(record)), times) }),
    ...(places.item.length > 0 && { item: skipping(compile(places.item, slotIn(asked))) }),
    gathered: places.gathered.map((indexes, at) => (indexes.length > 0 ? gathering(indexes, sources[at]!) : undefined)), asked,
  };
}

interface Slot {
  readonly at: number;
  /** Nothing that it goes through is left to be read at once. */
  readonly isOne: boolean;
}

/** Numbers of the conditions that are about each place, by their fields. Of what is gathered: for each source. */
function placesOf(conditions: readonly (readonly Source[])[], rule: Rule): { readonly whole: readonly number[]; readonly item: readonly number[]; readonly gathered: readonly (readonly number[])[] } {
  const gathered = rule.sources.map((source) => conditions.flatMap((fields, index) => (fields.some((field) => inCommon(field, source) > rule.lists) ? [index] : [])));
  const others = [...conditions.keys()].filter((index) => !gathered.some((indexes) => indexes.includes(index)));
  const isOfItems = (index: number): boolean => conditions[index]!.some((field) => sharedOf(field, rule) > 0);
  return { gathered, item: others.filter(isOfItems), whole: others.filter((index) => !isOfItems(index)) };
}

/** How many lists two paths go through together. */
function inCommon({ levels }: Source, other: Source): number {
  const at = levels.findIndex(({ name }, level) => other.levels[level]?.name !== name);
  return at < 0 ? levels.length : at;
}

/** How many of its lists the rule goes through, too; what further ones have is read at once. */
function sharedOf({ levels }: Source, { sources, lists }: Rule): number {
  const other = levels.findIndex(({ name }, level) => {
    const names = sources.flatMap((source) => source.levels[level]?.name ?? []);
    return level >= lists || (names.length > 0 && !names.includes(name));
  });
  return other < 0 ? levels.length : other;
}

/** Reads one of the values that the fields of conditions gave. */
function slot(at: number, singular: boolean, { query, places, set }: Path): Path {
  const get = (values: unknown): unknown => (values as readonly unknown[])[at];
  if (singular) return { query, places, set, singular, get, all: (values) => [get(values)] };
  const all = (values: unknown): unknown[] => (get(values) ?? []) as unknown[];
  return { query, places, set, singular, get: (values) => all(values)[0], all };
}
