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
  'own-address': {
    reason: 'The operation has a server of its own. The endpoints of a connector have one address, so that credentials go nowhere else; the report names it.',
    holds: (difference, { described }) => difference === 'path' && described.hasOwnAddress,
  },
  'json-part': {
    reason: 'swagger-client sends an object in a multipart body as text, or with the file name "blob" where the description says its type. OpenAPI says that it is JSON, and it is no file.',
    holds: (difference, _, ours, theirs) => difference === 'body' && isParts(ours.body) && isParts(theirs.body) && sameFields(plainParts(ours.body), plainParts(theirs.body)),
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
