import type { Inspection } from '../../plugins/sdk/index.ts';
import type { RunSummary } from './api.ts';

// Requests to webhooks as they came, and what became of them.

export interface InboxRow {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly flow: string;
  /** Absent where nothing has taken it but a rule of its flow. */
  readonly trigger?: string;
  readonly method: string;
  /** Path and query, masked. */
  readonly url: string;
  readonly mediaType: string;
  /** Bytes of the body. */
  readonly size: number;
  readonly isRead: boolean;
  readonly isPinned: boolean;
  /** Of the signature; absent where nothing was checked. */
  readonly isValid?: boolean;
  readonly delivery?: string;
  /** The first request with the same delivery, and the same run if there is one. */
  readonly duplicateOf?: number;
  /** Of the answer. */
  readonly status?: number;
  readonly tookMs?: number;
  /** What answered: the flow, or a rule. */
  readonly answeredBy: 'flow' | 'capture' | 'failure';
  readonly run?: string;
  /** Absent where the run is gone. */
  readonly runStatus?: RunSummary['status'];
  /** Absent where it came from outside. */
  readonly origin?: { readonly type: 'replay' | 'test'; /** The request that was sent once more. */ readonly of?: number; /** It was signed here, and not by whoever had sent it. */ readonly isSigned?: boolean };
}

export interface InboxDetail extends InboxRow {
  /** Masked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly inspection?: Inspection;
  readonly answer?: { readonly headers: Readonly<Record<string, string>>; /** The beginning of it, as text. */ readonly body: string };
  /** The body as text, or its beginning; of bytes that are no text, in base64. */
  readonly body: string;
  readonly encoding: 'text' | 'base64';
  /** The body is longer than what is here. */
  readonly isCut: boolean;
  /** Something is masked, so what is replayed is what was kept encrypted. */
  readonly isMasked: boolean;
}

/** How an address answers. */
export interface InboxRule {
  readonly flow: string;
  /** Default every trigger of the flow, and its address alone. */
  readonly trigger?: string;
  /** `capture`: requests are kept and answered by the rule, no run starts, and there need be no such flow. */
  readonly mode: 'flow' | 'capture';
  readonly answer?: InboxAnswer;
  /** The first requests from now on fail, whatever the mode. */
  readonly fail?: { readonly first: number; readonly status: number };
}

export interface InboxAnswer {
  readonly status: number;
  /** Values may hold expressions: `order-{{ payload.id }}`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** May hold expressions: `{{ payload.id }}`. In JSON their values are written as JSON: within quotes as a part of that text, elsewhere as they are. */
  readonly body?: string;
  readonly delayMs?: number;
}

export interface InboxState {
  /** Nothing is kept; flows and rules answer all the same. */
  readonly isPaused: boolean;
  readonly unread: number;
  readonly rules: readonly (InboxRule & { /** How many requests still fail. */ readonly failing?: number })[];
  readonly addresses: readonly InboxAddress[];
  /** What stands before `/hooks/…` for senders; absent where nobody has said it. */
  readonly publicUrl?: string;
}

export interface InboxAddress {
  readonly flow: string;
  readonly trigger: string;
  /** `/hooks/<flow>/<trigger>` */
  readonly path: string;
  readonly isSigned: boolean;
  /** The whole address as the sender knows it; absent where nobody has said it. */
  readonly url?: string;
}

/** A request that is made here. */
export interface InboxDraft {
  readonly method?: string;
  /** `?a=1` */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How `body` is written. */
  readonly encoding?: 'text' | 'base64';
  /** Signs it with the secret of the trigger, as its sender would. A request that is made here is signed unless this is false; one that is sent once more goes out with the signature it came with unless this is true, so that one that was forged stays so. */
  readonly sign?: boolean;
  /** Id of the delivery; default a new one, so that a run starts. It cannot be another one where no header holds it, or where it is signed and the request is not signed anew. */
  readonly delivery?: string;
}

export interface InboxReplay extends InboxDraft {
  /** How often; default once. */
  readonly times?: number;
  /** Milliseconds between them. */
  readonly delayMs?: number;
  /** The id of the delivery stays, as when a provider sends it again. */
  readonly sameDelivery?: boolean;
}

export interface InboxSent {
  readonly items: readonly { readonly status: number; readonly body: string; readonly request?: number; /** The request with the same delivery that came before: it started the run. */ readonly duplicateOf?: number; readonly run?: string }[];
}

/** What two requests are compared by, and what a person reads: the first line, headers in order, an empty line, the body. JSON is written over lines. */
export function requestText({ method, url, headers, body, encoding, mediaType }: Pick<InboxDetail, 'method' | 'url' | 'headers' | 'body' | 'encoding' | 'mediaType'>): string {
  const lines = Object.entries(headers).toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${url}\n${lines.join('\n')}\n\n${encoding === 'text' && mediaType.includes('json') ? spread(body) : body}\n`;
}

function spread(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}

/** A command for a POSIX shell. `base`: `http://127.0.0.1:7341`. What is masked is masked there, too. */
export function curlOf({ method, url, headers, body, encoding }: Pick<InboxDetail, 'method' | 'url' | 'headers' | 'body' | 'encoding'>, base: string): string {
  const wanted = Object.entries(headers).filter(([name]) => !notCopied.has(name.toLowerCase()));
  const data = body === '' ? [] : [encoding === 'text' ? `--data-binary ${quoted(body.startsWith('@') ? ` ${body}` : body)}` : `--data-binary @<(echo ${quoted(body)} | base64 -d)`];
  return [`curl -X ${method} ${quoted(base + url)}`, ...wanted.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`), ...data].join(' \\\n  ');
}

/** Of the connection, and of a body that was packed: it is kept unpacked. */
const notCopied = new Set(['host', 'connection', 'content-length', 'content-encoding', 'transfer-encoding', 'accept-encoding', 'expect']);
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
