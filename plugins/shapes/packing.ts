import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { FlowError } from '../sdk/index.ts';

type Bytes = AsyncIterable<Uint8Array>;

export const packings = ['gzip', 'base64'] as const;
export type Packing = (typeof packings)[number];

/** The bytes without what they are packed in, outermost first. Fails with `DATA_INVALID` where they are not packed so. */
export const unpacked = (bytes: Bytes, from: readonly Packing[]): Bytes => from.reduce<Bytes>((inner, packing) => (packing === 'gzip' ? gunzip(inner) : fromBase64(inner)), bytes);

/** The bytes packed in the order given. */
export const packed = (bytes: Bytes, into: readonly Packing[]): Bytes => into.reduce<Bytes>((outer, packing) => (packing === 'gzip' ? piped(outer, createGzip()) : toBase64(outer)), bytes);

async function* gunzip(bytes: Bytes): AsyncGenerator<Uint8Array> {
  try {
    yield* piped(bytes, createGunzip());
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw cause;
    throw new FlowError('DATA_INVALID', `The payload is not packed with gzip, or is damaged: ${(cause as Error).message}.`, { cause });
  }
}

async function* piped(bytes: Bytes, through: ReturnType<typeof createGzip> | ReturnType<typeof createGunzip>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes, { objectMode: false });
  source.on('error', (error) => through.destroy(error));
  try {
    for await (const chunk of source.pipe(through)) yield chunk as Uint8Array;
  } finally {
    source.destroy();
  }
}

/** Both alphabets, with and without padding and line breaks. */
async function* fromBase64(bytes: Bytes): AsyncGenerator<Uint8Array> {
  let pending = '';
  let isOver = false;
  for await (const chunk of bytes) {
    const text = Buffer.from(chunk).toString('latin1').replaceAll(/\s/g, '');
    const [, letters = '', padding = ''] = /^([A-Za-z0-9+/_-]*)(=*)$/.exec(text) ?? [];
    if (letters.length + padding.length !== text.length || (isOver && letters !== '')) throw notBase64();
    isOver ||= padding !== '';
    pending += letters;
    const whole = pending.length - (pending.length % 4);
    if (whole > 0) yield Buffer.from(pending.slice(0, whole), 'base64');
    pending = pending.slice(whole);
  }
  if (pending.length === 1) throw notBase64();
  if (pending !== '') yield Buffer.from(pending, 'base64');
}

const notBase64 = (): FlowError => new FlowError('DATA_INVALID', 'The payload is not written in Base64.');

async function* toBase64(bytes: Bytes): AsyncGenerator<Uint8Array> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = Buffer.concat([pending, chunk]);
    const whole = all.length - (all.length % 3);
    if (whole > 0) yield Buffer.from(all.subarray(0, whole).toString('base64'), 'latin1');
    pending = all.subarray(whole);
  }
  if (pending.length > 0) yield Buffer.from(pending.toString('base64'), 'latin1');
}
