/** Segments of a place in a document: keys, and indices as numbers. */
export type Segments = readonly (string | number)[];

/** `/items/0/a~1b` */
export const toPointer = (segments: Segments): string => segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The places of a JSON pointer; what looks like an index is one. */
export const fromPointer = (pointer: string): Segments => pointer.split('/').slice(1).map((part) => (/^(0|[1-9]\d*)$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));

/** `$.items[0]['a/b']`: what the fields of a flow take. */
export const toPath = (segments: Segments): string => segments.reduce<string>((path, segment) => {
  if (typeof segment === 'number') return `${path}[${segment}]`;
  return /^[A-Za-z_][\w]*$/.test(segment) ? `${path}.${segment}` : `${path}['${segment.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
}, '$');

/** Reads what a person types: `$.items[0].sku`, `items[0].sku`, `/items/0/sku`, `[12]`, `12`. `undefined`: it is no path. */
export function readPath(text: string): Segments | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('/')) return trimmed.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const source = trimmed.startsWith('$') ? trimmed.slice(1) : trimmed;
  const segments: (string | number)[] = [];
  let at = 0;
  while (at < source.length) {
    part.lastIndex = at;
    const match = part.exec(source);
    if (!match || (match[1] === undefined && match[2] === undefined && match[3] === undefined && match[4] === undefined)) return undefined;
    const [, name, index, single, double] = match;
    if (index !== undefined) segments.push(Number(index));
    else segments.push(name ?? unquote(single ?? double ?? ''));
    at = part.lastIndex;
  }
  return segments;
}

const part = /\.?([^.[\]'"]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
const unquote = (text: string): string => text.replace(/\\(.)/g, '$1');
