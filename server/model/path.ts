import { JSONPathEnvironment, JSONPathError, jsonpath, type JSONPathNode, type JSONPathQuery } from 'json-p3';
import { RE2JS } from 're2js';
import { FlowError, type Path } from '../../plugins/sdk/index.ts';
import { createCache } from './lru.ts';
import { everything, type PathKey } from './path-keys.ts';
import { isDescent, nodesOf } from './path-nodes.ts';
import { compileParentPath } from './path-parent.ts';
import { setAt } from './path-set.ts';

// Apart, so that a page can name places without the reader of queries.
export { everything, printPath, type PathKey } from './path-keys.ts';

const compiled = createCache<Path>(1_000);

/**
 * Compiles a JSONPath (RFC 9535; the leading `$.` may be left out; `''` and `$` are the whole document). Also takes what only jsonpath-plus
 * knows: `^` (parent), `~` (name) and `@string()` and the like (type), but without filters beside them. Fails with `CONFIG_PATH`, whose `details.position` counts from 0.
 */
export function compilePath(query: string): Path {
  return compiled.get(query) ?? compiled.add(query, compileNew(query));
}

/** The keys of a path of names, indexes and wildcards only; `undefined` for other paths. Fails with `CONFIG_PATH`. */
export function pathKeys(query: string): readonly PathKey[] | undefined {
  return keysOf(parsePath(query));
}

/** The query itself, for who goes through a document step by step. Fails with `CONFIG_PATH`. */
export function parsePath(query: string): JSONPathQuery {
  const parsed = tryParse(query);
  if (parsed instanceof FlowError) throw parsed;
  return parsed;
}

function compileNew(query: string): Path {
  const parsed = tryParse(query);
  if (parsed instanceof FlowError) {
    const path = compileParentPath(query, withRoot(query), (plain) => void parsePath(plain));
    if (path) return path;
    throw parsed;
  }
  const keys = keysOf(parsed);
  return keys ? fromKeys(query, keys) : fromQuery(query, parsed);
}

// The language is parsed by json-p3; what is only names, indexes and wildcards then runs as closures of our own, which make no nodes and no locations.
function keysOf(parsed: JSONPathQuery): readonly PathKey[] | undefined {
  const keys: PathKey[] = [];
  for (const segment of parsed.segments) {
    const [selector, more] = segment.selectors;
    if (more || isDescent(segment)) return undefined;
    if (selector instanceof jsonpath.selectors.NameSelector) keys.push(selector.name);
    else if (selector instanceof jsonpath.selectors.IndexSelector) keys.push(selector.index);
    else if (selector instanceof jsonpath.selectors.WildcardSelector) keys.push(everything);
    else return undefined;
  }
  return keys;
}

function fromKeys(query: string, keys: readonly PathKey[]): Path {
  const singular = !keys.includes(everything);
  const plain = keys.map((key) => (key === everything ? null : key));
  const get = singular ? readAll(keys as readonly (string | number)[]) : keys.reduceRight<(value: unknown) => unknown>((next, key) => firstBelow(key, next), (value) => value);
  if (singular) {
    const places = keys as readonly (string | number)[];
    return { query, singular, keys: plain, get, all: (document) => asList(get(document)), places: (document) => placesOf(keys, document), set: (document, value) => setAt(query, places, document, value) };
  }
  const visit = keys.reduceRight<(value: unknown, found: unknown[]) => void>((next, key) => visitBelow(key, next), (value, found) => void (value !== undefined && found.push(value)));
  return {
    query, singular, keys: plain, get, places: (document) => placesOf(keys, document), set: notSingular(query),
    all: (document) => {
      const found: unknown[] = [];
      visit(document, found);
      return found;
    },
  };
}

/** Where the values stand that keys lead to. */
function placesOf([key, ...more]: readonly PathKey[], value: unknown): (readonly (string | number)[])[] {
  if (key === undefined) return value === undefined ? [] : [[]];
  if (key === everything) return (Array.isArray(value) ? [...value.keys()] : typeof value === 'object' && value !== null ? Object.keys(value) : []).flatMap((own) => placesOf([own, ...more], value));
  const own = typeof key === 'number' && key < 0 && Array.isArray(value) ? value.length + key : key;
  return placesOf(more, typeof own === 'string' ? member(value, own) : item(value, own)).map((place) => [own, ...place]);
}

/** Most paths have one or two names. */
function readAll(keys: readonly (string | number)[]): (value: unknown) => unknown {
  const [first, second, ...more] = keys.map(readOne);
  if (!first) return (value) => value;
  if (!second) return first;
  if (more.length === 0) return (value) => second(first(value));
  return (value) => {
    let found = second(first(value));
    for (const read of more) found = read(found);
    return found;
  };
}

function readOne(key: string | number): (value: unknown) => unknown {
  if (typeof key === 'number') return (value) => item(value, key);
  // What is not there could only be inherited; of a name that nothing inherits it need not be asked, which costs as much as all the rest.
  if (key in Object.prototype || key in Array.prototype) return (value) => member(value, key);
  return (value) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined);
}

function firstBelow(key: PathKey, next: (value: unknown) => unknown): (value: unknown) => unknown {
  if (typeof key === 'string') return (value) => next(member(value, key));
  if (typeof key === 'number') return (value) => next(item(value, key));
  return (value) => {
    for (const child of childrenOf(value)) {
      const found = next(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function visitBelow(key: PathKey, next: (value: unknown, found: unknown[]) => void): (value: unknown, found: unknown[]) => void {
  if (typeof key === 'string') return (value, found) => next(member(value, key), found);
  if (typeof key === 'number') return (value, found) => next(item(value, key), found);
  return (value, found) => {
    for (const child of childrenOf(value)) next(child, found);
  };
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
const item = (value: unknown, index: number): unknown => (Array.isArray(value) ? value[index < 0 ? value.length + index : index] : undefined);
const childrenOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : []);
const asList = (value: unknown): unknown[] => (value === undefined ? [] : [value]);

function fromQuery(query: string, parsed: JSONPathQuery): Path {
  const run = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof JSONPathError || error instanceof RangeError) throw new FlowError('DATA_INVALID', `The path ${JSON.stringify(query)} does not work on this document: ${error.message}.`, { cause: error, details: { query } });
      throw error;
    }
  };
  const nodes = (document: unknown): Iterable<JSONPathNode> => (document === undefined ? [] : nodesOf(parsed, query, document));
  return {
    query, singular: false, set: notSingular(query),
    get: (document) => run(() => first(nodes(document))?.value),
    all: (document) => run(() => Array.from(nodes(document), ({ value }) => value)),
    places: (document) => run(() => Array.from(nodes(document), ({ location }) => location)),
  };
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}

const notSingular = (query: string) => (): never => {
  throw new FlowError('CONFIG_PATH', `The path ${JSON.stringify(query)} may name several places, so nothing can be written there. Use names and indexes only.`, { details: { query } });
};

function tryParse(query: string): JSONPathQuery | FlowError {
  const full = withRoot(query);
  try {
    return environment.compile(full);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const position = Math.min(query.length, Math.max(0, (error instanceof JSONPathError ? error.token.index : 0) - (full.length - query.length)));
    return new FlowError('CONFIG_PATH', `The path ${JSON.stringify(query)} is not valid at character ${position + 1}: ${error.message.replace(placeOfParser, '')}.${hintFor(query, position)}`, { cause: error, details: { query, position } });
  }
}

// json-p3 names the place in the whole query, which has another beginning.
const placeOfParser = / \('[^]*':\d+\)$/;

function hintFor(query: string, position: number): string {
  if (/(^|\.)\d/.test(query)) return ' Write the index of a list in brackets: items[0].';
  // XML: attributes, and the text beside them.
  const name = /^[@#][\w:-]+/.exec(query.slice(position))?.[0];
  if (name === undefined) return '';
  const [before, after] = [query.slice(0, position).replace(/(?<!\.)\.$|\[$/, ''), query.slice(position + name.length).replace(/^\]/, '')];
  return ` Write a name with ${name[0]!} in brackets and quotes: ${before}['${name}']${after}`;
}

const withRoot = (query: string): string => (query === '' ? '$' : query.startsWith('$') || query.startsWith(' ') ? query : query.startsWith('[') || query.startsWith('.') ? `$${query}` : `$.${query}`);


/** `match()` and `search()` by an engine whose time grows with the text only, whatever the pattern. */
function regularExpression(whole: boolean) {
  const patterns = createCache<RE2JS | false>(200);
  const { FunctionExpressionType: type } = jsonpath;
  return {
    argTypes: [type.ValueType, type.ValueType],
    returnType: type.LogicalType,
    call: (text: unknown, pattern: unknown): boolean => {
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      const compiledPattern = patterns.get(pattern) ?? patterns.add(pattern, compileRegExp(pattern));
      return compiledPattern !== false && (whole ? compiledPattern.matches(text) : compiledPattern.matcher(text).find());
    },
  };
}

// RFC 9535: a pattern that is not valid matches nothing. Its `.` is anything but a line feed and a carriage return.
function compileRegExp(pattern: string): RE2JS | false {
  try {
    return RE2JS.compile(pattern.replaceAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\./g, (part) => (part === '.' ? String.raw`[^\n\r]` : part)));
  } catch {
    return false;
  }
}

const environment = new JSONPathEnvironment({ maxRecursionDepth: 1_000 });
environment.functionRegister.set('match', regularExpression(true));
environment.functionRegister.set('search', regularExpression(false));
