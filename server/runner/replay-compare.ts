import type { Journal } from '../engine/resume.ts';
import type { ReplayDifference } from '../model/api.ts';
import type { ExchangeHead, PayloadHead, RunEvent } from '../model/run-event.ts';
import { maskedField, maskedSecret } from '../stores/redact.ts';

/** What each step gave, failed with and asked of others, then and now. */
export class Comparison {
  readonly #then = new Map<string, Noted>();
  readonly #now = new Map<string, Noted>();
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
    const add = (was: Noted | undefined, is: Noted | undefined): void => {
      const difference = differenceOf(was, is);
      if (difference) found.push(difference);
    };
    for (const [key, was] of this.#then) if (found.length < most) add(was, this.#now.get(key));
    for (const [key, is] of this.#now) if (found.length < most && !this.#then.has(key)) add(undefined, is);
    return found;
  }

  #note(map: Map<string, Noted>, event: RunEvent): void {
    if (event.type === 'run-finished') this.#status = event.status;
    else if (event.type === 'payload-out') put(map, { step: event.step, port: event.port, head: event.payload });
    else if (event.type === 'payload-failed') put(map, { step: event.step, port: '', head: event.payload, error: event.error.code });
    else if (event.type === 'exchange' && event.step !== undefined) map.set(JSON.stringify(['exchange', event.step, event.payload, event.exchange.id]), { step: event.step, payload: event.payload, exchange: event.exchange });
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

type Noted = NotedPayload | NotedRequest;

const put = (map: Map<string, Noted>, noted: NotedPayload): void => void map.set(JSON.stringify([noted.step, noted.port, noted.head.id]), noted);

function differenceOf(was: Noted | undefined, is: Noted | undefined): ReplayDifference | undefined {
  const one = was ?? is!;
  if ('exchange' in one) return was && is && 'exchange' in was && 'exchange' in is ? requestDifference(was, is) : undefined;
  return payloadDifference(was as NotedPayload | undefined, is as NotedPayload | undefined);
}

function payloadDifference(was: NotedPayload | undefined, is: NotedPayload | undefined): ReplayDifference | undefined {
  const { step, port, head } = (was ?? is)!;
  const place = { step, port, payload: head.id };
  if (!is) return { kind: 'missing', ...place, was: was!.head.body };
  if (!was) return { kind: 'new', ...place, is: is.head.body };
  if (was.error !== is.error) return { kind: 'changed', ...place, was: was.error ?? was.head.body, is: is.error ?? is.head.body };
  const isSame = was.head.body === is.head.body && JSON.stringify(was.head.meta) === JSON.stringify(is.head.meta) && was.head.mediaType === is.head.mediaType;
  return isSame ? undefined : { kind: 'changed', ...place, was: was.head.body, is: is.head.body };
}

/** A request that is not made any more is told by what comes, or does not come, of it: tokens, which a replay needs none of, would be told each time. */
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
