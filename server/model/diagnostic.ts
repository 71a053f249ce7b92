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
  /** The name that was probably meant by the text that is marked, or by the marked part of it. */
  readonly meant?: string;
  /** What would mend it, each by itself, the likeliest first. */
  readonly quickFixes?: readonly QuickFix[];
}

/** A remedy that a machine can carry out. */
export interface QuickFix {
  readonly title: string;
  /** Values below the file; `undefined` removes one. */
  readonly set: readonly { readonly path: readonly (string | number)[]; readonly value?: unknown }[];
}
