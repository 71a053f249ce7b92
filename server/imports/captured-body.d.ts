import type { Pair } from './secret-values.ts';
/** A body by its media type: JSON and forms as values, all else as text. */
export declare function readBodyText(mediaType: string, text: string): {
    readonly mediaType: string;
    readonly value: unknown;
} | undefined;
/** Fields as an object; a name that stands several times has a list. */
export declare function objectOf(pairs: readonly (readonly [name: string, value: unknown])[]): Readonly<Record<string, unknown>>;
export declare const headerOf: (headers: readonly Pair[], name: string) => string | undefined;
