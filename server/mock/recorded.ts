import type { Asked } from './asked.ts';
import type { Answer } from './signals.ts';

/** A request of a run and what was answered, with secrets masked. */
export interface RecordedExchange {
  readonly method: string;
  readonly url: string;
  /** `undefined` where there was none, or where it was not kept. */
  readonly requestBody?: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Recorded {
  /** The answer that was given to the same request, one after the other where it was made several times; the last one stays. */
  answer(asked: Asked): Answer | undefined;
}

const ownHeaders = new Set(['content-length', 'transfer-encoding', 'content-encoding', 'connection', 'keep-alive', 'date', 'set-cookie', 'server']);

/** `origin`: that of the mock, which takes the place of the recorded one in links. */
export function createRecorded(exchanges: readonly RecordedExchange[], origin: string): Recorded {
  const byRequest = new Map<string, { readonly exchanges: RecordedExchange[]; next: number }>();
  const put = (key: string, exchange: RecordedExchange): void => {
    const known = byRequest.get(key) ?? { exchanges: [], next: 0 };
    known.exchanges.push(exchange);
    byRequest.set(key, known);
  };
  for (const exchange of exchanges) {
    const url = new URL(exchange.url);
    put(keyOf(exchange.method, url, exchange.requestBody ?? ''), exchange);
    // A body may differ in what is masked, such as a key that a signature put there.
    if (exchange.requestBody !== undefined) put(keyOf(exchange.method, url, undefined), exchange);
  }
  return {
    answer(asked) {
      const found = byRequest.get(keyOf(asked.method, asked.url, asked.text)) ?? byRequest.get(keyOf(asked.method, asked.url, undefined));
      const exchange = found?.exchanges[Math.min(found.next, found.exchanges.length - 1)];
      if (!found || !exchange) return undefined;
      found.next++;
      const { origin: recorded } = new URL(exchange.url);
      const here = (text: string): string => text.replaceAll(recorded, origin);
      const headers = Object.fromEntries(Object.entries(exchange.headers).filter(([name]) => !ownHeaders.has(name)).map(([name, value]) => [name, here(value)]));
      return { status: exchange.status, headers, body: exchange.body === undefined ? undefined : here(exchange.body) };
    },
  };
}

/** Parameters in any order. */
const keyOf = (method: string, url: URL, body: string | undefined): string => `${method} ${url.pathname}?${[...url.searchParams].map(([name, value]) => `${name}=${value}`).toSorted().join('&')} ${body ?? '*'}`;
