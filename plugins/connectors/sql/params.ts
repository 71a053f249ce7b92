import type { Dialect } from './dialect.ts';

// Params that several endpoints have.

export const statementOf = ({ hasBackslash, hasBrackets }: Pick<Dialect, 'hasBackslash' | 'hasBrackets'>) => ({ type: 'string', minLength: 1, title: 'Statement', description: 'SQL. What an expression gives is bound as a value and never becomes part of the text, so it stands without quotation marks: `where id = {{ params.id }}`. In the recording each value has the name that it has in its expression, and is masked by it where `redact` names that.', 'x-expression': 'bound', 'x-quotes': { hasBackslash, hasBrackets: hasBrackets === true }, 'x-ui': { widget: 'code' } }) as const;
export const timeoutMs = { type: 'integer', minimum: 1, maximum: 3_600_000, default: 60_000, title: 'Time limit', description: 'Milliseconds that one statement, or the transaction of one batch, may take.' } as const;
export const batchSize = { type: 'integer', minimum: 1, maximum: 10_000, default: 1_000, title: 'Batch', description: 'Records that are written in one transaction, at most.' } as const;
export const isWhole = { type: 'boolean', default: false, title: 'All or nothing', description: 'All records of a payload are written in one transaction: where one is refused, none is written, and the payload fails. Otherwise the records that are refused fail alone.' } as const;
export const table = { type: 'string', minLength: 1, title: 'Table', description: 'Name as it stands in the database, with its capitals; `schema.table` for one of another schema.' } as const;
export const schema = { type: 'string', minLength: 1, title: 'Schema', description: 'Schema of the table (in MySQL: database); then `table` is the name alone, whatever characters it holds.' } as const;
export const keys = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, title: 'Key columns', description: 'Columns by which a row is found. Every record must have a value for each of them.' } as const;
export const columns = { type: 'object', additionalProperties: { type: 'string', minLength: 1 }, title: 'Columns', description: 'Field of the record by column. Without it, each field of a record is written to the column of its name.' } as const;
export const ignoreUnknown = { type: 'boolean', default: false, title: 'Ignore unknown fields', description: 'Fields of a record that no column has are left out; otherwise such a record fails.' } as const;

/** The database itself ends what takes too long; it is waited for a little longer, so that the connection stays of use. Some send rows only when they have many. */
export const graceMs = 5_000;
