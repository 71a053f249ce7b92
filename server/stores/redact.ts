import { parseJson } from '../../plugins/sdk/index.ts';
import type { RunError, RunEvent } from '../model/run-event.ts';
import { isProofName } from '../model/secret-names.ts';
import { escapePattern, maskCsv, maskFieldText, maskForm, withoutEscapes } from './redact-text.ts';
import { withoutReferences } from './plain-references.ts';
import { formsOf } from './secret-forms.ts';
import { textIndex } from './text-index.ts';

export const maskedSecret = '[secret]';
export const maskedField = '[redacted]';

/** What nobody wants on a disk, whatever the workspace says. */
const alwaysRedacted = ['access_token', 'refresh_token', 'id_token', 'client_secret', 'client_assertion', 'password', 'passwd'];
const redactedHeaders = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key', 'api-key', 'x-auth-token']);

/** Names under which the metadata of a payload say what stood in a request. */
const ofRequest = /^(?:query|header)\./;

/** Every secret value that was handed out. Masking is by these, wherever they turn up. */
export interface SecretValues {
  /**
   * `owner`: whose value it is, where it is one that changes, as a token does. The value before it is still looked for during a day, as long as there are
   * no more than 1,000 of such.
   */
  add(value: string, owner?: string): void;
  /** Grows with each new value: what was masked before may be masked anew. */
  readonly epoch: number;
  /** Whether one of them is in the text, in any of its spellings. */
  test(text: string): boolean;
  replace(text: string): string;
}

const keptMs = 24 * 3_600_000;
const mostSuperseded = 1_000;

export function secretValues(now: () => number = Date.now): SecretValues {
  const forms = textIndex();
  /** Value → those who have it: owners, and `''` for ever. */
  const holders = new Map<string, Set<string>>();
  const current = new Map<string, string>();
  /** In the order in which their time is over. */
  const superseded: { readonly value: string; readonly owner: string; readonly until: number }[] = [];
  let epoch = 0;

  const release = (value: string, holder: string): void => {
    const held = holders.get(value);
    if (!held?.delete(holder) || held.size > 0) return;
    holders.delete(value);
    for (const form of formsOf(value)) forms.delete(form);
  };
  const supersede = (owner: string, value: string): void => {
    const until = now() + keptMs;
    const before = current.get(owner);
    if (before !== undefined) superseded.push({ value: before, owner, until });
    current.delete(owner);
    current.set(owner, value);
    // Owners come and go as well: credentials are changed, instances removed.
    const [oldest] = current;
    if (current.size > mostSuperseded && oldest) {
      current.delete(oldest[0]);
      superseded.push({ owner: oldest[0], value: oldest[1], until });
    }
    forget();
  };
  const forget = (): void => {
    while (superseded[0] && (superseded.length > mostSuperseded || superseded[0].until <= now())) {
      const { value, owner } = superseded.shift()!;
      if (current.get(owner) !== value) release(value, owner);
    }
  };

  return {
    get epoch() {
      return epoch;
    },
    add(value, owner = '') {
      if (owner !== '' && current.get(owner) !== value) supersede(owner, value);
      const held = holders.get(value);
      if (held) return void held.add(owner);
      holders.set(value, new Set([owner]));
      epoch++;
      for (const form of formsOf(value)) forms.add(form);
    },
    test: (text) => forms.isIn(text) || forms.isIn(withoutReferences(text)?.text ?? ''),
    replace(text) {
      const masked = withoutPlaces(text, forms.placesIn(text));
      const plain = withoutReferences(masked);
      if (!plain) return masked;
      const origins = plain.origins(forms.placesIn(plain.text).flat());
      return withoutPlaces(masked, origins.flatMap((start, index) => (index % 2 === 0 ? [[start, origins[index + 1]!] as const] : [])));
    },
  };
}

function withoutPlaces(text: string, places: readonly (readonly [start: number, end: number])[]): string {
  if (places.length === 0) return text;
  return places.map(([start], index) => text.slice(places[index - 1]?.[1] ?? 0, start) + maskedSecret).join('') + text.slice(places.at(-1)![1]);
}

/** Masks secrets and the values of redacted fields, in values and in texts of any format. */
export interface Masker {
  readonly secrets: SecretValues;
  /** A JSON value; the same object where nothing had to be masked. */
  value<T>(value: T): T;
  /** Path and query of an address; parameters of the query are masked as headers are. */
  address(url: string): string;
  /** Headers, or parameters of a query, without those that prove who somebody is, also where nobody knows their values: by their names. The signature of one request opens nothing and stays. */
  headers(headers: Readonly<Record<string, string>>, heard?: Heard): Readonly<Record<string, string>>;
  /** What is said of an error: rules for fields must not hide its code. */
  error(error: RunError): RunError;
  /** The text of a document. `heard` is given what stood under a redacted name, in JSON, CSV and forms. */
  text(text: string, mediaType: string, heard?: Heard): string;
  bytes(bytes: Uint8Array, mediaType: string, heard?: Heard): Uint8Array;
  /** Gives what stands under a redacted name in a JSON value. */
  listen(value: unknown, heard: Heard): void;
  /** Quick: false means that there is nothing to mask in this text of a JSON value. */
  test(json: string): boolean;
  /** An event as it may be recorded: `json` is its text. */
  event(event: RunEvent, json: string): RunEvent;
}

type Heard = (value: unknown) => void;

/** `fields`: names whose values are masked at any depth, whatever their case; added to those that always are. */
export function createMasker(secrets: SecretValues, fields: readonly string[]): Masker {
  const names = new Set([...alwaysRedacted, ...fields].map((name) => name.toLowerCase()));
  const alternatives = [...names].map(escapePattern).join('|');
  const field = new RegExp(`(?:${alternatives})["'\\\\]*\\s*[:=>]|(?:${alternatives})[\\s/>]|"(?:query|header)\\.`, 'i');
  const test = (text: string): boolean => secrets.test(text) || field.test(text);
  const isRedacted = (name: string): boolean => names.has(name.toLowerCase());
  const isHidden = (name: string): boolean => isRedacted(name) || isProofName(name);
  const isMasked = (name: string): boolean => isRedacted(name) || (ofRequest.test(name) && isOfProof(name.slice(name.indexOf('.') + 1), isHidden));

  const plainText = (text: string): string => {
    const masked = field.test(text) ? maskFieldText(text, alternatives, maskedField) : text;
    return secrets.test(masked) ? secrets.replace(masked) : masked;
  };
  const walk = (value: unknown, withFields: boolean, heard?: Heard): unknown => {
    if (typeof value === 'string') return withFields ? plainText(value) : secrets.replace(value);
    if (typeof value === 'number' || typeof value === 'bigint') return secrets.test(String(value)) ? maskedSecret : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return mapped(value, (item) => walk(item, withFields, heard));
    let changed: Record<string, unknown> | undefined;
    for (const [name, item] of Object.entries(value)) {
      const key = secrets.replace(name);
      const isField = withFields && isMasked(name) && item !== null && item !== undefined;
      if (isField) heard?.(item);
      const masked = isField ? maskedField : walk(item, withFields, heard);
      if (masked === item && key === name) continue;
      changed ??= { ...value };
      if (key !== name) delete changed[name];
      define(changed, key, masked);
    }
    return changed ?? value;
  };
  const value = <T>(given: T): T => {
    try {
      return walk(given, true) as T;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { unreadable: 'It refers to itself, or is too deep.' } as T;
    }
  };
  const error = (given: RunError): RunError => walk(maskError(given, value), false) as RunError;

  /** What cannot be parsed is masked as a text. */
  const jsonText = (given: string, heard?: Heard): string => {
    // Escaped letters in a key or a secret are found only in what is parsed.
    if (!test(given) && !given.includes('\\u')) return given;
    const parsed = tryParse(given);
    if (parsed === undefined) return escapedText(given);
    const printed = tryPrint(parsed, (document) => walk(document, true, heard)) ?? escapedText(given);
    return secrets.test(printed) ? secrets.replace(printed) : printed;
  };
  const escapedText = (given: string): string => {
    const plain = withoutEscapes(given);
    return test(plain) ? plainText(plain) : given;
  };
  const text = (given: string, mediaType: string, heard?: Heard): string => {
    const isCsv = /csv|tab-separated/.test(mediaType);
    if (isCsv) return secrets.replace(maskCsv(given, isMasked, maskedField, { ...(mediaType.includes('tab') && { delimiter: '\t' }), ...(heard && { heard }) }));
    if (mediaType.includes('urlencoded')) return plainText(maskForm(given, isMasked, maskedField, heard));
    if (/ndjson|jsonl|json-seq/.test(mediaType)) return given.split('\n').map((line) => jsonText(line, heard)).join('\n');
    return mediaType.includes('json') ? jsonText(given, heard) : escapedText(given);
  };
  const bytes = (given: Uint8Array, mediaType: string, heard?: Heard): Uint8Array => {
    const source = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
    if (/json|text|xml|csv|urlencoded|javascript|yaml/.test(mediaType)) {
      const decoded = source.toString('utf8');
      if (Buffer.byteLength(decoded) === source.length) {
        const masked = text(decoded, mediaType, heard);
        return masked === decoded ? given : Buffer.from(masked);
      }
    }
    const latin = source.toString('latin1');
    return secrets.test(latin) ? Buffer.from(secrets.replace(latin), 'latin1') : given;
  };
  const event = (given: RunEvent, json: string): RunEvent => {
    const withHeaders = given.type === 'exchange' ? maskHeaders(given, isRedacted) : given;
    // Its name stands beside the value, not before it.
    if (given.type === 'variable' && isRedacted(given.name)) return { ...given, value: maskedField };
    if (!test(json)) return withHeaders;
    return walk(maskParts(withHeaders, value), false) as RunEvent;
  };
  const listen = (given: unknown, heard: Heard): void => {
    try {
      walk(given, true, heard);
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
    }
  };
  const address = (given: string): string => {
    const query = given.indexOf('?') + 1;
    return value(query === 0 ? given : given.slice(0, query) + maskForm(given.slice(query), isHidden, maskedField));
  };
  return { secrets, value, address, headers: (given, heard) => value(withoutProofs(given, isHidden, heard)), error, text, bytes, listen, test, event };
}

/** Field names count only where the user's data are: a rule for `id` must not hide the id of a payload. */
function maskParts(event: RunEvent, value: <T>(value: T) => T): RunEvent {
  const error = (given: RunError): RunError => maskError(given, value);
  switch (event.type) {
    case 'log':
      return { ...event, message: value(event.message), ...(event.fields && { fields: value(event.fields) }) };
    case 'variable':
      return { ...event, value: value(event.value) };
    case 'exchange': {
      const { exchange } = event;
      const { requestHeaders, responseHeaders, error: failure } = exchange;
      return { ...event, exchange: { ...exchange, url: value(exchange.url), requestHeaders: value(requestHeaders), ...(responseHeaders && { responseHeaders: value(responseHeaders) }), ...(failure && { error: error(failure) }) } };
    }
    case 'run-queued':
      return event.run.payload ? { ...event, run: { ...event.run, payload: maskMeta(event.run.payload, value) } } : event;
    case 'attempt-failed':
      return { ...event, error: error(event.error) };
    case 'payload-failed':
      return { ...event, payload: maskMeta(event.payload, value), error: error(event.error) };
    case 'payload-in':
    case 'payload-out':
      return { ...event, payload: maskMeta(event.payload, value) };
    case 'reply':
      return event.payload ? { ...event, payload: maskMeta(event.payload, value) } : event;
    case 'run-finished':
      return event.error ? { ...event, error: error(event.error) } : event;
    default:
      return event;
  }
}

const maskError = (error: RunError, value: <T>(value: T) => T): RunError => ({ ...error, message: value(error.message), ...(error.details && { details: value(error.details) }) });

const maskMeta = <T extends { readonly meta?: Readonly<Record<string, string>> }>(payload: T, value: <V>(value: V) => V): T => (payload.meta ? { ...payload, meta: value(payload.meta) } : payload);

function maskHeaders(event: RunEvent & { type: 'exchange' }, isRedacted: (name: string) => boolean): RunEvent {
  const { requestHeaders, responseHeaders } = event.exchange;
  const request = withoutProofs(requestHeaders, isRedacted);
  const response = responseHeaders && withoutProofs(responseHeaders, isRedacted);
  if (request === requestHeaders && response === responseHeaders) return event;
  return { ...event, exchange: { ...event.exchange, requestHeaders: request, ...(response && { responseHeaders: response }) } };
}

const isOfProof = (name: string, isRedacted: (name: string) => boolean): boolean => redactedHeaders.has(name.toLowerCase()) || isRedacted(name);

function withoutProofs(headers: Readonly<Record<string, string>>, isRedacted: (name: string) => boolean, heard?: Heard): Readonly<Record<string, string>> {
  const wanted = Object.keys(headers).filter((name) => isOfProof(name, isRedacted));
  if (heard) for (const name of wanted) heard(headers[name]);
  return wanted.length === 0 ? headers : { ...headers, ...Object.fromEntries(wanted.map((name) => [name, maskedField])) };
}

function mapped(list: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const next = change(item);
    if (next === item) continue;
    changed ??= [...list];
    changed[index] = next;
  }
  return changed ?? list;
}

/** A name such as `__proto__` is a name like any other. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** `undefined` where the document is deeper than the stack. */
function tryPrint(document: unknown, mask: (document: unknown) => unknown): string | undefined {
  try {
    return JSON.stringify(mask(document));
  } catch {
    return undefined;
  }
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
