import { FlowError } from '../../plugins/sdk/index.ts';
import { findPlugin, type Catalog } from './catalog.ts';
import { detailOf, shownValue } from './complete.ts';
import { parseTemplate } from './expression-parser.ts';
import { partsOf, type PathExpression } from './expression-syntax.ts';
import { lastAt, starsOf, typeAt, type RootValue, type RootValues } from './expression-types.ts';
import { everything, type PathKey } from './path.ts';
import { plainKeys } from './plain-path.ts';
import { placeAt } from './schema-place.ts';

/** What is known of a part of an expression. */
export interface Hover {
  readonly start: number;
  readonly end: number;
  /** A path, or the name of a transform. */
  readonly title: string;
  /** Its type, in words. */
  readonly type?: string;
  readonly description?: string;
  /** In words, where it is known from. */
  readonly from?: string;
  /** The value that it had last, as JSON, cut. */
  readonly last?: string;
}

interface HoverWorld {
  readonly catalog: Catalog;
  readonly values: RootValues;
}

/** What stands at a character of a template: of a path the part up to there. `undefined` where it is nothing, or cannot be read. */
export function hoverExpression(text: string, offset: number, { catalog, values }: HoverWorld): Hover | undefined {
  const isAt = ({ start, end }: { readonly start: number; readonly end: number }): boolean => start <= offset && offset <= end;
  const parts = read(text);
  for (const part of parts) {
    if (part.kind === 'pipe' && isAt(part.name)) {
      const entry = findPlugin(catalog, 'transform', part.transform);
      return entry && { ...part.name, title: part.transform, description: entry.summary };
    }
    if (part.kind === 'path' && isAt(part) && Object.hasOwn(values, part.root)) return ofPath(text, offset, part, values[part.root]!);
  }
  return undefined;
}

/** The same for a path that stands alone. */
export function hoverPath(query: string, offset: number, { values }: HoverWorld): Hover | undefined {
  const start = query.startsWith('$') ? 1 : 0;
  const root = values[''];
  return root && query !== '' && offset >= start ? ofPath(query, offset, { start: 0, end: query.length, root: query.slice(0, start), path: query.slice(start) }, root) : undefined;
}

function ofPath(text: string, offset: number, part: Pick<PathExpression, 'start' | 'end' | 'root' | 'path'>, root: RootValue): Hover | undefined {
  const end = segmentEnd(text, offset, part);
  const path = text.slice(part.start + part.root.length, end);
  const keys = path === '' ? [] : plainKeys(part.root === '' ? path : `$${path}`);
  if (!keys) return undefined;
  const schema = typeAt(root, keys);
  const seen = lastAt(root, keys);
  const isAll = keys.includes(everything);
  const about = descriptionAt(root, keys);
  return {
    start: part.start, end, title: text.slice(part.start, end), ...typed(schema), ...(about !== undefined && { description: about }), ...(root.from !== undefined && { from: root.from }),
    ...(seen.length > 0 && { last: shownValue(isAll ? seen : seen[0]) }),
  };
}

function typed(schema: object): { readonly type?: string } {
  const { detail } = detailOf(schema);
  return detail === undefined ? {} : { type: detail };
}

function descriptionAt(root: RootValue, keys: readonly PathKey[]): string | undefined {
  if (keys.length === 0) return root.description === '' ? undefined : root.description;
  const { title, description } = placeAt(root.schema, keys, starsOf(root)).schema as { readonly title?: unknown; readonly description?: unknown };
  return typeof description === 'string' ? description : typeof title === 'string' ? title : undefined;
}

/** Where the segment of a path ends in which a character stands. */
function segmentEnd(text: string, offset: number, { start, end, root }: Pick<PathExpression, 'start' | 'end' | 'root'>): number {
  const segment = /\.{0,2}[\w*\u0080-\uffff-]+|\[(?:'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|[^'"\]])*\]/y;
  let at = start + root.length;
  while (at < end && at < offset) {
    segment.lastIndex = at;
    if (!segment.test(text)) return end;
    at = segment.lastIndex;
  }
  return Math.min(at, end);
}

function read(text: string) {
  try {
    return partsOf(parseTemplate(text));
  } catch (error) {
    if (FlowError.is(error, 'CONFIG_EXPRESSION')) return [];
    throw error;
  }
}
