/** A step of a place to write to. */
export interface PlaceStep {
  /** A name, an index, or null for `[*]`. */
  readonly key: string | number | null;
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
}

/** Reads a place to write to, `customer.lines[*]['unit price'][0]`, with or without `$` in front; names in quotes have the escapes of JSON. `end`: what stands from there on cannot be read. */
export function readPlace(query: string): { readonly steps: readonly PlaceStep[]; readonly end: number } {
  const steps: PlaceStep[] = [];
  let at = /^\$\.|^\$(?=\[|$)/.exec(query)?.[0].length ?? 0;
  while (at < query.length) {
    part.lastIndex = at;
    const [whole, name, index, star, single, double] = part.exec(query) ?? [];
    if (whole === undefined) return { steps, end: at };
    steps.push({ key: star !== undefined ? null : index !== undefined ? Number(index) : (name ?? unescaped(single ?? double ?? '')), start: at, end: at + whole.length });
    at += whole.length;
  }
  return { steps, end: at };
}

const part = /\.?([^.[\]'"\s*][^.[\]]*)|\[(\d+)\]|\[(\*)\]|\['((?:[^'\\]|\\[^])*)'\]|\["((?:[^"\\]|\\[^])*)"\]/y;

const unescaped = (text: string): string => text.replaceAll(/\\(?:u([\da-fA-F]{4})|([^]))/g, (_, code: string | undefined, sign: string) => (code === undefined ? (signs[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16))));

const signs: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
