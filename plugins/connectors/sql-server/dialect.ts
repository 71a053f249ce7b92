import { FlowError, isNumeric, plainText, withoutExponent } from '../../sdk/index.ts';
import type { Column, Dialect, SqlClient, Table, TableName, UpsertParts } from '../sql/dialect.ts';
import { quoteTable } from '../sql/statement.ts';
import { bytesOf, plain, utcOf } from '../sql/values.ts';

export const dialect: Dialect = {
  quote,
  placeholder,
  spreadsLists: true,
  hasBackslash: false,
  hasBrackets: true,
  // Statements need no semicolon between them: what ends the transaction, or begins another, would keep what it writes.
  // So would a text that is run, also by a procedure that a variable names; a variable before an equals sign takes what the procedure returns.
  writing: /(?<![\w@#$])(?:(?:commit|rollback|begin\s+(?:distributed\s+)?tran(?:saction)?|sp_executesql|sp_prepexec|xp_cmdshell)(?![\w@#$])|exec(?:ute)?(?:\s*\(|\s+(?:@[^\s=]+\s*=\s*)?@(?![^\s=]*\s*=)[^\s=]*))/i,
  writingNames: /\[(?:sp_executesql|sp_prepexec|xp_cmdshell)\s*\]|"(?:sp_executesql|sp_prepexec|xp_cmdshell)\s*"/i,
  // 2,100 with those of the driver.
  mostValues: 2_000,
  mostRows: 1_000,
  begin: 'begin transaction', commit: 'commit transaction', rollback: 'if @@trancount > 0 rollback transaction',
  save: 'save transaction patchbay', release: '', rollbackToSave: 'rollback transaction patchbay',
  // What cannot be converted ends the transaction.
  alive: 'select case when xact_state() = 1 then 1 else 0 end as alive',
  upsert,
  toColumn,
  describe,
  listing: `
    select c.table_schema as [schema], c.table_name as [table], c.column_name as [column], c.data_type as [type], cast(case c.is_nullable when 'YES' then 1 else 0 end as bit) as [nullable],
      cast(case when exists (
        select 1 from information_schema.table_constraints t join information_schema.key_column_usage k on k.constraint_name = t.constraint_name and k.table_schema = t.table_schema
        where t.constraint_type = 'PRIMARY KEY' and k.table_schema = c.table_schema and k.table_name = c.table_name and k.column_name = c.column_name) then 1 else 0 end as bit) as [key]
    from information_schema.columns c order by c.table_schema, c.table_name, c.ordinal_position`,
};

const longestName = 128;

function quote(name: string): string {
  if (name.includes('\0') || name.length > longestName) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(name.slice(0, 100))} cannot be a name in SQL Server: it has more than ${longestName} characters, or the character NUL.`);
  return `[${name.replaceAll(']', ']]')}]`;
}

/** `holdlock`: nobody else makes the row between the look at it and the insert. */
function upsert({ table, columns, keys, others, rows }: UpsertParts): string {
  const on = keys.map((key) => `target.${key} = source.${key}`).join(' and ');
  const change = others.length === 0 ? '' : ` when matched then update set ${others.map((name) => `${name} = source.${name}`).join(', ')}`;
  return `merge into ${table} with (holdlock) as target using (values ${rows}) as source (${columns.join(', ')}) on (${on})${change} when not matched then insert (${columns.join(', ')}) values (${columns.map((name) => `source.${name}`).join(', ')});`;
}

async function describe(client: SqlClient, table: TableName): Promise<Table | undefined> {
  const { schema, name } = table;
  // What can be no name is asked for nowhere.
  const quoted = quoteTable(dialect, table);
  const { rows } = await client.run({
    text: 'select column_name as name, data_type as type from information_schema.columns where table_schema = coalesce(@p1, schema_name()) and table_name = @p2 order by ordinal_position', values: [schema ?? null, name],
  });
  if (rows.length === 0) return undefined;
  const columns = rows.map((row): Column => ({ name: String(row['name']), type: String(row['type']) }));
  const indexes = await client.run({
    text: `
      select i.index_id as number, c.name as part from sys.indexes i
      join sys.index_columns k on k.object_id = i.object_id and k.index_id = i.index_id join sys.columns c on c.object_id = k.object_id and c.column_id = k.column_id
      where i.object_id = object_id(@p1) and i.is_unique = 1 and i.has_filter = 0 and i.is_disabled = 0 and k.is_included_column = 0`,
    values: [quoted],
  });
  const uniques = Map.groupBy(indexes.rows, (row) => String(row['number']));
  return { columns: new Map(columns.map((column) => [column.name, column])), uniques: [...uniques.values()].map((parts) => parts.map((row) => String(row['part']))) };
}

const ofBytes: ReadonlySet<string> = new Set(['binary', 'varbinary', 'image']);
const ofDigits: ReadonlySet<string> = new Set(['decimal', 'numeric', 'bigint', 'int', 'smallint', 'tinyint', 'money', 'smallmoney']);
const ofFloats: ReadonlySet<string> = new Set(['float', 'real']);
/** Without a zone; those of the second kind have milliseconds at most. */
const ofTimes: ReadonlySet<string> = new Set(['datetime2', 'datetime', 'smalldatetime']);

const ofCasts: ReadonlySet<string> = new Set(['money', 'smallmoney', 'datetimeoffset']);

/** Texts, also null, are not made into bytes or money by themselves, in Babelfish not into all times either. */
function placeholder(index: number, column?: Column): string {
  const type = column && (ofBytes.has(column.type) ? 'varbinary(max)' : ofCasts.has(column.type) ? column.type : undefined);
  return type === undefined ? `@p${index}` : `cast(@p${index} as ${type})`;
}

function toColumn(value: unknown, { type }: Column): unknown {
  if (ofBytes.has(type)) return bytesOf(value);
  if (typeof value === 'boolean' && type !== 'bit') return String(value);
  if (typeof value === 'string' && ofTimes.has(type)) return localOf(value, type);
  if (typeof value === 'string' && ofDigits.has(type) && isNumeric(value)) return withoutExponent(value.trim().replace(/^\+/, ''));
  if (typeof value !== 'number' || ofFloats.has(type)) return plain(value);
  // As a text, so that no digit is lost on the way through a floating point number; the server reads no exponents into decimals.
  return ofDigits.has(type) ? plainText(value) : String(value);
}

/** In UTC; `datetime` is given no more digits than it has. */
function localOf(text: string, type: string): string {
  const utc = utcOf(text).replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T');
  return type === 'datetime2' ? utc : utc.replace(/(?<=:\d\d\.\d{3})\d+$/, '');
}
