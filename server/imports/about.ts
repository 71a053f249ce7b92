import type { ConnectorManifest } from '../model/connector.ts';
import { slugOf } from './words.ts';

export const importKinds = ['openapi', 'curl', 'postman', 'har', 'graphql', 'wsdl'] as const;

export type ImportKind = (typeof importKinds)[number];

/** The id that a connector has where nobody gave one. */
export const connectorName = ({ title }: ConnectorManifest): string => slugOf(title).replace(/^(?=\d)/, 'api-') || 'imported';

export interface AuthNote {
  readonly name: string;
  readonly type: string;
  /** Names under which the secrets of an instance of this name would be kept. */
  readonly secrets: readonly string[];
}

/** The auth methods of an imported connector, with the secrets that an instance needs for each. */
export function authNotes(name: string, { auth = {} }: ConnectorManifest): AuthNote[] {
  const methods = Object.entries(auth).map(([method, { type }]) => ({ method, type, credentials: (secretCredentials[type] ?? []).map(slugOf) }));
  // What several methods call by the same word are secrets of their own.
  const isShared = (credential: string): boolean => methods.filter(({ credentials }) => credentials.includes(credential)).length > 1;
  return methods.map(({ method, type, credentials }) => ({ name: method, type, secrets: credentials.map((credential) => `${name}/${isShared(credential) ? `${slugOf(method)}-${credential}` : credential}`) }));
}

/** The credentials of an auth method that are secret, as far as an import makes one. */
const secretCredentials: Readonly<Record<string, readonly string[]>> = {
  'api-key': ['key'], bearer: ['token'], basic: ['password'], digest: ['password'], 'aws-sigv4': ['secretAccessKey'], oauth1: ['consumerSecret', 'tokenSecret'], mtls: ['key'],
  'oauth2-client-credentials': ['clientSecret'], 'oauth2-authorization-code': ['clientSecret'], 'oauth2-password': ['password', 'clientSecret'],
};
