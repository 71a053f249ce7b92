import { sortedJson, type Path } from '../sdk/index.ts';

/** What tells a record apart, as text: 1 and `1` are the same key. `undefined` where there is nothing (missing, null, empty). Of a path with several values, all of them. */
export function recordKey(path: Path, record: unknown): string | undefined {
  const values = path.singular ? [path.get(record)] : path.all(record);
  if (values.every((value) => value === undefined || value === null || value === '')) return undefined;
  const [only] = values;
  return values.length === 1 && typeof only !== 'object' ? String(only) : sortedJson(values.length === 1 ? only : values);
}
