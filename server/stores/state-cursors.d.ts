import type { StateConnection } from './state-connection.ts';
import type { CursorStore, Through } from './state-store.ts';
/** Cursors in SQLite. */
export declare function openCursors(connection: StateConnection): CursorStore;
/** The pages of a run that are not known to have got through. */
export declare const markedPayloads: ({ all }: StateConnection, run: string) => string[];
/** Runs whose marks have been pending since then. */
export declare const runsWithMarks: ({ all }: StateConnection, since: number) => string[];
export declare const ownsMarks = "SELECT 1 FROM cursor_marks WHERE run = ?";
/** Marks that nobody has taken up for long: their run is not resumed any more. */
export declare const pruneMarks: ({ run, now }: StateConnection, most: number) => number;
/** Moves the cursors of a run as far as everything before got through. Belongs into a transaction. */
export declare function settleCursors({ run: change, one, all, now }: StateConnection, run: string, through: Through): void;
