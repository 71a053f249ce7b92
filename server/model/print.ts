/** How wide a line may be before an object or a list is written over several lines. */
export const lineWidth = 120;

export interface PrintStyle {
  readonly eol: string;
  /** One level of indentation. */
  readonly unit: string;
  /** Whether the object at these keys stands over several lines however short it is. */
  readonly isBroken: (keys: readonly (string | number)[]) => boolean;
  /** The entries of an object as they are written; default its own, in their order. */
  readonly entries?: (object: Readonly<Record<string, unknown>>, keys: readonly (string | number)[]) => readonly (readonly [string, unknown])[];
}

export interface PrintPlace {
  readonly keys: readonly (string | number)[];
  /** Indentation of the line on which the value begins. */
  readonly indent: string;
  /** Characters before the value on its line. */
  readonly before: number;
}

/** A JSON value as text: on one line where it fits, else with an entry per line. */
export function printJson(value: unknown, style: PrintStyle, { keys, indent, before }: PrintPlace): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const line = printOnLine(value, style, keys, lineWidth);
  if (line !== undefined && (line.length <= 2 || before + line.length + 1 <= lineWidth)) return line;
  const inner = indent + style.unit;
  const parts = Array.isArray(value)
    ? value.map((item, index) => printJson(item, style, { keys: [...keys, index], indent: inner, before: inner.length }))
    : entriesOf(value as Readonly<Record<string, unknown>>, style, keys).map(([name, field]) => {
        const head = `${JSON.stringify(name)}: `;
        return head + printJson(field, style, { keys: [...keys, name], indent: inner, before: inner.length + head.length });
      });
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}${style.eol}${parts.map((part) => inner + part).join(`,${style.eol}`)}${style.eol}${indent}${close}`;
}

/** The value on one line; `undefined` where something in it must not be, or where it has more characters than there is `room` for: a big value is not printed whole on each of its levels. */
export function printOnLine(value: unknown, style: PrintStyle, keys: readonly (string | number)[] = [], room = Infinity): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items: string[] = [];
    let left = room;
    for (const [index, item] of value.entries()) {
      const text = printOnLine(item, style, [...keys, index], left);
      if (text === undefined || text.length > left) return undefined;
      left -= text.length;
      items.push(text);
    }
    return `[${items.join(', ')}]`;
  }
  const entries = entriesOf(value as Readonly<Record<string, unknown>>, style, keys);
  if (entries.length === 0) return '{}';
  if (style.isBroken(keys)) return undefined;
  const fields: string[] = [];
  let left = room;
  for (const [name, field] of entries) {
    const text = printOnLine(field, style, [...keys, name], left);
    if (text === undefined || text.length > left) return undefined;
    left -= text.length;
    fields.push(`${JSON.stringify(name)}: ${text}`);
  }
  return `{ ${fields.join(', ')} }`;
}

const entriesOf = (object: Readonly<Record<string, unknown>>, style: PrintStyle, keys: readonly (string | number)[]): readonly (readonly [string, unknown])[] =>
  (style.entries ? style.entries(object, keys) : Object.entries(object)).filter(([, field]) => field !== undefined);
