import { compareLines } from '../../server/model/json-compare.ts';
import type { PayloadDiff } from '../../server/model/run-diff.ts';

const mostLines = 2_000;

/** Two texts, line by line, as the view of differences wants them. */
export function lineDiff(before: string, after: string): PayloadDiff {
  const lines = compareLines(before, after, mostLines);
  const side = { payloads: 1, records: 1, isCut: false };
  return { total: { same: lines.length === 0 ? 1 : 0, changed: lines.length === 0 ? 0 : 1, added: 0, removed: 0, moved: 0 }, rows: [], lines, before: side, after: side };
}
