import type { Journal } from '../engine/resume.ts';
import type { ReplayDifference } from '../model/api.ts';
import type { ExchangeHead, PayloadHead, RunEvent } from '../model/run-event.ts';
import { maskedField, maskedSecret } from '../stores/redact.ts';

/** What each step gave, failed with and asked of others, then and now. */
export class Comparison {
  readonly #then: Noted = { payloads: new Map(), requests: new Map() };
  readonly #now: Noted = { payloads: new Map(), requests: new Map() };
  #status = '';

  /** `steps`: only what these did counts. */
  constructor(journal: Journal, steps: ReadonlySet<string>) {
    for (const { event } of journal.rows()) if (!('step' in event) || event.step === undefined || steps.has(event.step)) this.#note(this.#then, event);
  }

  take(event: RunEvent): void {
    if (event.type !== 'run-finished') this.#note(this.#now, event);
  }

  /** The first `most`. */
  differences(status: string, most: number): ReplayDifference[] {
    const found: ReplayDifference[] = this.#status === status ? [] : [{ kind: 'status', was: this.#status, is: status }];
    const add = (difference: ReplayDifference | undefined): void => {
      if (difference && found.length < most) found.push(difference);
    };
    const [then, now] = [this.#then, this.#now];
    for (const [key, was] of then.payloads) add(payloadDifference(was, now.payloads.get(key)));
    for (const [key, is] of now.payloads) if (!then.payloads.has(key)) add(payloadDifference(undefined, is));
    for (const [place, asked] of now.requests) for (const difference of requestDifferences(then.requests.get(place) ?? [], asked)) add(difference);
    return found;
  }

  #note({ payloads, requests }: Noted, event: RunEvent): void {
    if (event.type === 'run-finished') this.#status = event.status;
    else if (event.type === 'payload-out') put(payloads, { step: event.step, port: event.port, head: event.payload });
    else if (event.type === 'payload-failed') put(payloads, { step: event.step, port: '', head: event.payload, error: event.error.code });
    else if (event.type === 'exchange' && event.step !== undefined) {
      const place = JSON.stringify([event.step, event.payload]);
      const known = requests.get(place) ?? [];
      requests.set(place, known);
      known.push({ step: event.step, payload: event.payload, exchange: event.exchange });
    }
  }
}

interface NotedPayload {
  readonly step: string;
  readonly port: string;
  readonly head: PayloadHead;
  readonly error?: string;
}

interface NotedRequest {
  readonly step: string;
  readonly payload: string | undefined;
  readonly exchange: ExchangeHead;
}

interface Noted {
  readonly payloads: Map<string, NotedPayload>;
  /** By step and payload. */
  readonly requests: Map<string, NotedRequest[]>;
}

const put = (map: Map<string, NotedPayload>, noted: NotedPayload): void => void map.set(JSON.stringify([noted.step, noted.port, noted.head.id]), noted);

function payloadDifference(was: NotedPayload | undefined, is: NotedPayload | undefined): ReplayDifference | undefined {
  const { step, port, head } = (was ?? is)!;
  const place = { step, port, payload: head.id };
  if (!is) return { kind: 'missing', ...place, was: was!.head.body };
  if (!was) return { kind: 'new', ...place, is: is.head.body };
  if (was.error !== is.error) return { kind: 'changed', ...place, was: was.error ?? was.head.body, is: is.error ?? is.head.body };
  const isSame = was.head.body === is.head.body && JSON.stringify(was.head.meta) === JSON.stringify(is.head.meta) && was.head.mediaType === is.head.mediaType;
  return isSame ? undefined : { kind: 'changed', ...place, was: was.head.body, is: is.head.body };
}

/**
 * Each that was not asked then is compared with the first of then, to the same place, that is not asked now. One that is not made any more is told by what
 * comes, or does not come, of it: tokens, which a replay needs none of, would be told each time.
 */
function requestDifferences(then: readonly NotedRequest[], now: readonly NotedRequest[]): (ReplayDifference | undefined)[] {
  const [left, others] = withoutPairs(then, now, ({ exchange: { method, url, requestBody = null } }) => JSON.stringify([method, addressOf(url), requestBody]));
  const [, , pairs] = withoutPairs(left, others, ({ exchange: { method, url } }) => JSON.stringify([method, url.split('?', 1)[0]]));
  return others.map((is) => {
    const was = pairs.get(is);
    return was && requestDifference(was, is);
  });
}

/** Puts each together with the first of then that has the same key and is not taken. Gives what is left on both sides, in order, and the pairs, now → then. */
function withoutPairs(then: readonly NotedRequest[], now: readonly NotedRequest[], keyOf: (request: NotedRequest) => string): readonly [readonly NotedRequest[], readonly NotedRequest[], ReadonlyMap<NotedRequest, NotedRequest>] {
  const waiting = Map.groupBy(then, keyOf);
  const next = new Map<string, number>();
  const pairs = new Map<NotedRequest, NotedRequest>();
  for (const is of now) {
    const key = keyOf(is);
    const at = next.get(key) ?? 0;
    const was = waiting.get(key)?.[at];
    if (!was) continue;
    next.set(key, at + 1);
    pairs.set(is, was);
  }
  const taken = new Set(pairs.values());
  return [then.filter((was) => !taken.has(was)), now.filter((is) => !pairs.has(is)), pairs];
}

function requestDifference({ step, payload, exchange: was }: NotedRequest, { exchange: is }: NotedRequest): ReplayDifference | undefined {
  const place = { step, ...(payload !== undefined && { payload }) };
  if (was.method !== is.method || addressOf(was.url) !== addressOf(is.url)) return { kind: 'request', ...place, was: `${was.method} ${was.url}`, is: `${is.method} ${is.url}` };
  return was.requestBody === is.requestBody ? undefined : { kind: 'request', ...place, was: was.requestBody ?? 'no body', is: is.requestBody ?? 'no body' };
}

/** Without what signing has added, which a replay does not do. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname, searchParams } = new URL(url);
  return JSON.stringify([origin, pathname, ...[...searchParams].filter(([, value]) => !hidden.has(value))]);
}

/** What stands in an address in place of a secret; the dots are those of what signing has added. */
const hidden: ReadonlySet<string> = new Set([maskedSecret, maskedField, '•••']);
