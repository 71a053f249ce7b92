import { isUtf8 } from 'node:buffer';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { RunError, RunEvent } from '../model/run-event.ts';
import { textIndex } from './text-index.ts';

/**
 * What stood under a redacted name in the payloads of a run, their metadata and its variables. In words — logs, errors, addresses — its name is lost, so there it is looked for by itself. Values
 * in other fields, variables and metadata stay what they are: they have names of their own, and runs go on with them.
 */
export interface HeardValues {
  add(value: unknown): void;
  /** The same of what one request has beside its data, such as a signature: only of the latest, so that however many there are none takes the place of a value. */
  addPassing(text: string): void;
  /** The texts of a JSON value without them; the same object where there was nothing. */
  hide<T>(value: T): T;
  /** A document of any format. */
  document(text: string, mediaType: string): string;
  body(data: string | Uint8Array, mediaType: string): string | Uint8Array;
  /** What an event says in words. */
  event(event: RunEvent): RunEvent;
}

/** Shorter ones stand in half of all texts by chance. */
const shortest = 5;
const most = 20_000;
const mostPassing = 1_000;

export function heardValues(mask: string): HeardValues {
  const index = textIndex();
  const known = new Set<string>();
  const passing = new Set<string>();
  const text = (given: string): string => {
    const places = index.placesIn(given);
    return places.length === 0 ? given : places.map(([start], at) => given.slice(places[at - 1]?.[1] ?? 0, start) + mask).join('') + given.slice(places.at(-1)![1]);
  };
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') return index.isIn(String(value)) ? mask : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(walk);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item)]));
  };
  const isNothing = (): boolean => known.size + passing.size === 0;
  const hide = <T>(value: T): T => (isNothing() ? value : (walk(value) as T));
  /** JSON stays JSON: a number that is hidden becomes a text. */
  const document = (given: string, mediaType: string): string => {
    if (isNothing()) return given;
    if (!mediaType.includes('json') || !index.isIn(given)) return text(given);
    try {
      return JSON.stringify(walk(parseJson(given)));
    } catch {
      return text(given);
    }
  };
  const add = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) return Object.values(value).forEach(add);
    const spelling = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
    keep(spelling, known, most);
  };
  const keep = (spelling: string, among: Set<string>, atMost: number): void => {
    if (spelling.length < shortest || among.has(spelling)) return;
    among.add(spelling);
    for (const form of formsOf(spelling)) index.add(form);
    const [oldest] = among;
    if (among.size <= atMost || oldest === undefined) return;
    among.delete(oldest);
    for (const form of formsOf(oldest)) index.delete(form);
  };
  const errorWith = (error: RunError): RunError => ({ ...error, message: text(error.message), ...(error.details && { details: hide(error.details) }) });
  return {
    add, hide, document,
    addPassing: (text) => keep(text, passing, mostPassing),
    body(data, mediaType) {
      if (isNothing()) return data;
      if (typeof data === 'string') return document(data, mediaType);
      const given = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      // Letter by letter as it is, so that nothing is lost of what is no UTF-8.
      const encoding = isUtf8(given) ? 'utf8' : 'latin1';
      const read = given.toString(encoding);
      const hidden = document(read, mediaType);
      return hidden === read ? data : Buffer.from(hidden, encoding);
    },
    event(event) {
      if (isNothing()) return event;
      switch (event.type) {
        case 'log':
          return { ...event, message: text(event.message), ...(event.fields && { fields: hide(event.fields) }) };
        case 'exchange': {
          const { url, requestHeaders, responseHeaders, error } = event.exchange;
          return { ...event, exchange: { ...event.exchange, url: text(url), requestHeaders: hide(requestHeaders), ...(responseHeaders && { responseHeaders: hide(responseHeaders) }), ...(error && { error: errorWith(error) }) } };
        }
        case 'attempt-failed':
        case 'payload-failed':
          return { ...event, error: errorWith(event.error) };
        case 'run-finished':
          return event.error ? { ...event, error: errorWith(event.error) } : event;
        default:
          return event;
      }
    },
  };
}

/** As it is, in JSON, in addresses and in forms. */
const formsOf = (value: string): readonly string[] => [...new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed()), new URLSearchParams([['', value]]).toString().slice(1)])];
