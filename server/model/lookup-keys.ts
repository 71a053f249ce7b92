import { FlowError } from '../../plugins/sdk/index.ts';
import { cellsOf, lineAt } from './csv-rows.ts';
import { rowsWith, type RowChange } from './lookup-change.ts';
import { keyOfTexts, type LookupTable } from './lookup-table.ts';

/** Fails with `DATA_INVALID` where a change gives a row a key that another has: it would never be found. Rows that have one key already stay as they are. Yields now and then. */
export function* checkKeys(name: string, table: LookupTable, changes: readonly RowChange[]): Generator<undefined, void> {
  const { rows, key, columns } = table;
  const made = changes.flatMap((change): readonly Keyed[] => {
    if ('remove' in change) return [];
    const row = 'change' in change ? change.change : 0;
    const old = row === 0 ? [] : cellsOf(rows, row);
    const cells = 'change' in change ? change.cells : change.insert;
    const textsOf = (isOld: boolean): string[] => key.map((place) => (!isOld && Object.hasOwn(cells, columns[place]!.name) ? cells[columns[place]!.name]! : old[place] ?? ''));
    const [before, texts] = [textsOf(true), textsOf(false)];
    return texts.every((text) => text === '') || (row > 0 && keyOfTexts(table, key, before) === keyOfTexts(table, key, texts)) ? [] : [{ row, texts }];
  });
  if (made.length === 0) return;
  const gone = new Set(changes.flatMap((change) => ('remove' in change ? [change.remove] : [])));
  for (const { row } of made) gone.add(row);
  const taken = new Map<string, number>();
  for (const row of yield* rowsWith(table, made.map(({ texts }) => texts))) {
    const cells = cellsOf(rows, row);
    const text = keyOfTexts(table, key, key.map((place) => cells[place] ?? ''));
    // Of several it is the first that counts.
    if (!gone.has(row) && !taken.has(text)) taken.set(text, row);
  }
  for (const { row, texts } of made) {
    const text = keyOfTexts(table, key, texts);
    const other = taken.get(text);
    if (other !== undefined) throw again(name, table, { row, texts }, other);
    taken.set(text, row);
  }
}

interface Keyed {
  /** The one that is changed; 0 where it is added. */
  readonly row: number;
  readonly texts: readonly string[];
}

function again(name: string, { rows, key, columns }: LookupTable, { row, texts }: Keyed, other: number): FlowError {
  const what = key.map((place, index) => `${JSON.stringify(columns[place]!.name)} ${JSON.stringify(texts[index])}`).join(', ');
  const where = other === 0 ? 'another new row has' : `row ${other} (line ${lineAt(rows.bytes, rows.starts[other]!).line}) has`;
  return new FlowError('DATA_INVALID', `${row === 0 ? 'A new row' : `Row ${row}`} of the lookup ${JSON.stringify(name)} is not written: ${where} ${what} already, so that this one would never be found.`, { details: { lookup: name, column: columns[key[0]!]!.name, ...(other > 0 && { row: other }) }, remedy: 'Give it another key, or change the row that has it.' });
}
