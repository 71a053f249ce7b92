import { FlowError, type PageRequest } from '../../plugins/sdk/index.ts';
import type { Paging } from '../engine/open-pagination.ts';
import { isObject } from '../model/json.ts';
import { recordsIn, setAt, withHeader, type Answer, type PageFacts } from './signals.ts';

interface Stopping {
  readonly facts: PageFacts;
  /** Of the records. */
  readonly path: string;
  readonly request: PageRequest;
  readonly url: string;
}

/** The answer, with what the endpoint's own `stopWhen` reads in it: it is true on the last page and on no other. */
export function stopping({ stopWhen, paging }: { readonly stopWhen: string | undefined; readonly paging: Pick<Paging, 'stopOf'> }, answer: Answer, { facts, path, request, url }: Stopping): Answer {
  if (stopWhen === undefined) return answer;
  const count = recordsIn(answer.body, path).length;
  return withStop(stopWhen, answer, facts, (given) => {
    const records = recordsIn(given.body, path);
    // What is put there must not take the place of the records.
    if (records.length !== count) return undefined;
    try {
      const found = paging.stopOf({ request, url, response: given, records, index: facts.index, total: facts.index * facts.size + records.length });
      return found !== undefined && 'stop' in found && found.stop === 'stop-expression';
    } catch (error) {
      if (FlowError.is(error)) return undefined;
      throw error;
    }
  });
}

/** Places in an answer in which values are tried. */
const mostPlaces = 3;

/** Tries out what helps: the author of the connector may mean by an expression anything. Where nothing does, the answer stays. */
function withStop(expression: string, answer: Answer, { index, isLast, pages, total, token }: PageFacts, isTrue: (answer: Answer) => boolean | undefined): Answer {
  if (isTrue(answer) === isLast) return answer;
  const places = [...new Set([...expression.matchAll(/\b(?:response|headers)(?:\.[A-Za-z_]\w*|\["[^"]+"\])+/g)].map(([place]) => place))].slice(0, mostPlaces);
  const literals = [...expression.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\b\d+(?:\.\d+)?\b/g)].map(([whole, double, single]) => double ?? single ?? Number(whole));
  const candidates = [isLast, !isLast, null, isLast ? '' : (token ?? 'more'), index + 1, pages, total, ...literals, 0, 1, String(isLast), String(!isLast), 'more'];
  const tried = (at: number, given: Answer): Answer | undefined => {
    if (at === places.length) return isTrue(given) === isLast ? given : undefined;
    for (const value of candidates) {
      const found = tried(at + 1, put(given, places[at]!, value));
      if (found) return found;
    }
    return undefined;
  };
  return (places.length > 0 && tried(0, answer)) || answer;
}

function put(answer: Answer, place: string, value: unknown): Answer {
  const way = place.replace(/^(response|headers)/, '');
  if (place.startsWith('response')) return isObject(answer.body) ? { ...answer, body: setAt(answer.body, `$${way}`, value) } : answer;
  const [, plain, quoted] = /^\.([\w-]+)$|^\["([^"]+)"\]$/.exec(way) ?? [];
  const name = plain ?? quoted;
  return name === undefined ? answer : { ...answer, headers: withHeader(answer.headers, name.toLowerCase(), value === null ? undefined : String(value)) };
}
