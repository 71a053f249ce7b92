/** Longest line on which an object or a list is written as a whole. */
const lineWidth = 120;

export interface PrintOptions {
  /** Columns by which the line with the value is indented. */
  readonly indent: number;
  /** Characters before the value on its line, beside the indent: the key. */
  readonly before?: number;
  readonly eol?: string;
  /** Whether an object or a list at this path is written one entry per line even where it would fit on one. */
  readonly isOpen?: (path: readonly (string | number)[]) => boolean;
}

/** Canonical JSON: two spaces, and on one line what fits there. */
export function printJson(value: unknown, options: PrintOptions): string {
  return print(value, [], options.indent, options.before ?? 0, options);
}

function print(value: unknown, path: readonly (string | number)[], indent: number, before: number, options: PrintOptions): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  const isList = Array.isArray(value);
  if (entries.length === 0) return isList ? '[]' : '{}';
  if (!options.isOpen?.(path)) {
    const line = printLine(value);
    // One for the comma behind it.
    if (indent + before + line.length < lineWidth) return line;
  }
  const { eol = '\n' } = options;
  const pad = ' '.repeat(indent + 2);
  const lines = entries.map(([key, entry]) => {
    const label = isList ? '' : `${JSON.stringify(key)}: `;
    return `${pad}${label}${print(entry, [...path, isList ? Number(key) : key], indent + 2, label.length, options)}`;
  });
  return `${isList ? '[' : '{'}${eol}${lines.join(`,${eol}`)}${eol}${' '.repeat(indent)}${isList ? ']' : '}'}`;
}

/** A value on one line: `{ "a": [1, 2] }`. */
export function printLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(printLine).join(', ')}]`;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${printLine(entry)}`).join(', ')} }`;
}
