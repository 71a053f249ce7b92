import type { BodyField } from '../model/connector.ts';
/**
 * A body of the type multipart/form-data (RFC 7578). The same fields give the same bytes, so that a replay finds its recording. `payload`: bytes and type of what
 * a file may stand for. `fields`: types of parts.
 */
export declare function multipartOf(value: unknown, payload: FileContent, fields?: Readonly<Record<string, BodyField>>): {
    readonly body: Uint8Array;
    readonly mediaType: string;
};
export interface FileContent {
    readonly bytes: Uint8Array;
    readonly mediaType: string;
}
export declare function joined(pieces: readonly Uint8Array[]): Uint8Array;
