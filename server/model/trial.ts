import type { PageRequest } from '../../plugins/sdk/index.ts';
import type { EndpointExample } from './connector.ts';
import type { Looked } from './infer-schema.ts';
import type { PayloadNeed } from './payload-need.ts';
import type { RunError } from './run-event.ts';

/** What trying an endpoint out gives. Nothing in it is a secret: requests are shown as they were sent, with what signing added masked. */
export interface Trial {
  readonly instance: string;
  readonly endpoint: string;
  readonly pages: readonly TrialPage[];
  /** Why it ended with the last of them; absent where it ended with an error, and for endpoints that send. */
  readonly stop?: { readonly reason: string; readonly byGuess: boolean };
  /** Records of all pages. */
  readonly records: number;
  /** JSON Schema of a record, as far as the records show it. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Of how many records the schema is; absent where it is of all. */
  readonly looked?: Looked;
  /** The first page, shortened, as an example for the connector's file. */
  readonly example?: EndpointExample;
  /** Where it was kept, if that was asked for. */
  readonly saved?: { readonly file: string; readonly pointer: string };
  /** How the answers seem to be paged, if that was asked for. */
  readonly detected?: Detection;
  readonly log: readonly TrialNote[];
  /** Items that the other system refused one by one. */
  readonly refused: readonly RunError[];
  readonly error?: RunError;
}

/** An endpoint that can be tried out, and what it wants. */
export interface EndpointRow {
  readonly endpoint: string;
  readonly title: string;
  readonly direction: 'receive' | 'send' | 'listen';
  readonly params: { readonly required: readonly string[]; readonly optional: readonly string[] };
  readonly payload: PayloadNeed;
}

/** A page, or a request of an endpoint that sends. */
export interface TrialPage {
  readonly request: TrialRequest;
  /** Absent where no answer came. */
  readonly response?: TrialResponse;
  readonly records: number;
  /** From the first byte of the request to the last one of the answer. */
  readonly ms: number;
  /** Waited before it: for a rate limit, for `Retry-After`, before another attempt, for a job. */
  readonly waitMs: number;
  /** Requests before it that did not give the page: attempts that failed, redirects, tokens, look-ups. */
  readonly before: readonly TrialExchange[];
  /** What the pagination has read from this page, as the change of the next request: `{"query": {"cursor": "abc"}}`. */
  readonly next?: PageRequest;
}

export interface TrialExchange {
  readonly request: TrialRequest;
  readonly response?: TrialResponse;
  readonly error?: RunError;
  readonly ms: number;
  readonly waitMs: number;
  /** It has answered what was to be known first, of this endpoint: whether a record is there already, or the records of which slices are made. */
  readonly lookUp?: string;
}

export interface TrialRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where the media type says so, else the text; absent where there is none, or where it holds credentials. */
  readonly body?: unknown;
}

export interface TrialResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where the media type says so, else the text; absent for bytes, and for answers that hold credentials. */
  readonly body?: unknown;
  /** Bytes of the body. */
  readonly size: number;
  /** The body is the beginning of a longer text. */
  readonly cut?: true;
}

export interface TrialNote {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** What answers seem to say of their endpoint, the likeliest first. */
export interface Detection {
  readonly records: readonly Proposal<string>[];
  readonly pagination: readonly Proposal<{ readonly type: string; readonly settings?: Readonly<Record<string, unknown>> }>[];
  /** JSON Schema of a record at the likeliest place. */
  readonly record?: Readonly<Record<string, unknown>>;
  /** Of how many records it is; absent where it is of all. */
  readonly looked?: Looked;
}

export interface Proposal<T> {
  /** What would stand in the manifest. */
  readonly value: T;
  /** From 0 to 1. */
  readonly score: number;
  readonly why: string;
}

/** What was asked beside the pages: `, and 1 look-up, 2 for attempts, redirects and tokens`. */
export function textBeside(pages: readonly { readonly before: readonly Pick<TrialExchange, 'lookUp'>[] }[]): string {
  const before = pages.flatMap((page) => page.before);
  const lookUps = before.filter(({ lookUp }) => lookUp !== undefined).length;
  const others = before.length - lookUps;
  const parts = [...(lookUps > 0 ? [`${lookUps} look-up${lookUps === 1 ? '' : 's'}`] : []), ...(others > 0 ? [`${others} for attempts, redirects and tokens`] : [])];
  return parts.length === 0 ? '' : `, and ${parts.join(', ')}`;
}
