import { isAddress } from './address.ts';

/** Where a workspace is known to senders of webhooks. */
export interface PublicAddress {
  /** What stands before `/hooks/…`; absent where nobody has said it. */
  readonly url?: string;
  /** A proxy in front says which address was called, and nobody else reaches the runner. */
  readonly trustsForwarded: boolean;
}

/** The text without slashes at its end; `undefined` where it is no address to put a path behind. */
export function readPublicUrl(text: string): string | undefined {
  const url = text.trim().replace(/\/+$/, '');
  return isAddress(url) && !/[?#@]/.test(url) ? url : undefined;
}

/** The address of a request as its sender knows it, without the query. What the request says of itself counts only where a proxy is trusted. */
export function publicUrlOf({ url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> }, address: PublicAddress): string | undefined {
  const base = address.url ?? (address.trustsForwarded ? forwardedOrigin(headers) : undefined);
  return base === undefined ? undefined : base + url.split('?', 1)[0]!;
}

/** Of several proxies in a row the first has seen the sender. */
function forwardedOrigin(headers: Readonly<Record<string, string>>): string | undefined {
  const first = (text: string | undefined): string | undefined => text?.split(',', 1)[0]!.trim();
  const forwarded = first(headers['forwarded']);
  const part = (name: string): string | undefined => new RegExp(`(?:^|;)\\s*${name}="?([^";]+)"?`, 'i').exec(forwarded ?? '')?.[1];
  const [host, protocol] = [part('host') ?? first(headers['x-forwarded-host']), part('proto') ?? first(headers['x-forwarded-proto']) ?? 'https'];
  return host === undefined || !/^https?$/i.test(protocol) ? undefined : readPublicUrl(`${protocol.toLowerCase()}://${host}`);
}
