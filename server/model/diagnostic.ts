/** A finding about a file. Lines and columns count from 1; `pointer` is a JSON pointer. */
export interface Diagnostic {
  readonly file: string;
  /** JSON pointer of the value. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly severity: 'error' | 'warning' | 'info';
  /** A code of the error table. */
  readonly code: string;
  readonly message: string;
  /** The remedy, in words. */
  readonly fix?: string;
}
