import type { EndpointExample, EndpointManifest } from '../model/connector.ts';
import { isObject, isSame } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import type { Asked } from './asked.ts';
import { idField, type Collection } from './collections.ts';
import type { Answer } from './signals.ts';

/** Does what a request of an endpoint that sends asks for, and answers as its example does. `id`: the last part of the path that varies. */
export function write(endpoint: EndpointManifest, collection: Collection, asked: Asked, id: string | undefined): Answer {
  const { method, examples = [] } = endpoint;
  const sent = sentIn(endpoint, asked);
  const exact = examples.find(({ request }) => request?.body !== undefined && (isSame(request.body, sent.given) || isSame(request.body, asked.json)));
  if (exact && exact.response.status >= 300) return answerOf(exact);
  const done = method === 'DELETE' ? remove(collection, id) : sent.records.map((record) => keep(method, collection, record, id));
  if (done === undefined || done.includes(undefined)) return { status: 404, headers: {}, body: { error: `There is no record ${JSON.stringify(id)}.` } };
  if (exact) return answerOf(exact);
  const example = examples.find(({ response }) => response.status < 300);
  if (method === 'DELETE') return example ? answerOf(example) : { status: 204, headers: {}, body: undefined };
  return answerWith(example, endpoint, done, Array.isArray(sent.given));
}

const answerOf = ({ response: { status, headers = {}, body } }: EndpointExample): Answer => ({ status, headers, body });

function keep(method: string, collection: Collection, record: unknown, id: string | undefined): unknown {
  if (id !== undefined && (method !== 'POST' || collection.find(id) !== undefined)) {
    const changed = collection.change(id, isObject(record) ? record : { value: record });
    if (changed !== undefined || method === 'PATCH') return changed;
    const field = idField(collection.records[0]) ?? 'id';
    const isNumber = isObject(collection.records[0]) && typeof collection.records[0][field] === 'number' && /^\d{1,15}$/.test(id);
    return collection.add({ ...(isObject(record) ? record : { value: record }), [field]: isNumber ? Number(id) : id });
  }
  return collection.add(record);
}

function remove(collection: Collection, id: string | undefined): readonly unknown[] | undefined {
  return id !== undefined && collection.remove(id) ? [] : undefined;
}

interface Sent {
  /** What the step gave, as far as it can be told from the request. */
  readonly given: unknown;
  readonly records: readonly unknown[];
}

/** The records of a request: where the template has the payload, else what the body wraps, else the body. */
function sentIn({ body }: EndpointManifest, { json, form, text }: Asked): Sent {
  const whole = json ?? (form.size > 0 ? Object.fromEntries(form) : undefined);
  if (whole === undefined) return { given: text, records: text === '' ? [{}] : [{ text: text.slice(0, 1000) }] };
  const path = placeOfPayload(body?.template);
  const given = path === undefined ? unwrapped(whole) : (compilePath(path).get(whole) ?? whole);
  return { given, records: Array.isArray(given) ? given : [given] };
}

function placeOfPayload(template: unknown, path = '$'): string | undefined {
  if (typeof template === 'string') return /^\{\{\s*(payload|record)\s*\}\}$/.test(template) ? path : undefined;
  if (!isObject(template)) return undefined;
  return Object.entries(template).map(([name, part]) => placeOfPayload(part, `${path}[${JSON.stringify(name)}]`)).find((found) => found !== undefined);
}

/** `{"order": {…}}` and `{"orders": […]}` hold what they name. */
function unwrapped(whole: unknown): unknown {
  if (!isObject(whole)) return whole;
  const values = Object.values(whole);
  const isWrapper = values.length === 1 && (isObject(values[0]) || (Array.isArray(values[0]) && values[0].length > 0 && values[0].every(isObject)));
  return isWrapper ? values[0] : whole;
}

/** The example with what was kept in its place: its own fields are those that the other system would add. */
function answerWith(example: EndpointExample | undefined, { method, itemErrors }: EndpointManifest, done: readonly unknown[], isList: boolean): Answer {
  const status = example?.response.status ?? (method === 'POST' ? 201 : 200);
  const headers = example?.response.headers ?? {};
  const body = example?.response.body;
  if (body === undefined) return { status, headers, body: example ? undefined : isList ? done : done[0] };
  return { status, headers, body: itemErrors && isObject(body) ? compilePath(itemErrors.path).set(body, []) : put(body, done) };
}

function put(body: unknown, done: readonly unknown[]): unknown {
  if (Array.isArray(body)) return done.map((record) => merged(body[0], record));
  if (!isObject(body)) return body;
  const entries = Object.entries(body);
  const place = entries.filter(([, value]) => isObject(value) || (Array.isArray(value) && value.length > 0 && value.every(isObject)));
  if (idField(body) !== undefined) return merged(body, done[0]);
  if (place.length !== 1) return body;
  const [name, value] = place[0]!;
  return { ...body, [name]: Array.isArray(value) ? done.map((record) => merged(value[0], record)) : idField(value) === undefined ? value : merged(value, done[0]) };
}

const merged = (example: unknown, record: unknown): unknown => (isObject(example) && isObject(record) ? { ...example, ...record } : record);
