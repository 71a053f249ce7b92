import { FlowError, type ColumnContext, type CompiledColumn } from '../sdk/index.ts';
import { ofRule } from './of-rule.ts';
import type { BoundRule } from './rule.ts';

/** A rule that is applied to record by record, compiled; or one whose values are worked on all at once. */
export type Stage = { readonly apply: (record: unknown, target: unknown, values: ColumnContext) => void; readonly rule?: undefined } | { readonly rule: BoundRule; readonly apply?: undefined };

/** Most values that a transform of columns gets in one call. */
const longestColumn = 10_000;

/**
 * Applies the stages one after the other, each to all records: what a rule finds in the target is the same as if record by record were mapped. Gives the new
 * records; in the place of one that failed is its `FlowError`.
 */
export async function mapInStages(stages: readonly Stage[], begin: (record: unknown) => unknown, records: readonly unknown[], context: ColumnContext): Promise<unknown[]> {
  const made = records.map(begin);
  for (const { apply, rule } of stages) {
    if (rule) await applyColumns(rule, records, made, context);
    else for (const [index, record] of records.entries()) if (!FlowError.is(made[index])) attempt(made, index, () => apply(record, made[index], context));
  }
  return made;
}

async function applyColumns(compiled: BoundRule, records: readonly unknown[], made: unknown[], context: ColumnContext): Promise<void> {
  const { rule, chain, write } = compiled;
  const fail = (index: number, error: unknown): void => {
    if (!FlowError.is(error)) throw error;
    made[index] = ofRule(rule, error);
  };
  const { values, owners, starts } = collect(compiled, records, made, context, fail);
  const failAt = (at: number, error: unknown): void => {
    const owner = owners[at]!;
    let next = starts.get(owner)!;
    try {
      // Goes once more to where the value comes from, so that it is known in which items it stands.
      write(records[owner], made[owner], context, () => {
        if (next++ === at) throw error;
        return undefined;
      });
    } catch (placed) {
      return fail(owner, placed);
    }
    fail(owner, error);
  };
  let column: unknown[] = values;
  for (const { column: work, after } of chain.columns) {
    const given = await inParts(work, column, context).catch((error: unknown) => { throw FlowError.is(error) ? ofRule(rule, error) : error; });
    column = given.map((value, at) => {
      const owner = owners[at]!;
      if (FlowError.is(made[owner])) return undefined;
      if (FlowError.is(value)) return failAt(at, value);
      try {
        return after(value, context);
      } catch (error) {
        return failAt(at, error);
      }
    });
  }
  for (const [index, start] of starts) {
    if (FlowError.is(made[index])) continue;
    let next = start;
    attempt(made, index, () => write(records[index], made[index], context, () => column[next++]), rule);
  }
}

/** The values of a rule, of all records to which it applies, and where those of each record begin. */
function collect({ test, chain, write }: BoundRule, records: readonly unknown[], made: readonly unknown[], context: ColumnContext, fail: (index: number, error: unknown) => void) {
  const values: unknown[] = [];
  const owners: number[] = [];
  const starts = new Map<number, number>();
  for (const [index, record] of records.entries()) {
    if (FlowError.is(made[index])) continue;
    const start = values.length;
    try {
      if (test && !test(record, context)) continue;
      starts.set(index, start);
      write(record, made[index], context, (value) => {
        values.push(chain.first(value, context));
        owners.push(index);
        // What is written comes later.
        return undefined;
      });
    } catch (error) {
      values.length = owners.length = start;
      fail(index, error);
    }
  }
  return { values, owners, starts };
}

async function inParts(column: CompiledColumn, values: readonly unknown[], context: ColumnContext): Promise<readonly unknown[]> {
  const given: unknown[] = [];
  for (let at = 0; at < values.length; at += longestColumn) {
    const part = values.length <= longestColumn ? values : values.slice(at, at + longestColumn);
    for (const value of await column(part, context)) given.push(value);
  }
  return given;
}

function attempt(made: unknown[], index: number, work: () => void, rule?: BoundRule['rule']): void {
  try {
    work();
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    made[index] = rule ? ofRule(rule, error) : error;
  }
}
