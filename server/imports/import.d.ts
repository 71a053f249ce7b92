import type { ConnectorManifest } from '../model/connector.ts';
import { importCurl } from './curl.ts';
import { importHar } from './har.ts';
import type { ImportResult } from './import-result.ts';
import { importOpenApi } from './openapi.ts';
import { importPostman } from './postman.ts';
declare const readers: {
    readonly openapi: typeof importOpenApi;
    readonly curl: typeof importCurl;
    readonly postman: typeof importPostman;
    readonly har: typeof importHar;
};
export type ImportKind = keyof typeof readers;
export declare const importKinds: ImportKind[];
/** A connector out of the text of a description. Reads no file and asks no server. Fails with `DATA_INVALID`, whose place is the line of the text where there is one. */
export declare const importText: (kind: ImportKind, text: string) => ImportResult;
/** The id that a connector has where nobody gave one. */
export declare const connectorName: ({ title }: ConnectorManifest) => string;
export interface AuthNote {
    readonly name: string;
    readonly type: string;
    /** Names under which the secrets of an instance of this name would be kept. */
    readonly secrets: readonly string[];
}
/** The auth methods of an imported connector, with the secrets that an instance needs for each. */
export declare const authNotes: (name: string, { auth }: ConnectorManifest) => AuthNote[];
export {};
