import type { Compared, Param } from './openapi-oracle.ts';
import { meaningOf, type Meaning } from './wire.ts';

interface Rule {
  readonly reason: string;
  /** Whether it accounts for a difference, such as `query.page`, wholly. */
  holds(difference: string, compared: Compared, ours: Meaning, theirs: Meaning): boolean;
}

/** Why swagger-client sends something else. What none of these accounts for is a fault. */
export const differenceRules: Readonly<Record<string, Rule>> = {
  'optional-default': {
    reason: 'swagger-client sends the default of an optional parameter of Swagger 2. Patchbay leaves it to the server, which may think of a better one.',
    holds: (difference, { described }, ours, theirs) => {
      const [kind = '', name = ''] = difference.split(/\.(.*)/);
      const param = described.params.find((one) => kind === one.in && sameName(one, name));
      const value = kind === 'query' ? theirs.query[name] : [theirs.headers[name]];
      return param !== undefined && param['required'] !== true && param['default'] !== undefined && (kind === 'query' ? ours.query : ours.headers)[name] === undefined && value?.join(',') === [param['default']].flat().map(String).join(',').trim();
    },
  },
  authorization: {
    reason: 'The header that signs in is declared as a parameter. In Patchbay it belongs to an auth method, so the parameter is left out and named in the report.',
    holds: (difference, { described }, ours) => difference === 'header.authorization' && ours.headers['authorization'] === undefined && described.params.some((param) => param.in === 'header' && sameName(param, 'authorization')),
  },
  'query-in-path': {
    reason: 'swagger-client does not fill in a path that holds a query or a fragment.',
    holds: (difference, { described }, ours, theirs) => difference === 'path' && /[?#]/.test(described.path) && theirs.path.some((part) => /^\{.+\}$/.test(part)) && ours.path.every((part, index) => /^\{.+\}$/.test(theirs.path[index]!) || part === theirs.path[index]),
  },
  'json-part': {
    reason: 'swagger-client sends an object in a multipart body as text, or with the file name "blob" where the description says its type. OpenAPI says that it is JSON, and it is no file.',
    holds: (difference, _, ours, theirs) => difference === 'body' && isParts(ours.body) && isParts(theirs.body) && sameFields(plainParts(ours.body), plainParts(theirs.body)),
  },
  'deep-object': {
    reason: 'OpenAPI does not say how lists and objects in a deepObject are written. swagger-client writes them as JSON; Patchbay writes brackets at every depth, as servers that declare it read them.',
    holds: (difference, _, ours, theirs) => {
      const root = /^query\.([^[]+)/.exec(difference)?.[1];
      if (root === undefined && difference !== 'body') return false;
      const [left, right] = (root === undefined ? [ours.body, theirs.body] : [ours.query, theirs.query]).map((fields) => leavesOf(fields, root));
      return left !== undefined && left.length > 0 && sameFields(left, right);
    },
  },
  'deep-part': {
    reason: 'In OpenAPI 3.0 the fields of a multipart body have no style. swagger-client writes a deepObject there all the same, Patchbay JSON.',
    holds: (difference, _, ours, theirs) => difference === 'body' && isParts(ours.body) && isParts(theirs.body) && sameFields(leavesOf(fieldsOf(ours.body)), leavesOf(fieldsOf(theirs.body))),
  },
  'form-list': {
    reason: 'swagger-client joins the items of a list in a form with commas where the description is silent; OpenAPI says that each item is a field.',
    holds: (difference, _, ours, theirs) => difference === 'body' && sameFields(joinedFields(ours.body), joinedFields(theirs.body)),
  },
};

/** Names of the rules that account for the differences; `undefined` among them for those that nothing accounts for. */
export function rulesOf(compared: Compared): (string | undefined)[] {
  const { ours, theirs, differences } = compared;
  if (!ours || !theirs) return [undefined];
  const meanings = [meaningOf(ours), meaningOf(theirs)] as const;
  return differences.map((difference) => Object.keys(differenceRules).find((name) => differenceRules[name]!.holds(difference, compared, ...meanings)));
}

const sameName = (param: Param, name: string): boolean => (param.in === 'header' ? param.name.toLowerCase() === name : param.name === name);
const sameFields = (one: unknown, other: unknown): boolean => one !== undefined && JSON.stringify(one) === JSON.stringify(other);

const fieldsOf = (parts: readonly Part[]): object => Object.fromEntries(Array.from(Map.groupBy(parts, ({ name }) => name), ([name, all]) => [name, all.map(({ content }) => content)]));

/** What stands in the fields of a form or a query below a name, or in all of them: each value with the way to it, without the numbers of lists. */
function leavesOf(fields: unknown, root?: string): readonly string[] | undefined {
  if (isParts(fields) || typeof fields !== 'object' || fields === null) return undefined;
  const all = Object.entries(fields as Readonly<Record<string, readonly string[]>>).map(([name, values]) => [name.split(/[[\]]+/).filter((key) => !/^\d*$/.test(key)), values] as const);
  return all.filter(([[first]]) => root === undefined || first === root).flatMap(([way, values]) => values.flatMap((value) => leaves(way.join('.'), isDocument(value) ? (JSON.parse(value) as unknown) : value))).sort();
}

function leaves(way: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(way, item));
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, field]) => leaves(`${way}.${key}`, field)) : [`${way}=${String(value)}`];
}

interface Part { readonly name: string; readonly file?: string; readonly type: string; readonly content: string }
const isParts = (body: unknown): body is readonly Part[] => Array.isArray(body);

/** Fields of a form, those of one name as one text. */
function joinedFields(body: unknown): unknown {
  if (isParts(body)) return Array.from(Map.groupBy(plainParts(body), ({ name, type, file }) => `${name} ${type} ${file}`), ([key, all]) => [key, all.map(({ content }) => content).join(',')]);
  return typeof body === 'object' && body !== null ? Object.entries(body as Readonly<Record<string, readonly string[]>>).map(([name, values]) => [name, values.join(',')]) : undefined;
}

/** Parts without what swagger-client says of objects in its own way. */
const plainParts = (parts: readonly Part[]): readonly Part[] => parts.map(({ name, file, type, content }) => ({ name, content, type: isDocument(content) ? 'application/json' : type, ...(file !== undefined && file !== 'blob' && { file }) }));

function isDocument(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
