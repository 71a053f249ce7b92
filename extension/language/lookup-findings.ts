import { FlowError } from '../../plugins/sdk/index.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { checkTable } from '../../server/model/lookup-check.ts';
import type { LookupFile } from '../../server/model/lookup-file.ts';
import { makeTable, placed } from '../../server/model/lookup-table.ts';
import type { ReadFile } from '../../server/model/read.ts';
import { inTurns } from '../editors/in-turns.ts';
import { rowsOf } from '../editors/lookup-sheet.ts';

/** What is wrong with the rows of a lookup, and with settings that do not fit them. Nothing where the settings are wrong by themselves: that is told of their file. `undefined` where it is not wanted any more. */
export async function lookupFindings(file: string, bytes: Uint8Array, settings: ReadFile | undefined, isWanted: () => boolean): Promise<readonly Diagnostic[] | undefined> {
  const value = settings?.value as LookupFile | undefined;
  if (settings && !value) return [];
  try {
    const { table, findings } = makeTable(file, await rowsOf(bytes, file, value?.delimiter), value);
    const inRows = table ? await inTurns(checkTable(table), isWanted) : [];
    return inRows && [...placed(findings, settings), ...inRows];
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    return [{ file, path: '', line: 1, column: 1, severity: 'error', code: error.code, message: error.message, ...(error.remedy !== undefined && { fix: error.remedy }) }];
  }
}
