/** Cells as spreadsheets give them to the clipboard: tabs between them, those with tabs, line breaks or quotes in quotes. A text without tabs is one column. */
export function readCells(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  const clean = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  let row: string[] = [];
  const quoted = /"((?:[^"]|"")*)"(?=[\t\n]|$)/y;
  const plain = /[^\t\n]*/y;
  for (let at = 0; ; ) {
    quoted.lastIndex = plain.lastIndex = at;
    const found = clean[at] === '"' ? quoted.exec(clean) : null;
    // A quote that nothing closes is a part of the text.
    const cell = found?.[0] ?? plain.exec(clean)![0];
    row.push(found ? found[1]!.replaceAll('""', '"') : cell);
    at += cell.length;
    const next = clean[at++];
    if (next === '\t') continue;
    rows.push(row);
    row = [];
    if (next === undefined) return rows;
  }
}

export const writeCells = (rows: readonly (readonly string[])[]): string => rows.map((row) => row.map((cell) => (/[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\n');

/** A table for a lookup that has no columns yet: of a spreadsheet, or a CSV text that was copied out of a file. */
export function readTable(text: string): readonly (readonly string[])[] {
  const [header = ''] = text.split(/\r?\n|\r/, 1);
  const delimiter = header.includes('\t') ? '\t' : [',', ';', '|'].find((one) => header.includes(one));
  if (delimiter === undefined || delimiter === '\t') return readCells(text);
  const pattern = new RegExp(`("(?:[^"]|"")*")|\\${delimiter}`, 'g');
  return readCells(text.replaceAll(pattern, (found, quoted?: string) => quoted ?? (found === delimiter ? '\t' : found)));
}
