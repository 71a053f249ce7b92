import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { FlowError } from '../../plugins/sdk/index.ts';

/**
 * How much a request must show. `open`: files of the operators' page and health checks; a link of another page may lead there.
 * `hook`: the trigger checks the signature. `api`: the token.
 */
export type Level = 'open' | 'hook' | 'api';

export interface Guard {
  /** Gives the reason to refuse the request, which costs no look at its body. */
  refuse(request: IncomingMessage, level: Level): FlowError | undefined;
}

/**
 * The walls of the local server. A page of another origin reaches loopback too, so a request must name one of our own hosts (a rebound name does not),
 * must not come from another origin, and for everything that tells or changes something must carry the token.
 */
export function guardFor({ hosts, token, hookHost = () => undefined }: { readonly hosts: readonly string[]; readonly token: string; /** A further one for webhooks alone: that of their public address. */ readonly hookHost?: () => string | undefined }): Guard {
  const allowedHosts = new Set(hosts);
  const allowedOrigins = new Set(hosts.flatMap((host) => [`http://${host}`, `https://${host}`]));
  const digest = digestOf(token);

  return {
    refuse(request, level) {
      const { host = '', origin, authorization = '', 'sec-fetch-site': site } = request.headers;
      if (isRepeated(request.rawHeaders)) return forbidden('A header that decides about access stands twice in the request.');
      if (!allowedHosts.has(host.toLowerCase()) && !(level === 'hook' && host !== '' && host.toLowerCase() === hookHost())) return forbidden('The request names a host that is not this server.');
      if (!request.url?.startsWith('/')) return forbidden('The address of the request is not a path of this server.');
      if (origin !== undefined && !allowedOrigins.has(origin)) return forbidden('The request comes from a page of another origin.');
      if (level === 'open') return undefined;
      if (site !== undefined && site !== 'same-origin' && site !== 'none') return forbidden('The request comes from a page of another origin.');
      if (level === 'hook') return undefined;
      const given = /^bearer ([!-~]+)$/i.exec(authorization)?.[1];
      // Digests are of one length, so the comparison tells nothing about the token.
      return given !== undefined && timingSafeEqual(digestOf(given), digest) ? undefined : new FlowError('API_UNAUTHORIZED', 'The request has no token, or not the one of this runner.');
    },
  };
}

/**
 * The hosts that requests may name. A name is never taken because it happens to resolve to us: that is what rebinding does. `allowed`: further ones,
 * with or without a port, for a server behind a tunnel or in a container.
 */
export function hostsOf(bound: string, port: number, allowed: readonly string[] = []): string[] {
  const isWildcard = bound === '0.0.0.0' || bound === '::';
  const own = isWildcard ? Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address)) : [bound];
  const names = new Set(['127.0.0.1', 'localhost', '::1', ...own].map((name) => (name.includes(':') ? `[${name}]` : name)));
  const withPort = [...names].flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return [...withPort, ...allowed.flatMap((name) => (/:\d+$/.test(name) ? [name] : [name, `${name}:${port}`]))].map((name) => name.toLowerCase());
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const forbidden = (message: string): FlowError => new FlowError('API_FORBIDDEN', message);

/** Node keeps the first of these when they are repeated, a proxy before us might have looked at the last. */
function isRepeated(rawHeaders: readonly string[]): boolean {
  let seen = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    const bit = name.length === 4 && /^host$/i.test(name) ? 1 : name.length === 6 && /^origin$/i.test(name) ? 2 : name.length === 13 && /^authorization$/i.test(name) ? 4 : 0;
    if (seen & bit) return true;
    seen |= bit;
  }
  return false;
}
