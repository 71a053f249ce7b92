import { isObject, pointerOf } from './json.ts';
import { report, type LintContext } from './lint-world.ts';
import { lookupTypes, valueOfCell, type LookupType } from './lookup-file.ts';

/** Checks the settings of a lookup as far as they are some; what its columns are says only the CSV file. */
export function lintLookup(context: LintContext, id: string, { key, value, otherwise, default: row, columns }: Readonly<Record<string, unknown>>): void {
  if (!context.world.lookups.includes(id)) report(context, 'CONFIG_UNKNOWN_LOOKUP', '', `There is no lookup ${JSON.stringify(id)} that these settings could be for.`, { fix: `Create \`lookups/${id}.csv\`, or rename this file.` });
  if (Array.isArray(key) && key.includes(value)) report(context, 'CONFIG_INVALID', '/value', `The column ${JSON.stringify(value)} is a key, and cannot be what is given.`, { fix: 'Name another column, or leave it out.' });
  if (otherwise === 'default' && row === undefined) report(context, 'CONFIG_INVALID', '/otherwise', 'There is no default row.', { fix: 'Write it as `default`: {"column": value}.' });
  if (row !== undefined && otherwise !== 'default') report(context, 'CONFIG_INVALID', '/default', 'The default row is never given.', { severity: 'warning', key: true, fix: 'Write `"otherwise": "default"`, or remove it.' });
  for (const [name, given] of Object.entries(isObject(row) ? row : {})) {
    const column = isObject(columns) && Object.hasOwn(columns, name) ? columns[name] : undefined;
    const type = isObject(column) && lookupTypes.includes(column['type'] as LookupType) ? (column['type'] as LookupType) : 'string';
    if (!isOfType(type, given)) report(context, 'CONFIG_INVALID', pointerOf(['default', name]), `The default of the column ${JSON.stringify(name)} is not of its type, which is "${type}".`, { fix: 'Correct the value, or the type of the column.' });
  }
}

function isOfType(type: LookupType, given: unknown): boolean {
  if (given === null) return true;
  if (type === 'number' || type === 'boolean') return typeof given === type;
  return typeof given === 'string' && valueOfCell(type, given).fault === undefined;
}
