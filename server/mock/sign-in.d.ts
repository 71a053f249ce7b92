import type { ConnectorManifest } from '../model/connector.ts';
import type { Asked } from './asked.ts';
import type { Answer } from './signals.ts';
/** Where a caller gets tokens, and whether a request carries what it should. Nobody is really checked: any credentials will do. */
export interface SignIn {
    /** The answer to a request for a token; `undefined` for other requests. */
    token(asked: Asked): Answer | undefined;
    /** The refusal of a request without credentials. */
    refusal(asked: Asked): Answer | undefined;
}
export declare function createSignIn({ auth, baseUrl }: ConnectorManifest, basePath: string): SignIn;
