import { FlowError } from '../sdk/index.ts';


interface Parsed {
  readonly keys: readonly (string | number)[];
  /** Where a list is gone through: after so many keys. */
  readonly stops: readonly number[];
}

/** Reads `customer.lines[*]['unit price'][0]`. Fails with `CONFIG_PATH`. */
export function parsePlace(query: string, pointer: string): Parsed {
  const keys: (string | number)[] = [];
  const stops: number[] = [];
  const text = query.replace(/^\$\.?/, '');
  const part = /\.?([^.[\]'"\s*][^.[\]]*)|\[(\d+)\]|\[(\*)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
  for (let at = 0; at < text.length; at = part.lastIndex) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (!found) throw invalid(query, pointer, `it cannot be read at ${JSON.stringify(text.slice(at))}`);
    const [, name, index, star, single, double] = found;
    if (star !== undefined) stops.push(keys.length);
    else if (index !== undefined) keys.push(Number(index));
    else keys.push((name ?? single ?? double ?? '').replace(/\\(.)/g, '$1'));
  }
  const unsafe = keys.find((key) => key === '__proto__' || key === 'constructor' || key === 'prototype');
  if (unsafe !== undefined) throw invalid(query, pointer, `"${unsafe}" cannot be written`);
  if (keys.some((key) => typeof key === 'number' && key > 100_000)) throw invalid(query, pointer, 'an index is above 100,000');
  return { keys, stops };
}

export type Node = Record<string, unknown>;

/** Writes at names and indexes below a document that belongs to the writer; makes what is not there, and puts what is needed in the place of what stands in the way. */
export function writerAt(keys: readonly (string | number)[]): (document: unknown, value: unknown) => void {
  const [only, ...more] = keys;
  if (only !== undefined && more.length === 0) return (document, value) => void ((document as Node)[only] = value);
  const parents = keys.slice(0, -1);
  const last = keys[keys.length - 1] as string;
  const makesList = parents.map((_, index) => typeof keys[index + 1] === 'number');
  return (document, value) => {
    let node = document as Node;
    for (let index = 0; index < parents.length; index++) {
      const key = parents[index] as string;
      let below = Object.hasOwn(node, key) ? node[key] : undefined;
      if (typeof below !== 'object' || below === null || Array.isArray(below) !== makesList[index]) below = node[key] = makesList[index] ? [] : {};
      node = below as Node;
    }
    node[last] = value;
  };
}

/** The list at a place below a document that belongs to the writer, made where there is none. */
export function listAt(keys: readonly (string | number)[]): (document: unknown) => unknown[] {
  const write = writerAt(keys);
  return (document) => {
    let value = document;
    for (const key of keys) {
      value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Node)[key] : undefined;
      if (value === undefined) break;
    }
    if (Array.isArray(value)) return value;
    const list: unknown[] = [];
    write(document, list);
    return list;
  };
}

const invalid = (query: string, pointer: string, reason: string): FlowError =>
  new FlowError('CONFIG_PATH', `The target ${JSON.stringify(query)} is not a place to write to: ${reason}. Use names, indexes and [*].`, { details: { query }, place: { pointer } });
