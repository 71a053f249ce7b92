import type { PluginUse } from '../model/connector.ts';
import type { SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
export interface ReadAuth {
    readonly auth: Readonly<Record<string, PluginUse>>;
    /** Addresses of token servers. */
    readonly tokenUrls: readonly string[];
}
/** Security schemes as auth methods. Those that the whole description asks for come first: the first is the default. */
export declare function readAuth(source: SchemaSource, root: Json): ReadAuth;
/** The credentials of an auth method that are secret, as far as an import makes one. */
export declare const secretCredentials: Readonly<Record<string, readonly string[]>>;
