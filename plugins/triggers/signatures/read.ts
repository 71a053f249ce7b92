import type { SignatureSettings } from './settings.ts';
import type { Claim, SignedRequest } from './verify.ts';

export interface SentAt {
  readonly where: string;
  readonly time: number | undefined;
  /** As it came, since that is what was signed. */
  readonly text: string;
}

/** What tells a delivery from another. */
export interface Delivery {
  /** `the header X-GitHub-Delivery` */
  readonly where: string;
  /** The header, where it is one. */
  readonly header?: string;
  /** Whoever cannot sign cannot name another one. */
  readonly isSigned: boolean;
  /** Absent where the request names none. */
  readonly id?: string;
}

export const secondsIn = (request: SignedRequest, header: string): SentAt => timeIn(request, header, /^\d{1,11}$/, () => 1000);
export const millisecondsIn = (request: SignedRequest, header: string): SentAt => timeIn(request, header, /^\d{1,14}$/, () => 1);
/** Of times that may be in either unit; the year 1973 in milliseconds is not meant. */
export const eitherIn = (request: SignedRequest, header: string): SentAt => timeIn(request, header, /^\d{1,14}$/, (time) => (time < 1e11 ? 1000 : 1));

/** The address as the sender knows it, with the query as it came. */
export function addressOf({ url, publicUrl: known }: SignedRequest, { publicUrl = known }: Pick<SignatureSettings, 'publicUrl'>): string {
  return publicUrl === undefined ? url : publicUrl + (url.includes('?') ? url.slice(url.indexOf('?')) : '');
}

/** Where only the body is signed, the query must not become the payload. `except`: the parameter that holds the signature. */
export function signsBodyOnly({ body, query }: SignedRequest, except?: string): Pick<Claim, 'content'> {
  const isUnsigned = body.length === 0 && Object.keys(query).some((name) => name !== except);
  return isUnsigned ? { content: { where: '', fault: 'There is no body, and this kind of signature does not sign the query.' } } : {};
}

export const isForm = ({ headers }: SignedRequest): boolean => /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers['content-type'] ?? '');

export function parametersOf(body: Uint8Array): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  }
  return found;
}

function timeIn({ headers }: SignedRequest, header: string, form: RegExp, unit: (time: number) => number): SentAt {
  const text = headers[header.toLowerCase()] ?? '';
  return { where: `the header ${header}`, time: form.test(text) ? Number(text) * unit(Number(text)) : undefined, text };
}

/** Names in any spelling. */
export const withHeaders = (request: SignedRequest, headers: Readonly<Record<string, string>>): SignedRequest =>
  ({ ...request, headers: { ...request.headers, ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])) } });

export function withQuery(request: SignedRequest, name: string, value: string): SignedRequest {
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set(name, value);
  return { ...request, url: url.pathname + url.search, query: { ...request.query, [name]: value } };
}

export function headerDelivery({ headers }: SignedRequest, header: string, isSigned: boolean): Delivery {
  const id = headers[header.toLowerCase()];
  return { where: `the header ${header}`, header, isSigned, ...(id && { id }) };
}
