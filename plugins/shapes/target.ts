import { FlowError, readPlace } from '../sdk/index.ts';

interface Parsed {
  readonly keys: readonly (string | number)[];
  /** Where a list is gone through: after so many keys. */
  readonly stops: readonly number[];
}

/** Reads `customer.lines[*]['unit price'][0]`. Fails with `CONFIG_PATH`. */
export function parsePlace(query: string, pointer: string): Parsed {
  const keys: (string | number)[] = [];
  const stops: number[] = [];
  const { steps, end } = readPlace(query);
  if (end < query.length) throw invalid(query, pointer, `it cannot be read at ${JSON.stringify(query.slice(end))}`);
  for (const { key } of steps) {
    if (key === null) stops.push(keys.length);
    else keys.push(key);
  }
  const unsafe = keys.find((key) => key === '__proto__' || key === 'constructor' || key === 'prototype');
  if (unsafe !== undefined) throw invalid(query, pointer, `"${unsafe}" cannot be written`);
  if (keys.some((key) => typeof key === 'number' && key > 100_000)) throw invalid(query, pointer, 'an index is above 100,000');
  return { keys, stops };
}

type Node = Record<string, unknown>;

/**
 * Makes empty objects into which so many fields are written. V8 turns one whose fields come by names that stand in variables into a hash table at the 18th of them,
 * which takes four times as long to fill and twice as long to print. It does so later where a constructor leaves room for them.
 */
export const emptyObject = (fields: number): (() => object) => (fields > 8 ? () => new Roomy(false) : () => ({}));

/** V8 leaves room for what stands in a constructor, whether it comes to it or not, and takes back what the first seven objects do not use. */
const Roomy = function (this: Node, isFull: boolean) {
  if (isFull) this['a'] = this['b'] = this['c'] = this['d'] = this['e'] = this['f'] = this['g'] = this['h'] = this['i'] = this['j'] = this['k'] = this['l'] = this['m'] = this['n'] = this['o'] = this['p'] = this['q'] = this['r'] = this['s'] = this['t'] = this['u'] = this['v'] = this['w'] = this['x'] = null;
} as unknown as new (isFull: boolean) => object;
Roomy.prototype = Object.prototype;
for (let made = 0; made < 8; made++) Reflect.construct(Roomy, [true]);

/** Writes at names and indexes below a document that belongs to the writer; makes what is not there, and puts what is needed in the place of what stands in the way. */
export function writerAt(keys: readonly (string | number)[]): (document: unknown, value: unknown) => void {
  const last = keys[keys.length - 1] as string;
  const parents = keys.slice(0, -1).map((key, index) => parentAt(key, typeof keys[index + 1] === 'number'));
  const [parent] = parents;
  if (!parent) return (document, value) => void ((document as Node)[last] = value);
  if (parents.length === 1) return (document, value) => void (parent(document as Node)[last] = value);
  return (document, value) => {
    let node = document as Node;
    for (const below of parents) node = below(node);
    node[last] = value;
  };
}

/** The list at a place below a document that belongs to the writer, made where there is none. */
export function listAt(keys: readonly (string | number)[]): (document: unknown) => unknown[] {
  if (keys.length === 0) return (document) => document as unknown[];
  const nodes = keys.map((key, index) => parentAt(key, index === keys.length - 1 || typeof keys[index + 1] === 'number'));
  const [only] = nodes;
  if (only && nodes.length === 1) return (document) => only(document as Node) as unknown as unknown[];
  return (document) => {
    let node = document as Node;
    for (const below of nodes) node = below(node);
    return node as unknown as unknown[];
  };
}

/** The list at a place, if there is one. */
export function findList(keys: readonly (string | number)[]): (document: unknown) => unknown[] | undefined {
  return (document) => {
    let node = document;
    for (const key of keys) {
      if (typeof node !== 'object' || node === null) return undefined;
      node = (node as Record<string | number, unknown>)[key];
    }
    return Array.isArray(node) ? node : undefined;
  };
}

/** The object or the list at a name. */
function parentAt(key: string | number, isList: boolean): (node: Node) => Node {
  const name = key as string;
  // Of other names, what is not there is not inherited either. To ask for it costs as much as all the rest.
  const isInherited = key in Object.prototype || key in Array.prototype;
  return (node) => {
    const below = isInherited && !Object.hasOwn(node, name) ? undefined : node[name];
    if (typeof below === 'object' && below !== null && Array.isArray(below) === isList) return below as Node;
    const made = (isList ? [] : {}) as Node;
    node[name] = made;
    return made;
  };
}

const invalid = (query: string, pointer: string, reason: string): FlowError =>
  new FlowError('CONFIG_PATH', `The target ${JSON.stringify(query)} is not a place to write to: ${reason}. Use names, indexes and [*].`, { details: { query }, place: { pointer } });
