import type { FlowError } from '../../sdk/index.ts';

/** Values are JSON values: what a column of the database becomes says the description of the connector. */
export type Row = Readonly<Record<string, unknown>>;

export interface Statement {
  readonly text: string;
  /** Bound, in the order of the placeholders. */
  readonly values: readonly unknown[];
}

export interface NamedStatement extends Statement {
  /** See `BoundText`; in the order of the values. */
  readonly names: readonly string[];
}

export interface Result {
  readonly rows: readonly Row[];
  /** Rows that were written, as the database counts them. */
  readonly affected: number;
}

/** The rows of a statement while it is read. */
export interface Rows {
  /** Fewer than `most` where there are no more. */
  next(most: number): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** One connection. What fails in it fails with a `FlowError`. */
export interface SqlClient {
  run(statement: Statement): Promise<Result>;
  open(statement: Statement): Promise<Rows>;
  /** The database ends statements that take longer. */
  limit(ms: number): Promise<void>;
  /** Nothing is written over it. */
  readonly isReadOnly?: boolean;
  /** What is known as long as the connection is open. */
  readonly kept: { rows?: Rows | undefined; readonly tables: Map<string, Table> };
}

export interface TableName {
  readonly schema?: string | undefined;
  readonly name: string;
}

export interface Column {
  readonly name: string;
  /** As the database calls it, without a length. */
  readonly type: string;
  readonly isList?: boolean;
}

export interface Table {
  readonly columns: ReadonlyMap<string, Column>;
  /** Columns of each unique index; absent where the database itself says that there is none for an upsert. */
  readonly uniques?: readonly (readonly string[])[];
}

export interface UpsertParts {
  /** Quoted. */
  readonly table: string;
  /** Quoted, as all names here. */
  readonly columns: readonly string[];
  readonly keys: readonly string[];
  /** Those that are no keys. */
  readonly others: readonly string[];
  /** `(?, ?), (?, ?)`. */
  readonly rows: string;
}

/** What differs between the databases. Everything in it is text and pure, but `describe`. */
export interface Dialect {
  /** A name as an identifier, whatever characters it holds. Fails with `CONFIG_INVALID` where no name can be such. */
  quote(name: string): string;
  /** `index` from 1. `column`: where the value goes, if that is known. */
  placeholder(index: number, column?: Column): string;
  /** A list stands for as many values, as in `id in (…)`; else it is one value, an array. */
  readonly spreadsLists: boolean;
  /** A backslash takes the meaning of the quotation mark behind it. */
  readonly hasBackslash: boolean;
  /** Names may stand in brackets. */
  readonly hasBrackets?: true;
  /** What writes though it stands in a statement that reads; looked for outside of quotes. */
  readonly writing?: RegExp;
  /** The same of names that may stand in quotes, which it has with them; looked for in the whole text. */
  readonly writingNames?: RegExp;
  /** How all begin that only read; absent where the server takes no others for a query. */
  readonly reading?: RegExp;
  /** Bound values in one statement, at most. */
  readonly mostValues: number;
  /** Rows of one list of values, at most; absent where there is no other bound. */
  readonly mostRows?: number;
  readonly begin: string;
  readonly commit: string;
  readonly rollback: string;
  readonly save: string;
  /** Forgets the last `save`; empty where there is no need. */
  readonly release: string;
  readonly rollbackToSave: string;
  /** Gives a row whose `alive` is 1 where the transaction can be gone on with after a statement has failed; absent where that is so each time. */
  readonly alive?: string;
  upsert(parts: UpsertParts): string;
  /** The value of a field as it is bound for a column. Fails with `DATA_INVALID`. */
  toColumn(value: unknown, column: Column): unknown;
  /** `undefined` where there is no such table. */
  describe(client: SqlClient, table: TableName): Promise<Table | undefined>;
  /** Gives rows of `schema`, `table`, `column`, `type`, `nullable`, `key`, by table and place, without the tables of the system. */
  readonly listing: string;
}

/** The statement failed for the time being, such as by a deadlock: the same transaction may go through when it is made again. */
export const isPassing = (error: FlowError): boolean => error.details['isPassing'] === true;
