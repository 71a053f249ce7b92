import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { setImmediate as others } from 'node:timers/promises';
import { FlowError } from '../../plugins/sdk/index.ts';
import { longestCsv, scanRows, type CsvRows } from '../model/csv-rows.ts';

/** Reads a file of rows piece by piece, while others get their turn. `file`: as messages name it. Fails with `DATA_INVALID` where it is no text in UTF-8. */
export async function readCsv(path: string, file: string, delimiter?: string): Promise<CsvRows> {
  return csvRows(await bytesOf(path, file), file, delimiter);
}

/** The same of bytes that are at hand. */
export async function csvRows(bytes: Buffer, file: string, delimiter?: string): Promise<CsvRows> {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) throw notUtf8(file, 1, 'It is written in UTF-16.');
  const rows = await inTurns(scanRows({ bytes, text: (start, end) => bytes.toString('utf8', start, end) }, delimiter));
  if (!isUtf8(bytes)) throw notUtf8(file, badLine(bytes), 'It has a byte that is no UTF-8.');
  return rows;
}

/** Does work that yields now and then, so that it keeps nobody waiting. */
export async function inTurns<T>(work: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await others();
  }
}

const pieceBytes = 1024 * 1024;

async function bytesOf(path: string, file: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    if (size > longestCsv) throw new FlowError('DATA_TOO_LARGE', `The lookup file ${file} is larger than 4 GB.`, { place: { file }, remedy: 'Keep such data in a database, and ask it by a connector.' });
    let bytes = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    for (;;) {
      // Somebody may write on while it is read.
      if (filled === bytes.length) bytes = Buffer.concat([bytes], bytes.length + pieceBytes);
      const { bytesRead } = await handle.read(bytes, filled, Math.min(pieceBytes, bytes.length - filled), filled);
      if (bytesRead === 0) return bytes.subarray(0, filled);
      filled += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

function badLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf(10, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

const notUtf8 = (file: string, line: number, message: string): FlowError => new FlowError('DATA_INVALID', `The lookup file ${file} cannot be read. ${message}`, { place: { file, line, column: 1 }, remedy: 'Save it as UTF-8 ("CSV UTF-8" in a spreadsheet).' });
