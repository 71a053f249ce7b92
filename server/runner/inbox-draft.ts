import type { RequestData } from '../../plugins/sdk/index.ts';
import type { InboxDetail, InboxDraft, InboxRow } from '../model/inbox.ts';
import type { InboxStore } from '../stores/inbox-store.ts';
import type { Seal } from '../stores/seal.ts';
import type { Sealed } from './inbox-capture.ts';

export const pathOf = ({ flow, trigger }: { readonly flow: string; readonly trigger?: string | undefined }): string => `/hooks/${[...flow.split('/'), ...(trigger === undefined ? [] : [trigger])].map(encodeURIComponent).join('/')}`;

/** A stored request as it came. */
export async function originalOf({ id, method, url, query, headers, sealed }: InboxRow & Pick<InboxDetail, 'headers' | 'query'> & { readonly sealed?: Uint8Array }, store: InboxStore, seal: Seal): Promise<RequestData> {
  if (!sealed) return { method, url, query, headers, body: await store.body(id) };
  const kept = JSON.parse(Buffer.from(seal.open(sealed)).toString('utf8')) as Sealed;
  return { ...kept, method, body: Buffer.from(kept.body, 'base64') };
}

const lower = (headers: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const bodyOf = ({ body = '', encoding = 'text' }: InboxDraft): Uint8Array => Buffer.from(body, encoding === 'text' ? 'utf8' : 'base64');

/** A request to an address that is made of a draft alone. */
export function requestOf({ method = 'POST', query = '', headers = {}, ...draft }: InboxDraft, path: string): RequestData {
  const url = path + (query === '' || query.startsWith('?') ? query : `?${query}`);
  return { method: method.toUpperCase(), url, query: Object.fromEntries(new URLSearchParams(query)), headers: { ...(draft.body && { 'content-type': 'application/json' }), ...lower(headers) }, body: bodyOf(draft) };
}

/** A request with what a draft changes. */
export function changed(original: RequestData, { method, query, headers, ...draft }: InboxDraft): RequestData {
  const path = original.url.split('?')[0]!;
  return {
    ...original, ...(method !== undefined && { method: method.toUpperCase() }),
    ...(query !== undefined && { url: requestOf({ query }, path).url, query: Object.fromEntries(new URLSearchParams(query)) }),
    ...(headers && { headers: lower(headers) }), ...(draft.body !== undefined && { body: bodyOf(draft) }),
  };
}
