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

/** Compiles settings once, and again only for payloads whose expressions gave other settings. */
export function perSettings<S extends object, T>(settings: S, compile: (settings: S) => T): (settings: S) => T {
  const compiled = compile(settings);
  return (current) => (current === settings ? compiled : compile(current));
}
