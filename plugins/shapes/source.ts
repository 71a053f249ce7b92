import { FlowError, type OpenContext, type Path } from '../sdk/index.ts';

export interface Source {
  /** Paths of the lists that are gone through, one below the other. */
  readonly lists: readonly Path[];
  /** What stands below the last of them. */
  readonly rest: Path;
  /** What stands below each list, with all lists after it flat. */
  readonly flat: readonly Path[];
}

/** How the sources of a rule are read while lists are gone through. Level n is below n lists. What is handed on is a value; of several sources, a list of theirs. */
export interface Reading {
  begin(record: unknown): unknown;
  /** The items of the next list; none where all sources are repeated for each item. */
  open(level: number): ((value: unknown) => readonly unknown[]) | undefined;
  /** A source that has further lists below gives them flat. */
  read(level: number): (value: unknown) => unknown;
}

export function readingOf(sources: readonly Source[]): Reading {
  const [only] = sources;
  if (!only) return { begin: () => undefined, open: () => undefined, read: () => () => undefined };
  if (sources.length === 1) return { begin: (record) => record, open: (level) => itemsAt(only, level), read: (level) => readAt(only, level) };
  return {
    begin: (record) => sources.map(() => record),
    open: (level) => together(sources.map((source) => itemsAt(source, level))),
    read: (level) => {
      const reads = sources.map((source) => readAt(source, level));
      return (values) => reads.map((read, at) => read((values as readonly unknown[])[at]));
    },
  };
}

/** Item i has the items i of all lists; a source without one is repeated. */
function together(opens: readonly (((value: unknown) => readonly unknown[]) | undefined)[]): Reading['open'] extends (level: number) => infer R ? R : never {
  if (opens.every((open) => open === undefined)) return undefined;
  return (values) => {
    const lists = opens.map((open, at) => open?.((values as readonly unknown[])[at]));
    const length = Math.max(...lists.map((list) => list?.length ?? 0));
    return Array.from({ length }, (_, index) => lists.map((list, at) => (list ? list[index] : (values as readonly unknown[])[at])));
  };
}

const readAt = ({ lists, rest, flat }: Source, level: number): ((value: unknown) => unknown) => (level >= lists.length ? rest.get : flat[level]!.all);

/** What is no list is one item. */
function itemsAt({ lists }: Source, level: number): ((value: unknown) => readonly unknown[]) | undefined {
  const path = lists[level];
  return path && ((value) => {
    const found = path.get(value);
    return Array.isArray(found) ? found : found === undefined || found === null ? [] : [found];
  });
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

/** `a[*].b` → `a`, `.b`. A `[*]` within quotes is a name. */
function splitAtStars(query: string): string[] {
  const parts = [''];
  for (const [token] of query.replace(/^\$\.?/, '').matchAll(/\['(?:[^'\\]|\\.)*'\]|\["(?:[^"\\]|\\.)*"\]|\[\*\]|[^]/g)) {
    if (token === '[*]') parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}
