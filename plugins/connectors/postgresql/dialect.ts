import { FlowError } from '../../sdk/index.ts';
import type { Column, Dialect, SqlClient, Table, TableName } from '../sql/dialect.ts';
import { quoteTable } from '../sql/statement.ts';
import { bytesOf, plain } from '../sql/values.ts';

export const dialect: Dialect = {
  quote,
  placeholder: (index) => `$${index}`,
  spreadsLists: false,
  hasBackslash: false,
  mostValues: 65_535,
  begin: 'begin', commit: 'commit', rollback: 'rollback',
  save: 'savepoint patchbay', release: 'release savepoint patchbay', rollbackToSave: 'rollback to savepoint patchbay',
  upsert: ({ table, columns, keys, others, rows }) =>
    `insert into ${table} (${columns.join(', ')}) values ${rows} on conflict (${keys.join(', ')}) do ${others.length === 0 ? 'nothing' : `update set ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`}`,
  toColumn,
  describe,
  listing: `
    select n.nspname as schema, c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
      exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as key
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'v', 'm', 'f', 'p') and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)' and has_table_privilege(c.oid, 'select')
    order by n.nspname, c.relname, a.attnum`,
};

/** Longer names would be cut, and could then be those of another table. */
const longestName = 63;

function quote(name: string): string {
  if (name.includes('\0') || Buffer.byteLength(name) > longestName) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(name.slice(0, 100))} cannot be a name in PostgreSQL: it has more than ${longestName} bytes, or the character NUL.`);
  return `"${name.replaceAll('"', '""')}"`;
}

async function describe(client: SqlClient, name: TableName): Promise<Table | undefined> {
  const { rows } = await client.run({
    text: `
      select a.attname as name, coalesce(b.typname, t.typname) as type, t.typcategory = 'A' as "isList"
      from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type b on b.oid = t.typbasetype
      where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    values: [quoteTable(dialect, name)],
  });
  return rows.length === 0 ? undefined : { columns: new Map((rows as unknown as readonly Column[]).map((column) => [column.name, column])) };
}

function toColumn(value: unknown, { type, isList }: Column): unknown {
  if (type === 'json' || type === 'jsonb') return JSON.stringify(value);
  if (type === 'bytea') return bytesOf(value);
  if (isList && Array.isArray(value)) return value;
  return plain(value);
}
