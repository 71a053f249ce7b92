import { type Token } from '../../plugins/sdk/index.ts';
import type { TokenKeeper } from '../engine/host.ts';
import type { Seal } from '../stores/seal.ts';
export interface TokenStore extends TokenKeeper {
    /** Fails with `SECRET_MISSING` where it cannot be decrypted. */
    get(name: string): Promise<Token | undefined>;
    /** Keeps a token in place of whatever was there. */
    set(name: string, token: Token): Promise<void>;
    /** Gives whether there was one. */
    remove(name: string): Promise<boolean>;
}
export interface TokenStoreOptions {
    readonly root: string;
    /** That of the stored secrets. */
    readonly seal: Seal;
    /** Told every value, to be masked. `owner`: whose token it is, where a newer one takes its place. */
    readonly handedOut: (value: string, owner: string) => void;
}
/** A file per token in `.patchbay/tokens`, encrypted. Whoever renews one holds its lock, so that a refresh token that counts once is used once. */
export declare function createTokenStore({ root, seal, handedOut }: TokenStoreOptions): TokenStore;
