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
  /** Bytes where they are no text in UTF-8. */
  readonly body?: string | Uint8Array;
}

export interface Recorded {
  /** The answer that was given to the same request, one after the other where it was made several times; the last one stays. */
  answer(asked: Asked): Answer | undefined;
}

const ownHeaders = new Set(['content-length', 'transfer-encoding', 'content-encoding', 'connection', 'keep-alive', 'date', 'set-cookie', 'server']);

/** `origin`: that of the mock, which takes the place of the recorded one in links. `basePath`: what its paths begin with, where those of the recording may begin otherwise. */
export function createRecorded(exchanges: readonly RecordedExchange[], origin: string, basePath: string): Recorded {
  const given = new Set<RecordedExchange>();
  return {
    answer(asked) {
      const alike = exchanges.filter((exchange) => isSameRequest(exchange, asked, basePath));
      // A body may differ in what is masked, such as a key that a signature put there.
      const equal = alike.filter(({ requestBody }) => requestBody === asked.text);
      const fitting = equal.length > 0 ? equal : alike;
      const exchange = fitting.find((one) => !given.has(one)) ?? fitting.at(-1);
      if (!exchange) return undefined;
      given.add(exchange);
      const { origin: recorded } = new URL(exchange.url);
      const here = (text: string): string => text.replaceAll(recorded, origin);
      const headers = Object.fromEntries(Object.entries(exchange.headers).filter(([name]) => !ownHeaders.has(name)).map(([name, value]) => [name, here(value)]));
      return { status: exchange.status, headers, body: typeof exchange.body === 'string' ? here(exchange.body) : exchange.body };
    },
  };
}

/** Parameters in any order, but for those whose values are masked. */
function isSameRequest({ method, url }: RecordedExchange, asked: Asked, basePath: string): boolean {
  const { pathname, searchParams } = new URL(url);
  const path = asked.url.pathname.startsWith(`${basePath}/`) ? asked.url.pathname.slice(basePath.length) : asked.url.pathname;
  if (method !== asked.method || !pathname.endsWith(path)) return false;
  const masked = new Set([...searchParams].filter(([, value]) => /•••|\[secret\]|\[redacted\]/.test(value)).map(([name]) => name));
  const told = (params: URLSearchParams): string => JSON.stringify([...params].filter(([name]) => !masked.has(name)).map(([name, value]) => `${name}=${value}`).toSorted());
  return told(searchParams) === told(asked.url.searchParams);
}
