import { isHeld, whyNotHeld, withoutExponent } from '../../plugins/sdk/index.ts';

/** `lookups/<name>.lookup.json`: what the table `lookups/<name>.csv` is, where that is more than a header and texts. */
export interface LookupFile {
  readonly version: 1;
  readonly title?: string;
  /** Between two cells; default what stands in the header. */
  readonly delimiter?: string;
  /** By their names in the header. */
  readonly columns?: Readonly<Record<string, LookupColumn>>;
  /** Columns that a row is found by; default the first. */
  readonly key?: readonly string[];
  /** Column that is given; default the first that is no key. */
  readonly value?: string;
  readonly ignoreCase?: boolean;
  /** White space around values does not count. */
  readonly trim?: boolean;
  /** What is given for a value that has no row; default `null`. */
  readonly otherwise?: 'null' | 'default' | 'error';
  /** The row that is given then, by column. */
  readonly default?: Readonly<Record<string, LookupValue>>;
}

export interface LookupColumn {
  readonly title?: string;
  readonly type?: LookupType;
  /** A cell must not be empty. */
  readonly required?: boolean;
}

export const lookupTypes = ['string', 'number', 'decimal', 'boolean', 'date'] as const;
export type LookupType = (typeof lookupTypes)[number];

/** Decimals and dates are texts. */
export type LookupValue = string | number | boolean | null;

/** What a cell holds, or what is wrong with it. An empty cell is null, but for a column of texts. */
export function valueOfCell(type: LookupType, cell: string): { readonly value: LookupValue; readonly fault?: undefined } | { readonly fault: string; readonly value?: undefined } {
  if (type === 'string') return { value: cell };
  return cell === '' ? { value: null } : readers[type](cell);
}

const fault = (cell: string, what: string): { readonly fault: string } => ({ fault: `${JSON.stringify(cell.length > 60 ? `${cell.slice(0, 60)}…` : cell)} ${what}.` });

const readers: Readonly<Record<Exclude<LookupType, 'string'>, (cell: string) => ReturnType<typeof valueOfCell>>> = {
  number(cell) {
    const value = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(cell) ? Number(cell) : Number.NaN;
    if (!Number.isFinite(value)) return fault(cell, 'is no number');
    return isHeld(value, cell) ? { value } : fault(cell, `${whyNotHeld(value, cell)}: use the type "decimal"`);
  },
  decimal: (cell) => (/^-?\d+(\.\d+)?$/.test(cell) ? { value: cell } : fault(cell, 'is no decimal number')),
  // Spreadsheets write them in capitals.
  boolean: (cell) => (/^true$/i.test(cell) ? { value: true } : /^false$/i.test(cell) ? { value: false } : fault(cell, 'is neither true nor false')),
  date: (cell) => (isDate(cell) ? { value: cell } : fault(cell, 'is no date as in 2024-01-31 or 2024-01-31T12:00:00Z')),
};

function isDate(text: string): boolean {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/.exec(text) ?? [];
  if (day === undefined) return false;
  // A day that a month does not have becomes one of the next month.
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** What a value or a cell is compared by, in a column of a type: `1`, `1.0` and 1 are the same number. */
export function keyText(type: LookupType, text: string, { ignoreCase = false, trim = false }: Pick<LookupFile, 'ignoreCase' | 'trim'>): string {
  const trimmed = trim ? text.trim() : text;
  if (type === 'number') {
    const { value } = readers.number(trimmed);
    return typeof value === 'number' ? String(value) : trimmed;
  }
  if (type === 'decimal') return plainDecimal(trimmed) ?? trimmed;
  if (type === 'boolean') return trimmed.toLowerCase();
  return ignoreCase ? foldCase(trimmed) : trimmed;
}

/** A number comes with an exponent where it is very small or large. `undefined` where it is no decimal number. */
const plainDecimal = (text: string): string | undefined => (/^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i.test(text) ? withoutExponent(text) : undefined);

/** `ß` and `ss`, `ς` and `σ` are the same in any case. */
const foldCase = (text: string): string => text.toUpperCase().toLowerCase().normalize('NFC');
