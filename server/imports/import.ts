import type { ConnectorManifest } from '../model/connector.ts';
import { importCurl } from './curl.ts';
import { importGraphql } from './graphql.ts';
import { importHar } from './har.ts';
import type { ImportResult } from './import-result.ts';
import { secretCredentials } from './openapi-auth.ts';
import { importOpenApi } from './openapi.ts';
import { importPostman } from './postman.ts';
import { importWsdl } from './wsdl.ts';
import { slugOf } from './words.ts';

const readers = { openapi: importOpenApi, curl: importCurl, postman: importPostman, har: importHar, graphql: importGraphql, wsdl: importWsdl } as const satisfies Record<string, (text: string, address?: string) => ImportResult>;

export type ImportKind = keyof typeof readers;

export const importKinds = Object.keys(readers) as ImportKind[];

/** A connector out of the text of a description. Reads no file and asks no server. `address`: where the text was got. Fails with `DATA_INVALID`, whose place is the line of the text where there is one. */
export const importText = (kind: ImportKind, text: string, address?: string): ImportResult => (readers[kind] as (text: string, address?: string) => ImportResult)(text, address);

/** The id that a connector has where nobody gave one. */
export const connectorName = ({ title }: ConnectorManifest): string => slugOf(title).replace(/^(?=\d)/, 'api-') || 'imported';

export interface AuthNote {
  readonly name: string;
  readonly type: string;
  /** Names under which the secrets of an instance of this name would be kept. */
  readonly secrets: readonly string[];
}

/** The auth methods of an imported connector, with the secrets that an instance needs for each. */
export const authNotes = (name: string, { auth = {} }: ConnectorManifest): AuthNote[] =>
  Object.entries(auth).map(([method, { type }]) => ({ name: method, type, secrets: (secretCredentials[type] ?? []).map((credential) => `${name}/${slugOf(credential)}`) }));
