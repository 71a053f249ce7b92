import assert from 'node:assert/strict';
import awsSigv4 from '../../plugins/auth/aws-sigv4.ts';
import digest from '../../plugins/auth/digest.ts';
import jwt from '../../plugins/auth/jwt.ts';
import oauth1 from '../../plugins/auth/oauth1.ts';
import authorizationCode from '../../plugins/auth/oauth2-authorization-code.ts';
import jwtBearer from '../../plugins/auth/oauth2-jwt-bearer.ts';
import password from '../../plugins/auth/oauth2-password.ts';
import session from '../../plugins/auth/session.ts';
import tokenPool from '../../plugins/auth/token-pool.ts';
import wsSecurity from '../../plugins/auth/ws-security.ts';
import type { HttpRequest, Plugin } from '../../plugins/sdk/index.ts';
import type { RawResponse, ResolvedInstance } from '../../server/engine/host.ts';
import type { PluginUse } from '../../server/model/connector.ts';
import { formsOf } from '../../server/stores/secret-forms.ts';
import { connectorHost, json, type Called, type ConnectorHost, type ConnectorHostOptions } from './connector-host.ts';

export interface Method {
  readonly use: PluginUse;
  readonly credentials: ResolvedInstance['credentials'];
  /** What a signed request carries. */
  readonly signed: (request: HttpRequest) => unknown;
  readonly expected: unknown;
}

export const secret = 'wh4t/n0body+sees&';
export const token = 'tok/en+of=the day';
export const given = { $secret: 'shop' };
export const authPlugins = [authorizationCode, awsSigv4, digest, jwt, oauth1, jwtBearer, password, session, tokenPool, wsSecurity] as unknown as readonly Plugin[];

interface Shop {
  readonly host: ConnectorHost;
  /** Requests but those for a token. */
  readonly seen: readonly HttpRequest[];
  readonly tokens: () => number;
}

/** The shop, and a server that gives tokens, each with a number of its own after the first. */
export function shop({ use, credentials }: Method, answer: (request: HttpRequest, count: number) => RawResponse | Promise<RawResponse>, more: ConnectorHostOptions & { readonly life?: number } = {}): Shop {
  const seen: HttpRequest[] = [];
  let tokens = 0;
  const host = connectorHost({
    plugins: authPlugins, ...more, secrets: { shop: secret }, instance: { credentials },
    connector: { auth: { it: use }, ...more.connector },
    send: async (request, signal) => {
      if (request.url !== 'https://shop.test/token') return answer(request, seen.push(request));
      tokens++;
      await host.clock.sleep(10, signal);
      return json({ access_token: tokens === 1 ? token : `${token}${tokens}`, ...(more.life !== undefined && { expires_in: more.life }) });
    },
  });
  return { host, seen, tokens: () => tokens };
}

export function assertNothingTold(host: ConnectorHost, { events, error, failed }: Called): void {
  const told = [JSON.stringify(events), ...host.recorded, error?.message, JSON.stringify(error?.details), JSON.stringify(failed)].join('\n');
  for (const form of [secret, token].flatMap(formsOf)) assert.ok(!told.includes(form), `${form} in ${told}`);
}
