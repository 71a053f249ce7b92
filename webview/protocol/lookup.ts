import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { ColumnChange } from '../../server/model/lookup-columns.ts';
import type { LookupType } from '../../server/model/lookup-file.ts';
import type { LookupFilter } from '../../server/model/lookup-view.ts';

/** What the editor of a lookup asks of its host. The host holds the file; the page reads rows as they come into view, and asks for changes. Rows of a view and columns count from 0. */
export interface LookupHost {
  /** First call of the editor. */
  open(): Promise<LookupOpening>;
  /** A page, from 1 on, of the rows that a filter leaves, in its order. */
  rows(view: LookupFilter, page: number): Promise<LookupRows>;
  /** The cells of a range, at most `mostCells`. */
  cells(view: LookupFilter, range: CellRange): Promise<readonly (readonly string[])[]>;
  /** Makes one undo unit. Fails where the file is another than `version`, and where it cannot be changed so. */
  edit(action: LookupAction, view: LookupFilter, version: number): Promise<LookupEdited>;
  /** The next cell behind a place that holds a text, beginning anew at the end; `undefined`: there is none. */
  find(query: CellQuery, view: LookupFilter, from: CellPlace, isBackward: boolean): Promise<CellPlace | undefined>;
  /** Where in a view a row of the file stands; `undefined`: the filter leaves it out. */
  locate(view: LookupFilter, row: number): Promise<number | undefined>;
  /** What a flow gets for a value: of the file as it is shown. */
  test(values: readonly string[], columns: LookupChoice): Promise<LookupTested>;
  /** Asks for a CSV file, whose rows are changed and added by their key. Gives a sentence; `undefined`: cancelled. */
  import(): Promise<string | undefined>;
  /** Asks where to, and writes the rows of a view as CSV. Gives a sentence. */
  export(view: LookupFilter): Promise<string | undefined>;
  /** Writes it into the settings of the lookup. */
  setColumn(name: string, settings: ColumnSettings): Promise<void>;
  openText(line?: number): void;
  /** Opens the settings; makes the file where there is none. */
  openSettings(): Promise<void>;
  openFile(path: string, pointer?: string): void;
}

/** What the host tells the editor. Snapshots: the latest wins. */
export interface LookupView {
  sheet(sheet: LookupSheetState): void;
  findings(findings: readonly LookupFinding[], version: number): void;
  uses(uses: readonly LookupUse[]): void;
}

export interface LookupSheetState {
  readonly file: string;
  /** Counts the changes of the file and of its settings. */
  readonly version: number;
  readonly columns: readonly LookupColumnState[];
  readonly rows: number;
  readonly bytes: number;
  readonly delimiter: string;
  readonly title?: string;
  /** Why it can only be looked at. */
  readonly readOnly?: string;
  /** The rows cannot be changed before the columns are in order: no table, as its findings say. */
  readonly isBroken: boolean;
  /** Somebody else has changed the file, and what is shown has changes that are not saved. */
  readonly isOutdated: boolean;
}

export interface LookupColumnState {
  readonly name: string;
  readonly title?: string;
  readonly type: LookupType;
  readonly required: boolean;
  readonly isKey: boolean;
  readonly isValue: boolean;
}

export interface LookupOpening {
  readonly sheet: LookupSheetState;
  readonly findings: readonly LookupFinding[];
  readonly uses: readonly LookupUse[];
}

export interface LookupRow {
  /** In the file, from 1 on. */
  readonly number: number;
  readonly cells: readonly string[];
}

export interface LookupRows {
  readonly items: readonly LookupRow[];
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
  readonly version: number;
}

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** All four count. */
export interface CellRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface CellQuery {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeCell: boolean;
}

/** Cells that are read, changed or pasted at once. */
export const mostCells = 200_000;

export type LookupAction =
  /** From a place on; a range that is larger is filled with them again and again. Rows behind the last one are added. */
  | { readonly op: 'set'; readonly cells: readonly (readonly string[])[]; readonly range: CellRange }
  | { readonly op: 'clear'; readonly range: CellRange }
  /** The cells of its first row into all others. */
  | { readonly op: 'fill-down'; readonly range: CellRange }
  /** Before a row of the view, or at the end. */
  | { readonly op: 'insert'; readonly before?: number; readonly count: number }
  | { readonly op: 'remove'; readonly first: number; readonly last: number }
  | { readonly op: 'columns'; readonly change: ColumnChange }
  /** In one cell, or in all of the view. */
  | { readonly op: 'replace'; readonly query: CellQuery; readonly text: string; readonly at?: CellPlace }
  /** Of a file without columns: the first row has their names. */
  | { readonly op: 'begin'; readonly cells: readonly (readonly string[])[] };

export interface LookupEdited {
  readonly version: number;
  /** Cells, rows or columns that are others now. */
  readonly changed: number;
}

export interface LookupFinding extends Pick<Diagnostic, 'severity' | 'code' | 'message' | 'fix' | 'line' | 'file' | 'path'> {
  /** In the file, from 1 on. Missing where it is about the header or the settings. */
  readonly row?: number;
  readonly column?: number;
}

/** A place where a flow, a mapping or a script asks the lookup. */
export interface LookupUse {
  readonly file: string;
  readonly pointer?: string;
  readonly title: string;
  readonly kind: 'flow' | 'map' | 'script';
}

export interface LookupChoice {
  readonly from?: string;
  readonly to?: string;
  readonly reverse?: boolean;
}

export type LookupTested =
  | { readonly found: boolean; readonly value: unknown; readonly row?: Readonly<Record<string, unknown>> }
  | { readonly error: string; readonly fix?: string };

export interface ColumnSettings {
  readonly type: LookupType;
  readonly required: boolean;
  readonly isKey: boolean;
}
