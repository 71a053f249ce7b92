import { FlowError } from '../../plugins/sdk/index.ts';
import { type Seal } from '../stores/seal.ts';
import type { SecretStore } from './contract.ts';
export interface SecretsOptions {
    readonly root: string;
    /** Values that the editor keeps; they count first. */
    readonly editor?: ReadonlyMap<string, string>;
    readonly environment: Readonly<Record<string, string | undefined>>;
    /** Names that the files of the workspace refer to: an environment variable does not tell the name that it stands for. */
    readonly referenced: () => readonly string[];
    /** Where the key lies, where there is no passphrase; default the user's folder of configuration. */
    readonly keyFile?: string;
    /** Told each value that is handed out. */
    readonly handedOut: (value: string) => void;
}
/** Secrets by name, from the editor, the environment or the encrypted store of the workspace; the first that has one counts. */
export interface Secrets extends SecretStore {
    /** Tells all values that can be known, so that they are masked even before a flow asks for them. */
    revealAll(): Promise<void>;
    /** The same for the editor's, which may change at any time. */
    revealEditor(): void;
}
/** The error for a secret that is nowhere to be found. */
export declare const secretMissing: (name: string, place?: {
    readonly file: string;
    readonly pointer?: string;
}) => FlowError;
export declare function openSecrets({ root, editor, environment, referenced, keyFile, handedOut }: SecretsOptions): Secrets;
/** What encrypts the beginnings of runs in the queue: under the key of the stored secrets. */
export declare const openSeal: (root: string, environment: SecretsOptions['environment']) => Seal;
