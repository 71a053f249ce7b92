import type { TestRequest } from '../../model/test-file.ts';
import { mismatches } from './match.ts';
import { unlike, type MadeRequest } from './made-request.ts';
import type { Place } from './test-files.ts';

/** A mock that nearly answers a request. */
export interface NearMiss {
  readonly distance: number;
  readonly text: string;
}

/** Mocks that are less alike have nothing to do with the request. */
const mostUnlike = 2;
const mostShown = 80;

/** Why a mock does not answer a request. `usedUp`: how many answers it had, where none is left. */
export function missOf(request: TestRequest, made: MadeRequest, { pointer = '' }: Place, usedUp: number | undefined): NearMiss | undefined {
  const parts = unlike(request, made);
  if (parts.length === 0) return usedUp === undefined ? undefined : { distance: 0, text: `The mock at ${pointer} fits, but has no answer left: it had ${usedUp}.` };
  // A mock of another endpoint is for other requests.
  if (parts.length > mostUnlike || (['instance', 'endpoint', 'step', 'flow'] as const).some((part) => parts.includes(part))) return undefined;
  return { distance: parts.length, text: `The nearest mock, at ${pointer}, differs in ${parts.map((part) => difference(part, request, made)).join(' and in ')}.` };
}

function difference(part: keyof TestRequest, request: TestRequest, made: MadeRequest): string {
  const words = (wanted: unknown, is: unknown): string => `it has ${short(wanted)}, the request ${is === undefined ? 'none' : short(is)}`;
  switch (part) {
    case 'query': {
      const { searchParams } = new URL(made.url);
      return listed('query', request.query!, (name) => { const all = searchParams.getAll(name); return all.length > 1 ? all : all[0]; });
    }
    case 'headers': return listed('header', request.headers!, (name) => made.headers[name.toLowerCase()]);
    case 'json': {
      const [first] = mismatches(request.json, made.json);
      return `json${first?.pointer ? ` ${first.pointer}` : ''}: ${first ? words(first.expected, first.actual) : 'it is another'}`;
    }
    case 'url': {
      const { pathname, search } = new URL(made.url);
      return `url: ${words(request.url, pathname + search)}`;
    }
    default: return `${part}: ${words(request[part], made[part])}`;
  }
}

function listed(name: string, wanted: Readonly<Record<string, unknown>>, of: (key: string) => unknown): string {
  const other = Object.entries(wanted).filter(([key, value]) => mismatches(typeof value === 'number' || typeof value === 'boolean' ? String(value) : value, of(key)).length > 0);
  return other.map(([key, value]) => `${name} ${JSON.stringify(key)} (it has ${short(value)}, the request ${of(key) === undefined ? 'none' : short(of(key))})`).join(', ');
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
