import { isUtf8 } from 'node:buffer';
import { parseJson } from '../../plugins/sdk/index.ts';
import { isJson } from '../engine/payload.ts';
import type { PayloadRow } from '../model/api.ts';
import type { DiffSide } from '../model/run-diff.ts';
import { scanChildren, type ByteSource } from '../stores/json-scan.ts';
import type { RunArchive } from './contract.ts';

/** What is read of one side at most. */
export const mostBytes = 8 * 1024 * 1024;
const mostPayloads = 2_000;
const perPage = 500;

export interface RecordedRecords {
  readonly records: readonly unknown[];
  /** All of it is text that is no JSON. */
  readonly isText: boolean;
  /** There is more, or something that was not recorded. */
  readonly isCut: boolean;
}

/** The payloads at one side of a step, the first ones. */
export function payloadsAt(archive: RunArchive, { run, step, side, port, payload, from }: DiffSide): readonly PayloadRow[] {
  const rows: PayloadRow[] = [];
  for (let page = 1; rows.length < mostPayloads; page++) {
    const { items } = archive.payloads(run, step, side, page, perPage, { ...(payload !== undefined && { payload }), ...(from !== undefined && { from }) });
    rows.push(...items.filter((row) => port === undefined || (row.port ?? 'out') === port));
    if (items.length < perPage) break;
  }
  return rows;
}

/** The records of payloads, one after the other; of lists that are longer than what is read, the first ones. */
export async function recordsOf(archive: RunArchive, run: string, rows: readonly PayloadRow[]): Promise<RecordedRecords> {
  const records: unknown[] = [];
  let left = mostBytes;
  let isText = rows.length > 0;
  const isCut = rows.length >= mostPayloads;
  for (const { body: hash, mediaType } of rows) {
    const body = hash === '' ? undefined : archive.body(run, hash);
    if (!body || left <= 0) return { records, isText, isCut: true };
    const source: ByteSource = { size: body.size, read: (start, end) => bytesOf(body.open({ start, end })) };
    const isDocument = isJson(mediaType);
    isText &&= !isDocument;
    if (body.size > left) {
      records.push(...(await firstOf(source, left, isDocument)));
      return { records, isText, isCut: true };
    }
    left -= body.size;
    const bytes = await source.read(0, body.size);
    const value: unknown = isDocument ? parseJson(bytes.toString('utf8')) : textOf(bytes);
    if (Array.isArray(value)) for (const record of value as unknown[]) records.push(record);
    else records.push(value);
    // Others get their turn.
    await new Promise(setImmediate);
  }
  return { records, isText, isCut };
}

/** As many as there are in so many bytes: of a list whole records, of a text its beginning, of another document nothing. */
async function firstOf(source: ByteSource, most: number, isDocument: boolean): Promise<readonly unknown[]> {
  const head = await source.read(0, Math.min(source.size, 1_024));
  if (!isDocument) return [textOf(await source.read(0, most))];
  const open = head.findIndex((byte) => byte > 0x20);
  if (head[open] !== 0x5b) return [];
  let end = 0;
  await scanChildren(source, { start: open + 1, index: 0, inObject: false, child: (child) => {
    if (child.end > most) return false;
    end = child.end;
    return true;
  } });
  return end === 0 ? [] : (parseJson(`[${(await source.read(open + 1, end)).toString('utf8')}]`) as unknown[]);
}

const textOf = (bytes: Buffer): string => (isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('base64'));

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
