import { FlowError } from '../../plugins/sdk/index.ts';
import { cellsOf } from './csv-rows.ts';
import type { Cells, RowChange } from './lookup-change.ts';
import { keyText, valueOfCell } from './lookup-file.ts';
import type { LookupTable } from './lookup-table.ts';

export interface CellFault {
  readonly column: string;
  readonly message: string;
  readonly remedy: string;
}

/** What `checkTable` would find an error in a row that is about to be written, of the cells that this changes. `row` is the one that is changed; 0 where it is added. */
export function faultOfCells({ rows, columns }: LookupTable, row: number, cells: Cells): CellFault | undefined {
  const old = row > 0 ? cellsOf(rows, row) : undefined;
  for (const [place, { name, type, required }] of columns.entries()) {
    const text = (Object.hasOwn(cells, name) ? cells[name] : undefined) ?? old?.[place] ?? '';
    if (old && text === (old[place] ?? '')) continue;
    const title = JSON.stringify(name);
    if (required && text === '') return { column: name, message: `The cell in the column ${title} must not be empty.`, remedy: 'Give it a value, or let the column not be required in the settings of the lookup.' };
    const { fault } = valueOfCell(type, text);
    if (fault !== undefined) return { column: name, message: `In the column ${title}: ${fault}`, remedy: 'Give it another value, or correct the type of the column in the settings of the lookup.' };
  }
  return undefined;
}

/** Fails with `DATA_INVALID` where a row that is set by its key would be wrong, or never be found. */
export function checkSetRow(name: string, table: LookupTable, row: number, cells: Cells): void {
  const { columns, key, settings } = table;
  const texts = key.map((place) => cells[columns[place]!.name] ?? '');
  if (texts.every((text, index) => keyText(columns[key[index]!]!.type, text, settings) === '')) {
    const column = columns[key[0]!]!.name;
    throw refused(name, 'A row', { column, message: `The cell in the column ${JSON.stringify(column)} is empty, so that the row is never found.`, remedy: 'Give it a value.' });
  }
  const fault = faultOfCells(table, row, cells);
  if (fault) throw refused(name, `The row ${texts.map((text) => JSON.stringify(text)).join(', ')}`, fault);
}

/** Fails with `DATA_INVALID` where a row would be wrong. Rows and columns must be there. */
export function checkChanges(name: string, table: LookupTable, changes: readonly RowChange[]): void {
  for (const change of changes) {
    if ('remove' in change) continue;
    const isNew = 'insert' in change;
    const fault = faultOfCells(table, isNew ? 0 : change.change, isNew ? change.insert : change.cells);
    if (fault) throw refused(name, isNew ? 'A new row' : `Row ${change.change}`, fault);
  }
}

const refused = (name: string, row: string, { column, message, remedy }: CellFault): FlowError =>
  new FlowError('DATA_INVALID', `${row} of the lookup ${JSON.stringify(name)} is not written. ${message}`, { details: { lookup: name, column }, remedy });
