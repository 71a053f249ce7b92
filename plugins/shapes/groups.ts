import { sortedJson, valueAt, type Path } from '../sdk/index.ts';

/** Records that have the same values in some fields: what a rule of a grouping map reads. */
export interface Group {
  /** The value of the field; of several fields, the list of their values. Null where there is none. */
  readonly key: unknown;
  readonly count: number;
  readonly records: readonly unknown[];
}

/** Groups in the order of their first records. Values are the same where their JSON is, in whatever order the fields come: 1 and `"1"` are not. */
export function groupRecords(fields: readonly Path[], records: readonly unknown[]): readonly Group[] {
  const groups = new Map<string, { readonly key: unknown; readonly records: unknown[] }>();
  for (const record of records) {
    const values = fields.map((field) => valueAt(field, record) ?? null);
    const key = values.length === 1 ? values[0] : values;
    const name = sortedJson(key);
    const group = groups.get(name);
    if (group) group.records.push(record);
    else groups.set(name, { key, records: [record] });
  }
  return [...groups.values()].map(({ key, records: own }) => ({ key, count: own.length, records: own }));
}
