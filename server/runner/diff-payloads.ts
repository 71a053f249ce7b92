import { compareLines, type JsonChange } from '../model/json-compare.ts';
import { compareRecords, guessKey, type RecordChange, type RecordsDiff } from '../model/record-diff.ts';
import type { ComparedSide, DiffSide, PayloadDiff, PayloadDiffOrder } from '../model/run-diff.ts';
import type { RunArchive } from './contract.ts';
import { payloadsAt, recordsOf, type RecordedRecords } from './recorded-records.ts';
import { checkRun, checkStep, missingPayload } from './recorded-steps.ts';

const mostRows = 1_000;
const mostChanges = 200;
const mostLines = 2_000;
/** Letters of one value, and of all that is listed. */
const mostOfOne = 2_000;
const mostOfAll = 2_000_000;

/**
 * Compares what is recorded at two sides: of one step, of two, of two runs. Both sides are cut to as many records where one of them is too long.
 * Fails with `API_NOT_FOUND`, `CONFIG_PATH`.
 */
export async function diffPayloads(archive: RunArchive, { before, after, key, ignore = [] }: PayloadDiffOrder): Promise<PayloadDiff> {
  const runs = [...new Set([before.run, after.run])];
  for (const run of runs) checkRun(archive, run);
  for (const side of [before, after]) checkSide(archive, runs, side);
  const [old, fresh] = [await read(archive, before), await read(archive, after)];
  const most = old.isCut || fresh.isCut ? Math.min(...[old, fresh].filter(({ isCut }) => isCut).map(({ records }) => records.length)) : Infinity;
  const records = [old.records.slice(0, most), fresh.records.slice(0, most)] as const;
  const sides = { before: sideOf(old, records[0]), after: sideOf(fresh, records[1]) };
  if (old.isText && fresh.isText) return { ...sides, ...textDiff(records[0] as readonly string[], records[1] as readonly string[]) };
  const by = key ?? guessKey(...records);
  const diff = compareRecords(...records, { ...(by !== undefined && by !== '' && { key: by }), ignore }, { rows: mostRows, changes: mostChanges });
  return { ...sides, ...diff, rows: shortRows(diff.rows) };
}

function checkSide(archive: RunArchive, runs: readonly string[], { run, step, side, payload, from }: DiffSide): void {
  checkStep(archive, runs, step);
  // What a payload was made of has come to the step.
  const came = payload === undefined ? from && ({ payload: from, side: 'in' } as const) : { payload, side };
  if (came && archive.payloads(run, step, came.side, 1, 1, { payload: came.payload }).items.length === 0) throw missingPayload(run, step, came.side, came.payload);
}

type Read = RecordedRecords & { readonly payloads: number };

async function read(archive: RunArchive, side: DiffSide): Promise<Read> {
  const rows = payloadsAt(archive, side);
  return { ...(await recordsOf(archive, side.run, rows)), payloads: rows.length };
}

const sideOf = ({ payloads, isCut, records: all }: Read, records: readonly unknown[]): ComparedSide => ({ payloads, records: records.length, isCut: isCut || records.length < all.length });

function textDiff(before: readonly string[], after: readonly string[]): RecordsDiff & { readonly lines: readonly string[] } {
  const lines = compareLines(before.join('\n'), after.join('\n'), mostLines);
  return { total: { same: lines.length === 0 ? 1 : 0, changed: lines.length === 0 ? 0 : 1, added: 0, removed: 0, moved: 0 }, rows: [], lines };
}

/** Values that are long are the beginning of their text; rows that are too many for one answer are left out. */
function shortRows(rows: readonly RecordChange[]): readonly RecordChange[] {
  let left = mostOfAll;
  const short = (value: unknown): unknown => {
    const text = JSON.stringify(value) ?? '';
    left -= Math.min(text.length, mostOfOne);
    if (text.length <= mostOfOne) return value;
    return `${typeof value === 'string' ? value.slice(0, mostOfOne) : text.slice(0, mostOfOne)}…`;
  };
  const shortChange = ({ pointer, ...sides }: JsonChange): JsonChange => ({ pointer, ...Object.fromEntries(Object.entries(sides).map(([name, value]) => [name, short(value)])) });
  const listed: RecordChange[] = [];
  for (const row of rows) {
    if (left <= 0) break;
    listed.push({ ...row, ...(row.record !== undefined && { record: short(row.record) }), ...(row.changes && { changes: row.changes.map(shortChange) }) });
  }
  return listed;
}
