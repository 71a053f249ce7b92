import { FlowError, type HttpResponse, type Path } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { pathKeys } from '../model/path.ts';
import { jsonOf, mediaTypeOf } from './http.ts';
import { isJson } from './payload.ts';

/** What an answer holds. */
export interface Document {
  readonly body: unknown;
  readonly mediaType: string;
  readonly records: readonly unknown[];
}

/** The list at the path of the records, or the value there as it is; the text of an answer that is not JSON. Of several paths, what all of them have. */
export function readDocument(response: HttpResponse, { records: paths, name, isXml: wasXml = false }: { readonly records: readonly Path[]; readonly name: string; /** Before it was read. */ readonly isXml?: boolean }): Document {
  const mediaType = mediaTypeOf(response.headers);
  const path = paths[0]!;
  if ((response.body instanceof Uint8Array && !isJson(mediaType)) || (typeof response.body === 'string' && !isJson(mediaType) && isWhole(paths))) {
    if (!isWhole(paths)) throw new FlowError('REMOTE_FORMAT', `The answer of "${name}" is ${mediaType || 'binary'}, so there is nothing at ${JSON.stringify(path.query)}.`);
    const { body } = response;
    return { body, mediaType: mediaType || (typeof body === 'string' ? 'text/plain' : 'application/octet-stream'), records: body.length === 0 ? [] : [body] };
  }
  const document = jsonOf(response, name);
  const found = paths.map((one) => valueAt(one, document));
  if (found.every((value) => value === undefined)) {
    if (wasXml && paths.some((one) => leadsIntoEmpty(one, document))) return inJson([]);
    throw new FlowError('REMOTE_FORMAT', `The answer of "${name}" has nothing at ${paths.map(({ query }) => JSON.stringify(query)).join(' or ')}: it is ${outline(document)}.`, {
      details: { path: path.query }, ...(wasXml && { remedy: `Compare the path with the answer. Where elements may be absent, name them by "decoder" instead, { "type": "xml", "settings": { "element": "${(pathKeys(path.query) ?? ['orders', 'order']).join('.')}" } }, and leave "records" out.` }),
    });
  }
  return inJson(found.length === 1 ? found[0] : found.flatMap((value) => value ?? []));
}

/** An XML document: a list without items is an element that has nothing in it. */
export const isXml = ({ body }: HttpResponse): boolean => {
  const begin = typeof body === 'string' ? body.slice(0, 200) : body instanceof Uint8Array ? new TextDecoder().decode(body.subarray(0, 200)) : '';
  return begin.replace(/^\uFEFF/, '').trimStart().startsWith('<');
};

/** Whether a path ends within an element that is there and has no other in it; attributes do not count. */
function leadsIntoEmpty(path: Path, document: unknown): boolean {
  let value = document;
  for (const key of pathKeys(path.query) ?? []) {
    if (value === '') return value !== document;
    if (!isObject(value) || typeof key !== 'string') return false;
    if (!Object.hasOwn(value, key)) return value !== document && Object.keys(value).every((name) => name.startsWith('@'));
    value = value[key];
  }
  return false;
}

/** The answer itself is what is wanted. */
export const isWhole = ([path, ...more]: readonly Path[]): boolean => more.length === 0 && (path!.query === '' || path!.query === '$');

/** `undefined` where there is nothing; a list of nothing is something. */
function valueAt(path: Path, document: unknown): unknown {
  if (!path.singular) return path.all(document);
  const value = path.get(document);
  return value === null ? [] : value;
}

const inJson = (body: unknown): Document => ({ body, mediaType: 'application/json', records: Array.isArray(body) ? body : [body] });

function outline(document: unknown): string {
  if (Array.isArray(document)) return `a list of ${document.length}`;
  if (!isObject(document)) return JSON.stringify(document)?.slice(0, 80) ?? 'empty';
  const names = Object.keys(document);
  return names.length === 0 ? 'an empty object' : `an object with ${names.slice(0, 10).join(', ')}${names.length > 10 ? ' …' : ''}`;
}
