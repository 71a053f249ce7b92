import { FlowError, type Path } from '../sdk/index.ts';

/** The records of a document: the items of the list at a path, or the one value there. */
export interface Records {
  readonly list: readonly unknown[];
  readonly isList: boolean;
  /** The document with other records in their place. */
  put(records: readonly unknown[]): unknown;
}

/** Setting of all shapes that work on records. */
export const recordsSetting = {
  type: 'string', default: '', title: 'Records', description: 'Path of the list of records in the payload; empty where the payload itself is the list, or is one record.', 'x-path': 'payload',
} as const;

export function recordsAt(path: Path, document: unknown): Records {
  const value = path.get(document);
  if (value === undefined) {
    throw new FlowError('DATA_MISSING', `There is nothing at the path ${JSON.stringify(path.query)} of the payload.`, { details: { path: path.query } });
  }
  const isList = Array.isArray(value);
  const isRoot = path.query === '' || path.query === '$';
  return {
    list: isList ? value : [value], isList,
    put: (records) => {
      const changed = isList ? records : records[0];
      return isRoot ? changed : path.set(document, changed);
    },
  };
}

/**
 * Compiles a part of the settings: once where no expression stands in it, else when a payload comes, for each of the values that the expressions gave. So
 * what cannot be compiled is found when the step is opened, unless it takes a payload to know it: then it is that payload that fails, with `DATA_INVALID`.
 */
export function perSettings<P, T>(part: P, compile: (part: P) => T): (current: P) => T {
  const compiled = new Map<string, T>();
  let last = hasExpression(part) ? undefined : { part, value: compile(part) };
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
