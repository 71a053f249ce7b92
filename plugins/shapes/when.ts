import type { Path } from '../sdk/index.ts';
import type { Times } from './comparisons.ts';
import { compileConditions, type Condition, type ConditionsContext, type Test } from './conditions.ts';
import { compileSource, readAt, type Source } from './source.ts';

/** Whether a rule applies to an item, by what its conditions read. */
export type ItemTest = (asked: readonly unknown[], times: Times) => boolean;

/** The conditions of a rule: about the whole record, or about each item of the lists that the rule goes through. */
export interface When {
  readonly whole?: Test;
  readonly item?: { readonly asked: readonly Source[]; readonly test: ItemTest };
}

/**
 * Compiles the conditions of a rule. A field that goes through the same list as a source, or through one where no source does, is that of the item; `lists`: lists of
 * the target. Fails with `CONFIG_INVALID` or `CONFIG_PATH`.
 */
export function compileWhen(conditions: readonly Condition[] | undefined, rule: { readonly sources: readonly Source[]; readonly lists: number }, context: ConditionsContext, pointer: string): When {
  if (!conditions?.length) return {};
  const fields: Source[] = [];
  const path = (query: string): Path => {
    const field = compileSource(query, context, pointer);
    const own = sharedOf(field, rule);
    const at = fields.push(own === field.levels.length ? field : { levels: field.levels.slice(0, own), rest: readAt(field, own) }) - 1;
    return slot(at, own === field.levels.length, context.path(query));
  };
  const { covered } = context;
  const holds = compileConditions(conditions, { path, ...(covered && { covered }) }, pointer);
  const test: Test = covered ? (asked, times) => holds(asked, times) || (covered(pointer.replace(/\/when$/, ''), 'skipped'), false) : holds;
  if (fields.some(({ levels }) => levels.length > 0)) return { item: { asked: fields, test } };
  return { whole: (record, times) => test(fields.map(({ rest }) => rest(record)), times) };
}

/** How many of its lists the rule goes through, too; what further ones have is read at once. */
function sharedOf({ levels }: Source, { sources, lists }: { readonly sources: readonly Source[]; readonly lists: number }): number {
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
