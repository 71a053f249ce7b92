import { FlowError, type OpenContext, type Path } from '../sdk/index.ts';

export interface Source {
  /** Paths of the lists that are gone through, one below the other. */
  readonly lists: readonly Path[];
  /** What stands below the last of them. */
  readonly rest: Path;
  /** What stands below each list, with all lists after it flat. */
  readonly flat: readonly Path[];
}

/** Where a source stands while lists are gone through. */
export interface Cursor {
  readonly source: Source;
  readonly value: unknown;
  /** Lists that were gone into. */
  readonly depth: number;
}

/** Fails with `CONFIG_PATH`. */
export function compileSource(query: string, context: Pick<OpenContext, 'path'>, pointer: string): Source {
  const parts = splitAtStars(query);
  try {
    const plain = context.path(query);
    if (plain.singular || parts.length === 1 || plain.query.includes('..')) return { lists: [], rest: plain, flat: [plain] };
    const below = (index: number): string => parts.slice(index).map((part, at) => (at === 0 ? part.replace(/^\./, '') : `[*]${part}`)).join('');
    return {
      lists: parts.slice(0, -1).map((part, index) => context.path(index === 0 ? part : part.replace(/^\./, ''))),
      rest: context.path((parts.at(-1) ?? '').replace(/^\./, '')),
      flat: parts.map((_, index) => context.path(below(index))),
    };
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw new FlowError(error.code, error.message, { cause: error, details: error.details, place: { pointer } });
  }
}

/** A source that has further lists below gives them flat. */
export function readAt({ source, value, depth }: Cursor): unknown {
  if (depth === source.lists.length) return source.rest.get(value);
  return source.flat[depth]?.all(value);
}

/** The items that a source goes through here; `undefined` where it is repeated. What is no list is one item. */
export function listOf({ source, value, depth }: Cursor): readonly unknown[] | undefined {
  const path = source.lists[depth];
  if (!path) return undefined;
  const found = path.get(value);
  return Array.isArray(found) ? found : found === undefined || found === null ? [] : [found];
}

/** `a[*].b` → `a`, `.b`. A `[*]` within quotes is a name. */
function splitAtStars(query: string): string[] {
  const parts = [''];
  for (const [token] of query.replace(/^\$\.?/, '').matchAll(/\['(?:[^'\\]|\\.)*'\]|\["(?:[^"\\]|\\.)*"\]|\[\*\]|[^]/g)) {
    if (token === '[*]') parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}
