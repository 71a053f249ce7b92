import { FlowError, type Payload, withChanges } from '../../sdk/index.ts';
import type { Column, Dialect, SqlClient, Table, TableName } from './dialect.ts';

/** Records of a payload: the items of a list, else the document itself. */
export async function recordsOf(payload: Payload): Promise<readonly unknown[]> {
  const document = await payload.json();
  return Array.isArray(document) ? document : [document];
}

/** Columns and the values that are bound for them. */
export interface Encoded {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

export interface Mapping {
  /** Column → field of the record; without it each field is the column of its name. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  /** Columns that must have a value. */
  readonly keys: readonly string[];
  /** Fields that no column has are left out. */
  readonly ignoresUnknown: boolean;
}

/** The table, as it was when the connection first asked for it or for a column that was not there then. Fails with `CONFIG_INVALID`. */
export async function describeTable(client: SqlClient, dialect: Dialect, name: TableName, wanted: ReadonlySet<string>): Promise<Table> {
  const id = JSON.stringify([name.schema, name.name]);
  const known = client.kept.tables.get(id);
  if (known && [...wanted].every((column) => known.columns.has(column))) return known;
  const table = await dialect.describe(client, name);
  if (!table) throw new FlowError('CONFIG_INVALID', `There is no table ${shown(name)}, or it is not for this user.`, { remedy: 'Correct the name, as it stands in the database with its capitals; the endpoint "tables" lists those that there are.' });
  client.kept.tables.set(id, table);
  return table;
}

export const noUnique = (table: string, keys: readonly string[]): FlowError =>
  new FlowError('CONFIG_INVALID', `No unique index of the table ${JSON.stringify(table)} is over ${keys.join(', ')} alone, so that nothing keeps a row from being made twice.`, { remedy: `Make one (create unique index on it), or name the columns of another in \`keys\`.` });

/** Fails with `CONFIG_INVALID` where keys or mapped columns are none of the table's. */
export function checkMapping(table: Table, name: TableName, { columns = {}, keys }: Mapping): void {
  for (const column of [...keys, ...Object.keys(columns)]) {
    if (!table.columns.has(column)) throw new FlowError('CONFIG_INVALID', `The table ${shown(name)} has no column ${JSON.stringify(column)}; there are ${[...table.columns.keys()].join(', ')}.`, { details: { column } });
  }
}

/** A record as values for columns. Fails with `DATA_INVALID`. */
export function encode(dialect: Dialect, table: Table, name: TableName, mapping: Mapping, record: unknown): Encoded {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) throw new FlowError('DATA_INVALID', `A record for the table ${shown(name)} must be an object.`);
  const fields = record as Readonly<Record<string, unknown>>;
  const pairs = mapping.columns ? Object.entries(mapping.columns) : Object.keys(fields).map((field) => [field, field] as const);
  const columns: string[] = [];
  const values: unknown[] = [];
  for (const [column, field] of pairs) {
    if (!Object.hasOwn(fields, field) || fields[field] === undefined) continue;
    const known = table.columns.get(column);
    if (!known) {
      if (mapping.ignoresUnknown) continue;
      throw new FlowError('DATA_INVALID', `The record has a field ${JSON.stringify(field)}, but the table ${shown(name)} has no such column; there are ${[...table.columns.keys()].join(', ')}.`, { details: { field }, remedy: 'Take the field out in a map, name the columns in `columns`, or set `ignoreUnknown`.' });
    }
    columns.push(column);
    values.push(toColumn(dialect, known, fields[field]));
  }
  for (const key of mapping.keys) {
    const value = values[columns.indexOf(key)];
    if (value === undefined || value === null) throw new FlowError('DATA_INVALID', `The record has no value for the key ${JSON.stringify(key)}, by which its row is found.`, { details: { column: key } });
  }
  if (columns.length === 0) throw new FlowError('DATA_INVALID', `The record has no field that is a column of the table ${shown(name)}.`);
  return { columns, values };
}

const shown = ({ schema, name }: TableName): string => JSON.stringify(schema === undefined ? name : `${schema}.${name}`);

function toColumn(dialect: Dialect, column: Column, value: unknown): unknown {
  try {
    return value === null ? null : dialect.toColumn(value, column);
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw withChanges(error, { message: `${JSON.stringify(column.name)} (${column.type}): ${error.message}`, details: { column: column.name } });
  }
}
