import { isUtf8 } from 'node:buffer';
import type { BodyWindow } from '../model/api.ts';
import type { ByteSource } from './json-scan.ts';
import type { WindowRequest } from '../model/body-window.ts';
import type { WindowBody } from './windows.ts';

const mostBytes = 64 * 1024;

/** A window of a text or of bytes. Letters at its borders belong to the window in which they begin, so that windows in a row give the whole text. */
export async function bytesWindow(source: ByteSource, body: WindowBody, { offset, limit }: WindowRequest, isText: boolean): Promise<BodyWindow> {
  const head = { hash: body.hash, size: body.size, mediaType: body.mediaType, count: 0, offset, entries: [] };
  const end = Math.min(source.size, offset + Math.min(limit, mostBytes));
  const cut = end < source.size ? { cut: true } : {};
  if (!isText) return { ...head, kind: 'binary', value: (await source.read(Math.min(offset, end), end)).toString('base64'), ...cut };
  const bytes = await source.read(Math.min(offset, end), Math.min(source.size, end + 3));
  let from = 0;
  if (offset > 0) while (from < 3 && isContinuation(bytes[from])) from++;
  let to = Math.max(from, end - Math.min(offset, end));
  while (to < bytes.length && to > 0 && isContinuation(bytes[to])) to++;
  const text = bytes.subarray(from, to);
  return { ...head, kind: 'text', value: text.toString(), ...(!isUtf8(text) && { faulty: { bytes: to } }), ...cut };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
