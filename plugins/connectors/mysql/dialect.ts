import { FlowError } from '../../sdk/index.ts';
import type { Column, Dialect, SqlClient, Table, TableName, UpsertParts } from '../sql/dialect.ts';
import { bytesOf, plain, utcOf } from '../sql/values.ts';

export const dialect: Dialect = {
  quote,
  placeholder: () => '?',
  spreadsLists: true,
  hasBackslash: true,
  writing: /\binto\s+(?:outfile|dumpfile)\b|\/\*!/i,
  reading: /^[\s(]*(?:select|with|values|table|show|describe|desc|explain)\b/i,
  mostValues: 65_535,
  begin: 'start transaction', commit: 'commit', rollback: 'rollback',
  save: 'savepoint patchbay', release: 'release savepoint patchbay', rollbackToSave: 'rollback to savepoint patchbay',
  upsert,
  toColumn,
  describe,
  listing: `
    select c.table_schema as \`schema\`, c.table_name as \`table\`, c.column_name as \`column\`, c.column_type as \`type\`, c.is_nullable = 'YES' as \`nullable\`, c.column_key = 'PRI' as \`key\`
    from information_schema.columns c where c.table_schema not in ('information_schema', 'mysql', 'performance_schema', 'sys')
    order by c.table_schema, c.table_name, c.ordinal_position`,
};

const longestName = 64;

function quote(name: string): string {
  if (name.includes('\0') || name.length > longestName || name.endsWith(' ')) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(name.slice(0, 100))} cannot be a name in MySQL: it has more than ${longestName} characters, ends with a space, or has the character NUL.`);
  return `\`${name.replaceAll('`', '``')}\``;
}

/** In the error of a row that is there under another key. */
export const foreignRow = 709_999;

/** Any unique index makes MySQL change the row that is there: it must be the one of the key, or a foreign one would be changed. Then the sum is too large. */
function upsert({ table, columns, keys, others, rows }: UpsertParts): string {
  const [first] = keys;
  const isOwn = keys.map((key) => `${key} <=> values(${key})`).join(' and ');
  const guard = `${first} = if(${isOwn}, ${first}, exp(${foreignRow} + length(values(${first}))))`;
  return `insert into ${table} (${columns.join(', ')}) values ${rows} on duplicate key update ${[guard, ...others.map((name) => `${name} = values(${name})`)].join(', ')}`;
}

async function describe(client: SqlClient, { schema, name }: TableName): Promise<Table | undefined> {
  const where = 'table_schema = coalesce(?, database()) and table_name = ?';
  const values = [schema ?? null, name];
  const { rows } = await client.run({
    text: `select column_name as name, data_type as type from information_schema.columns where ${where} order by ordinal_position`, values,
  });
  if (rows.length === 0) return undefined;
  const indexes = await client.run({ text: `select index_name as name, column_name as part from information_schema.statistics where non_unique = 0 and ${where}`, values });
  const uniques = Map.groupBy(indexes.rows, (row) => String(row['name']));
  const documents = await documentsOf(client, schema, name);
  const columns = (rows as unknown as readonly Column[]).map(({ name: column, type }): Column => ({ name: column, type: documents.has(column) ? 'json' : type }));
  return { columns: new Map(columns.map((column) => [column.name, column])), uniques: [...uniques.values()].map((parts) => parts.map((row) => String(row['part']))) };
}

/** Columns that hold JSON: in MariaDB these are long texts with a condition. */
async function documentsOf(client: SqlClient, schema: string | undefined, name: string): Promise<ReadonlySet<string>> {
  const { rows: [version] } = await client.run({ text: 'select version() as version', values: [] });
  if (!/mariadb/i.test(String(version?.['version']))) return new Set();
  const { rows } = await client.run({
    text: "select constraint_name as name from information_schema.check_constraints where constraint_schema = coalesce(?, database()) and table_name = ? and check_clause like 'json_valid(%'", values: [schema ?? null, name],
  });
  return new Set(rows.map((row) => String(row['name'])));
}

const ofBytes: ReadonlySet<string> = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob']);

function toColumn(value: unknown, { type }: Column): unknown {
  if (type === 'json') return JSON.stringify(value);
  if (ofBytes.has(type)) return bytesOf(value);
  if (typeof value === 'string' && (type === 'datetime' || type === 'timestamp')) return utcOf(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  // As a text, so that no digit is lost on the way through a floating point number.
  return typeof value === 'number' ? String(value) : plain(value);
}
