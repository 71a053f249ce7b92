import { FlowError, type Path } from '../sdk/index.ts';

/** The records of a document: the items of the list at a path, or the one value there; of a path that names several places, those of all of them. */
export interface Records {
  readonly list: readonly unknown[];
  readonly isList: boolean;
  /** The document with some of its records only, by their number. */
  only(isKept: (index: number) => boolean): unknown;
}

/** Setting of all shapes that work on records. */
export const recordsSetting = {
  type: 'string', default: '', title: 'Records', description: 'Path of the list of records in the payload; empty where the payload itself is the list, or is one record. A path that names several places, such as `orders[*]` or `shops[*].orders`, means the records of all of them.', 'x-path': 'payload',
} as const;

export function recordsAt(path: Path, document: unknown): Records {
  if (!path.singular) return recordsOfAll(path, document);
  const value = path.get(document);
  if (value === undefined) throw nothingAt(path);
  const isList = Array.isArray(value);
  const isRoot = path.query === '' || path.query === '$';
  const list = isList ? (value as unknown[]) : [value];
  return {
    list, isList,
    only: (isKept) => {
      const kept = list.filter((_, index) => isKept(index));
      const changed = isList ? kept : kept[0];
      return isRoot ? changed : path.set(document, changed);
    },
  };
}

function recordsOfAll(path: Path, document: unknown): Records {
  const found = path.all(document);
  if (found.length === 0 && listAbove(path, document) === undefined) throw nothingAt(path);
  return {
    list: found.flatMap((value): unknown[] => (Array.isArray(value) ? value : [value])), isList: true,
    only: (isKept) => {
      let next = 0;
      const places = path.places(document);
      const edits = found.map((value, at): Edit => ({ place: places[at]!, value: Array.isArray(value) ? value.filter(() => isKept(next++)) : isKept(next++) ? value : gone }));
      return edited(document, edits);
    },
  };
}

/** What a path of names, indexes and wildcards goes through first: where it is missing, so are the records. Other paths search. */
const listAbove = ({ keys }: Path, document: unknown): unknown =>
  keys ? keys.slice(0, keys.indexOf(null)).reduce<unknown>((value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key!) ? (value as Record<string | number, unknown>)[key!] : undefined), document) : document;

const nothingAt = ({ query }: Path): FlowError => new FlowError('DATA_MISSING', `There is nothing at the path ${JSON.stringify(query)} of the payload.`, { details: { path: query } });

interface Edit {
  readonly place: readonly (string | number)[];
  readonly value: unknown;
}

const gone = Symbol('gone');

/** A copy of the value with other values at some places; what is gone leaves no hole. */
function edited(value: unknown, edits: readonly Edit[]): unknown {
  const own = edits.find(({ place }) => place.length === 0);
  if (own) return own.value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string | number, unknown>;
  for (const [key, below] of Map.groupBy(edits, ({ place }) => place[0]!)) {
    const made = edited(copy[key], below.map((edit) => ({ ...edit, place: edit.place.slice(1) })));
    if (made === gone && !Array.isArray(copy)) delete copy[key];
    else copy[key] = made;
  }
  return Array.isArray(copy) ? copy.filter((item) => item !== gone) : copy;
}

/**
 * Compiles a part of the settings: once where no expression stands in it, else when a payload comes, for each of the values that the expressions gave. So
 * what cannot be compiled is found when the step is opened, unless it takes a payload to know it: then it is that payload that fails, with `DATA_INVALID`. `isOpen`: whether expressions stand in it, where the caller knows.
 */
export function perSettings<P, T>(part: P, compile: (part: P) => T, isOpen = hasExpression(part)): (current: P) => T {
  const compiled = new Map<string, T>();
  let last = isOpen ? undefined : { part, value: compile(part) };
  return (current) => {
    // The very same part where its expressions, if it has any, stand elsewhere.
    if (last?.part === current) return last.value;
    const key = JSON.stringify(current);
    let value = compiled.get(key);
    if (value === undefined) {
      value = ofPayload(() => compile(current));
      if (compiled.size === mostCompiled) compiled.delete(compiled.keys().next().value!);
      compiled.set(key, value);
    }
    last = { part: current, value };
    return value;
  };
}

/** Whether the engine may put other values in place of some of it. */
export const hasExpression = (part: unknown): boolean => JSON.stringify(part).includes('{{');

/** Values of expressions for which something is kept compiled, per part. */
const mostCompiled = 100;

function ofPayload<T>(compile: () => T): T {
  const refuse = (error: unknown): never => {
    throw FlowError.is(error, 'CONFIG_INVALID') ? new FlowError('DATA_INVALID', error.message, { cause: error, details: error.details, ...(error.place && { place: error.place }) }) : error;
  };
  try {
    const value = compile();
    return (value instanceof Promise ? value.catch(refuse) : value) as T;
  } catch (error) {
    return refuse(error);
  }
}
