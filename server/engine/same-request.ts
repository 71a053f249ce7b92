import type { ExchangeHead } from '../model/run-event.ts';

type Recorded = Pick<ExchangeHead, 'method' | 'url' | 'requestHeaders' | 'requestBody' | 'fingerprint'>;

/** A request as it would be recorded now. */
export interface Said {
  readonly request: Recorded;
  readonly isMasked: boolean;
}

/** The same for requests of a step that ask for the same in every way. What is masked in one recording may not be in another: where there is a fingerprint, it alone tells. */
export const printOf = ({ fingerprint, ...recorded }: Recorded, step: string | undefined): string => (fingerprint ? JSON.stringify([recorded.method, fingerprint]) : plainPrintOf(recorded, step));

/** The prints of which a recorded request has one if it asked for the same: one that came from elsewhere has no fingerprint that could be compared. */
export const printsOf = ({ request, isMasked }: Said, step: string | undefined): readonly string[] => [...(request.fingerprint ? [printOf(request, step)] : []), ...(isMasked ? [] : [plainPrintOf(request, step)])];

const plainPrintOf = ({ method, url, requestBody, requestHeaders }: Recorded, step: string | undefined): string => JSON.stringify([method, url, requestBody, tellingHeaders(requestHeaders, step)]);

/** Headers but those that are others each time: who asks, when, and the key by which an attempt is known. */
export const tellingHeaders = (headers: Readonly<Record<string, string>>, step: string | undefined): string =>
  JSON.stringify(Object.entries(headers).filter(([name, value]) => !ownHeaders.has(name) && !(step !== undefined && value.includes(`:${step}:`))).toSorted(([one], [other]) => (one < other ? -1 : 1)));

const ownHeaders: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'date', 'x-amz-date', 'x-ms-date']);
