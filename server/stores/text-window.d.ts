import type { BodyWindow } from '../model/api.ts';
import type { ByteSource } from './json-scan.ts';
import type { WindowBody, WindowRequest } from './windows.ts';
/** Media types whose bodies are shown as text. */
export declare const isTextType: (mediaType: string) => boolean;
/** A window of a text or of bytes. Letters at its borders belong to the window in which they begin, so that windows in a row give the whole text. */
export declare function bytesWindow(source: ByteSource, body: WindowBody, { offset, limit }: WindowRequest, isText: boolean): Promise<BodyWindow>;
