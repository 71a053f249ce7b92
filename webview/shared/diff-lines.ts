import type { JsonChange } from '../../server/model/json-compare.ts';
import type { PayloadDiff } from '../../server/model/run-diff.ts';
import type { RecordChange } from '../../server/model/record-diff.ts';
import { formatCount, formatValue } from './format.ts';

/** What a line of a comparison shows: a record, a value in it, values that are not listed, or a line of a text. */
export type DiffLine =
  | { readonly as: 'record'; readonly row: RecordChange; readonly isOpen: boolean }
  | { readonly as: 'value'; readonly row: RecordChange; readonly change: JsonChange; readonly index: number; readonly size: number }
  | { readonly as: 'more'; readonly row: RecordChange; readonly more: number }
  | { readonly as: 'text'; readonly kind: 'added' | 'removed' | 'more'; readonly text: string };

export type DiffKind = RecordChange['kind'];

export const kindWords: Readonly<Record<DiffKind, string>> = { changed: 'Changed', added: 'Added', removed: 'Removed', moved: 'Moved' };
export const kindSigns: Readonly<Record<DiffKind, string>> = { changed: '~', added: '+', removed: '−', moved: '↕' };

/** The lines of a comparison, without records of kinds that are hidden and values of records that are closed. */
export function diffLines({ rows, lines = [] }: Pick<PayloadDiff, 'rows' | 'lines'>, hidden: ReadonlySet<DiffKind>, closed: ReadonlySet<RecordChange>): readonly DiffLine[] {
  const texts = lines.map((text): DiffLine => ({ as: 'text', kind: text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'more', text }));
  return [...texts, ...rows.filter(({ kind }) => !hidden.has(kind)).flatMap((row): DiffLine[] => {
    const isOpen = !closed.has(row);
    const { changes = [], more } = row;
    const values = changes.map((change, index): DiffLine => ({ as: 'value', row, change, index, size: changes.length + (more === undefined ? 0 : 1) }));
    return [{ as: 'record', row, isOpen }, ...(isOpen ? values : []), ...(isOpen && more !== undefined ? [{ as: 'more', row, more } as const] : [])];
  })];
}

/** `1001`, or `record 3`: records that have no key are told by their numbers from 1. */
export function recordName({ key, before, after }: RecordChange, by: string | undefined): string {
  if (by !== undefined) return formatValue(key, 120);
  return `record ${(after ?? before ?? 0) + 1}`;
}

/** Where it stands, in words. */
export function recordPlace({ kind, before, after }: RecordChange): string {
  if (kind === 'moved' || (before !== undefined && after !== undefined && before !== after)) return `place ${before! + 1} → ${after! + 1}`;
  return '';
}

/** `customer.name` for `/customer/name`. */
export const placeWords = (pointer: string): string => (pointer === '' ? 'whole value' : pointer.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join(' › '));

/** For screen readers: what the line says. */
export function lineWords(line: DiffLine, by: string | undefined): string {
  if (line.as === 'text') return line.kind === 'more' ? line.text : `${kindWords[line.kind]}: ${line.text.slice(1)}`;
  if (line.as === 'more') return `${formatCount(line.more, 'more value')} not listed`;
  if (line.as === 'value') return `${placeWords(line.change.pointer)}: before ${sideWords(line.change, 'before')}, after ${sideWords(line.change, 'after')}`;
  const { row } = line;
  const size = row.changes ? `, ${formatCount(row.changes.length + (row.more ?? 0), 'value')}` : row.record === undefined ? '' : `, ${formatValue(row.record, 200)}`;
  return [`${kindWords[row.kind]}, ${recordName(row, by)}`, recordPlace(row)].filter(Boolean).join(', ') + size;
}

const sideWords = (change: JsonChange, side: 'before' | 'after'): string => (Object.hasOwn(change, side) ? formatValue(change[side], 200) : 'none');
