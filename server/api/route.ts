import type { IncomingMessage, ServerResponse } from 'node:http';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Runner } from '../runner/contract.ts';
import { readBytes } from './body.ts';
import { contentTypeOf, isJson, readDocument } from './read-payload.ts';
import type { SchemaName } from './schemas.ts';

/** A row of the table that the API is made of and described from. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below `/api/v1`, as OpenAPI writes it: `/runs/{run}`. An id may hold slashes, written `%2F`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: Readonly<Record<string, QueryParam>>;
  /** What the request carries; `any` is the raw body of any media type. */
  readonly body?: { readonly summary: string; readonly schema: object } | { readonly summary: string; readonly schema: 'any' };
  readonly answer: Answer;
  /** Further statuses, with what they say. */
  readonly also?: Readonly<Record<number, string>>;
  /** Gives what is answered as JSON; `undefined` where it has answered by itself or where there is nothing to say. */
  handle(call: Call): unknown;
}

export interface Answer {
  readonly summary: string;
  readonly status?: number;
  readonly schema?: SchemaName;
  /** Default `application/json`. */
  readonly mediaType?: string;
}

export interface QueryParam {
  readonly summary: string;
  /** Default a text. */
  readonly type?: 'text' | 'integer' | 'flag' | 'texts';
  readonly values?: readonly string[];
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly isRequired?: boolean;
  /** `var.` stands for `var.a`, `var.b` and so on; the values arrive as an object. */
  readonly isPrefix?: boolean;
}

/** One call. `query` holds what the route's table says, checked, with defaults. */
export interface Call {
  readonly runner: Runner;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly limits: Limits;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined>>;

export interface Limits {
  /** Decoded bytes of a webhook's body. */
  readonly hookBytes: number;
  /** Decoded bytes of the payload of a run. */
  readonly payloadBytes: number;
  /** Of those, how many may be in memory; the rest goes to a file. */
  readonly memoryBytes: number;
  /** Decoded bytes of a JSON document that asks for something. */
  readonly jsonBytes: number;
}

/** What the address asks for. Anything that the table does not know is refused: a misspelt filter would look like a wrong answer. */
export function readQuery(table: Readonly<Record<string, QueryParam>>, search: URLSearchParams): Query {
  const result: Record<string, string | number | boolean | readonly string[] | Record<string, string>> = {};
  const known = new Set<string>();
  for (const [name, param] of Object.entries(table)) {
    const given = param.isPrefix ? [...search].filter(([key]) => key.startsWith(name) && key.length > name.length) : [];
    if (param.isPrefix) {
      for (const [key] of given) known.add(key);
      result[name] = Object.fromEntries(given.map(([key, text]) => [key.slice(name.length), text]));
      continue;
    }
    known.add(name);
    const values = search.getAll(name);
    if (values.length === 0 && param.isRequired) throw invalid(`The parameter "${name}" is missing.`);
    if (values.length > 1 && param.type !== 'texts') throw invalid(`The parameter "${name}" stands more than once.`);
    if (param.type === 'texts') result[name] = values.map((text) => readParam(name, param, text) as string);
    else if (values[0] !== undefined) result[name] = readParam(name, param, values[0]);
    else if (param.default !== undefined) result[name] = param.default;
  }
  const unknown = [...search.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw invalid(`The parameter "${unknown}" is not known; known are ${Object.keys(table).join(', ') || 'none'}.`);
  return result;
}

function readParam(name: string, { type, values, minimum, maximum }: QueryParam, text: string): string | number | boolean {
  if (type === 'flag') {
    if (text !== 'true' && text !== 'false') throw invalid(`The parameter "${name}" is true or false.`);
    return text === 'true';
  }
  if (type === 'integer') {
    const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(number) || number < (minimum ?? -Infinity) || number > (maximum ?? Infinity)) {
      const range = minimum === undefined ? '' : ` from ${minimum}${maximum === undefined ? ' on' : ` to ${maximum}`}`;
      throw invalid(`The parameter "${name}" is a whole number${range}.`);
    }
    return number;
  }
  if (values && !values.includes(text)) throw invalid(`The parameter "${name}" is one of ${values.join(', ')}.`);
  return text;
}

/** Parameters of every list that comes in pages. */
export const paging: Readonly<Record<string, QueryParam>> = {
  page: { summary: 'Number of the page, from 1.', type: 'integer', minimum: 1, default: 1 },
  per_page: { summary: 'Entries per page.', type: 'integer', minimum: 1, maximum: 500, default: 50 },
};

/** Without what is undefined. The tables have checked the types. */
export const given = <T>(filter: T): never => Object.fromEntries(Object.entries(filter as object).filter(([, value]) => value !== undefined)) as never;

/** The JSON object of a request that asks for something. */
export async function readJson({ request, limits }: Call): Promise<Readonly<Record<string, unknown>>> {
  const header = request.headers['content-type'];
  if (header === undefined || !isJson(contentTypeOf(header).mediaType)) throw invalid('The request must have the content type application/json.');
  const { body } = readDocument(await readBytes(request, limits.jsonBytes), header);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('The request must be a JSON object.');
  return body as Readonly<Record<string, unknown>>;
}

/** The fields of a JSON body, each checked; others are refused. */
export async function readFields<T>(call: Call, known: Readonly<Record<string, (value: unknown) => boolean>>): Promise<T> {
  const values = await readJson(call);
  const wrong = Object.entries(values).find(([name, value]) => !Object.hasOwn(known, name) || !known[name]!(value));
  if (wrong) throw invalid(Object.hasOwn(known, wrong[0]) ? `"${wrong[0]}" cannot be ${JSON.stringify(wrong[1]).slice(0, 100)}.` : `"${wrong[0]}" is not known; known are ${Object.keys(known).join(', ')}.`);
  return given(values);
}

/** Aborts when the server closes, and when the caller does not wait for the answer any more. */
export function signalOf({ closing, response }: Pick<Call, 'closing' | 'response'>): AbortSignal {
  const left = new AbortController();
  response.once('close', () => { if (!response.writableFinished) left.abort(new FlowError('RUN_STOPPED', 'Nobody waits for it any more.')); });
  return AbortSignal.any([closing, left.signal]);
}

export const rangeOf = ({ page, per_page: perPage }: Query): { readonly page: number; readonly perPage: number } => ({ page: page as number, perPage: perPage as number });

export const invalid = (message: string): FlowError => new FlowError('API_INVALID', message);
export const notFound = (message: string): FlowError => new FlowError('API_NOT_FOUND', message);
