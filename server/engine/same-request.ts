import type { ExchangeHead } from '../model/run-event.ts';

export type Said = Pick<ExchangeHead, 'method' | 'url' | 'requestHeaders' | 'requestBody' | 'fingerprint'>;

/** The same for requests of a step that ask for the same in every way. Where something is masked, only their fingerprints tell. */
export const printOf = ({ method, url, requestBody, fingerprint, requestHeaders }: Said, step: string | undefined): string => JSON.stringify([method, url, requestBody, fingerprint, tellingHeaders(requestHeaders, step)]);

/** Headers but those that are others each time: who asks, when, and the key by which an attempt is known. */
export const tellingHeaders = (headers: Readonly<Record<string, string>>, step: string | undefined): string =>
  JSON.stringify(Object.entries(headers).filter(([name, value]) => !ownHeaders.has(name) && !(step !== undefined && value.includes(`:${step}:`))).toSorted(([one], [other]) => (one < other ? -1 : 1)));

const ownHeaders: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'date', 'x-amz-date', 'x-ms-date']);
