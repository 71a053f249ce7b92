import { findCell, newCell, textOf, type CellPlace } from './csv-rows.ts';
import { countOf, keyOfTexts, type LookupTable } from './lookup-table.ts';

/** Finds rows by what stands in some columns. It holds numbers only, 12 bytes or so for a row; the texts stay where they are. */
export interface LookupIndex {
  /** The first row with this key (see `keyOfTexts`), from 1; 0 where there is none. */
  find(key: string): number;
}

const rowsAtATime = 20_000;

/** `onAgain`: told of each row whose key another has before it, and of that one. Yields now and then. */
export function* buildIndex(table: LookupTable, places: readonly number[], onAgain?: (row: number, first: number) => void): Generator<undefined, LookupIndex> {
  const count = countOf(table);
  const mask = 2 ** Math.ceil(Math.log2(Math.max(count, 4) * 1.5)) - 1;
  const slots = new Uint32Array(mask + 1);
  const hashes = new Uint32Array(count + 1);
  const reader = keyReader(table, places);
  const find = (hash: number, isSame: (row: number) => boolean): number => {
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]!;
      if (row === 0) return -1 - slot;
      if (hashes[row] === hash && isSame(row)) return row;
    }
  };
  for (let row = 1; row <= count; row++) {
    const hash = reader.hash(row);
    hashes[row] = hash;
    let key: string | undefined;
    const found = find(hash, (other) => reader.isSame(other, (key ??= reader.key(row))));
    if (found < 0) slots[-1 - found] = row;
    else onAgain?.(row, found);
    if (row % rowsAtATime === 0) yield undefined;
  }
  return { find: (key) => Math.max(find(hashOf(key), (row) => reader.isSame(row, key)), 0) };
}

interface KeyReader {
  hash(row: number): number;
  key(row: number): string;
  isSame(row: number, key: string): boolean;
}

/** One column of texts, which is the usual, is compared by its bytes. */
function keyReader(table: LookupTable, places: readonly number[]): KeyReader {
  const { rows, columns, settings } = table;
  const { bytes } = rows;
  const cell = newCell();
  const cellText = (row: number, column: number): string => (findCell(rows, row, column, cell) ? textOf(rows, cell) : '');
  const key = (row: number): string => keyOfTexts(table, places, places.map((place) => cellText(row, place)));
  const [only = 0] = places;
  const isPlain = places.length === 1 && columns[only]!.type === 'string' && settings.ignoreCase !== true && settings.trim !== true;
  if (!isPlain) return { key, hash: (row) => hashOf(key(row)), isSame: (row, wanted) => key(row) === wanted };
  return {
    key,
    hash(row) {
      if (!findCell(rows, row, only, cell)) return hashOf('');
      return cell.hasQuotes ? hashOf(textOf(rows, cell)) : hashBytes(bytes, cell);
    },
    isSame(row, wanted) {
      if (!findCell(rows, row, only, cell)) return wanted === '';
      if (cell.hasQuotes) return textOf(rows, cell) === wanted;
      const { start, end } = cell;
      if (end - start === wanted.length) {
        let at = 0;
        while (at < wanted.length && bytes[start + at]! < 128 && bytes[start + at] === wanted.charCodeAt(at)) at++;
        // What is no ASCII is longer in bytes.
        return at === wanted.length;
      }
      return end - start > wanted.length && textOf(rows, cell) === wanted;
    },
  };
}

function hashBytes(bytes: Uint8Array, { start, end }: CellPlace): number {
  let hash = seed;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, prime);
  return mixed(hash);
}

/** Of the text in UTF-8. */
function hashOf(text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128) return hashWide(hash, text, at);
    hash = Math.imul(hash ^ code, prime);
  }
  return mixed(hash);
}

function hashWide(begun: number, text: string, from: number): number {
  let hash = begun;
  const add = (byte: number): void => { hash = Math.imul(hash ^ byte, prime); };
  for (let at = from; at < text.length; at++) {
    let code = text.codePointAt(at)!;
    if (code > 0xffff) at++;
    // A half of a pair is written as the sign for what cannot be read.
    else if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) add(code);
    else if (code < 0x800) {
      add(0xc0 | (code >> 6));
      add(0x80 | (code & 63));
    } else {
      if (code < 0x10000) add(0xe0 | (code >> 12));
      else {
        add(0xf0 | (code >> 18));
        add(0x80 | ((code >> 12) & 63));
      }
      add(0x80 | ((code >> 6) & 63));
      add(0x80 | (code & 63));
    }
  }
  return mixed(hash);
}

// FNV-1a, and an end that spreads its upper bits.
const seed = 0x811c9dc5;
const prime = 16_777_619;
function mixed(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (spread ^ (spread >>> 13)) >>> 0;
}
