import { firstGroup } from '../../model/pattern.ts';
import type { TestRequest } from '../../model/test-file.ts';
import { matches } from './match.ts';

/** A request that a case has made. */
export interface MadeRequest {
  readonly flow: string;
  readonly step?: string;
  /** The payload in work. */
  readonly payload?: string;
  readonly instance?: string;
  readonly endpoint?: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes that are no text as Base64. */
  readonly text?: string;
  /** The body where it is JSON. */
  readonly json?: unknown;
}

/** The parts of a request in which it is not what a mock or an expectation says. */
export function unlike(wanted: TestRequest, made: MadeRequest): readonly (keyof TestRequest)[] {
  const { searchParams } = new URL(made.url);
  const inQuery = (name: string): unknown => {
    const all = searchParams.getAll(name);
    return all.length > 1 ? all : all[0];
  };
  const checks: Readonly<Record<keyof TestRequest, () => boolean>> = {
    instance: () => wanted.instance === made.instance,
    endpoint: () => wanted.endpoint === made.endpoint,
    step: () => wanted.step === made.step,
    flow: () => wanted.flow === made.flow,
    method: () => wanted.method!.toUpperCase() === made.method,
    url: () => isAddress(wanted.url!, made.url),
    query: () => Object.entries(wanted.query!).every(([name, value]) => matches(typeof value === 'number' || typeof value === 'boolean' ? String(value) : value, inQuery(name))),
    headers: () => Object.entries(wanted.headers!).every(([name, value]) => matches(value, made.headers[name.toLowerCase()])),
    json: () => matches(wanted.json, made.json),
    text: () => matches(wanted.text, made.text),
  };
  return (Object.keys(wanted) as (keyof TestRequest)[]).filter((key) => wanted[key] !== undefined && checks[key] && !checks[key]());
}

/** `wanted` may begin with the path, and may hold `*`. */
function isAddress(wanted: string, url: string): boolean {
  const { pathname, search, protocol, host } = new URL(url);
  // What is not the web has an origin that says nothing.
  const whole = `${wanted.startsWith('/') ? '' : `${protocol}//${host}`}${pathname}${wanted.includes('?') ? search : ''}`;
  return firstGroup(`^${wanted.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, whole) !== undefined;
}
