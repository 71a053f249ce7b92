import { hash as digest } from 'node:crypto';
import { errors, type Payload } from '../../plugins/sdk/index.ts';
import type { BodyKeeper } from '../engine/host.ts';
import { bodyOf, type PayloadBody } from '../engine/payload.ts';
import { createCache } from '../model/lru.ts';
import type { RunError } from '../model/run-event.ts';
import type { Masker } from './redact.ts';

export interface Kept {
  readonly hash: string;
  readonly size: number;
  readonly records?: number;
}

export type Recording = 'full' | 'errors' | 'none';

export interface KeeperOptions {
  readonly recording: Recording;
  readonly masker: Masker;
  /** Takes a body that this run has not handed over lately. */
  readonly store: (hash: string, mediaType: string, size: number, data: string | Uint8Array) => void;
}

export interface Keeper extends BodyKeeper {
  /** The body of a payload that failed, which is kept even where others are not. `undefined` where the payload is gone. */
  keepFailed(payloadId: string): Kept | undefined;
  /** The run is over: nothing is remembered any more. */
  clear(): void;
}

/** Hashes that a run remembers to have handed over; forgetting one costs a copy, never a wrong recording. */
const remembered = 4_096;

interface Cached extends Kept {
  readonly epoch: number;
  readonly masker: Masker;
}

// By identity, so that a body which ten steps pass on is printed and hashed once. Shared by all runs.
const cached = new WeakMap<object, Cached>();

/** Keeps the bodies of one run: masks, names by SHA-256, hands over. Never fails: a body that cannot be printed is not kept. */
export function keepBodies({ recording, masker, store }: KeeperOptions): Keeper {
  const handed = createCache<true>(remembered);
  // Where only failures are kept, the payload must still be there when it fails. The engine holds it as long.
  const passing = new Map<string, WeakRef<Payload>>();
  let sweepAt = 2_048;

  const remember = (payload: Payload): void => {
    passing.set(payload.id, new WeakRef(payload));
    if (passing.size < sweepAt) return;
    for (const [id, reference] of passing) if (!reference.deref()) passing.delete(id);
    sweepAt = Math.max(2_048, passing.size * 2);
  };

  const keepFully = (payload: Payload): Kept => {
    const body = bodyOf(payload);
    if (body.kind === 'stream') return { hash: '', size: body.size };
    const identity = identityOf(body);
    const found = cached.get(body) ?? cached.get(identity);
    if (found && found.epoch === masker.secrets.epoch && found.masker === masker && handed.get(found.hash)) return found;
    const data = print(body, payload.mediaType, masker);
    if (data === undefined) return { hash: '', size: -1 };
    const kept: Cached = { ...hand(data, payload.mediaType), ...recordsOf(body), epoch: masker.secrets.epoch, masker };
    cached.set(body, kept);
    cached.set(identity, kept);
    return kept;
  };

  const hand = (data: string | Uint8Array, mediaType: string): { hash: string; size: number } => {
    const hash = digest('sha256', data, 'hex');
    const size = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
    if (!handed.get(hash)) {
      handed.add(hash, true);
      store(hash, mediaType, size, data);
    }
    return { hash, size };
  };

  return {
    keep(payload) {
      if (recording === 'full') return keepFully(payload);
      if (recording === 'errors') remember(payload);
      const body = bodyOf(payload);
      return { hash: '', size: roughSize(body), ...recordsOf(body) };
    },
    keepRaw(body, mediaType) {
      if (recording !== 'full') return { hash: '', size: body.length };
      return hand(typeof body === 'string' ? masker.text(body, mediaType) : masker.bytes(body, mediaType), mediaType);
    },
    keepFailed(id) {
      const payload = recording === 'errors' ? passing.get(id)?.deref() : undefined;
      return payload && keepFully(payload);
    },
    mask: (value) => (isRunError(value) ? (masker.error(value) as typeof value) : masker.value(value)),
    conceal: (secret, owner) => masker.secrets.add(secret, owner),
    clear: () => passing.clear(),
  };
}

const isRunError = (value: unknown): value is RunError =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && value.code in errors && 'message' in value && typeof value.message === 'string';

/** The value itself where it is an object: two payloads may hold the same one. */
const identityOf = (body: PayloadBody): object => (body.kind === 'json' && typeof body.value === 'object' && body.value !== null ? body.value : body.kind === 'bytes' ? body.bytes : body);

const recordsOf = (body: PayloadBody): { records?: number } => (body.kind === 'json' && Array.isArray(body.value) ? { records: body.value.length } : {});

const roughSize = (body: PayloadBody): number => (body.kind === 'stream' ? body.size : body.kind === 'text' ? body.text.length : body.kind === 'bytes' ? body.bytes.byteLength : -1);

function print(body: PayloadBody, mediaType: string, masker: Masker): string | Uint8Array | undefined {
  if (body.kind === 'text') return masker.text(body.text, mediaType);
  if (body.kind === 'bytes') return masker.bytes(body.bytes, mediaType);
  if (body.kind === 'stream') return undefined;
  try {
    const text = JSON.stringify(body.value) ?? 'null';
    if (!masker.test(text)) return text;
    const masked = masker.text(text, 'application/json');
    return masker.secrets.test(masked) ? masker.secrets.replace(masked) : masked;
  } catch {
    // A cycle, a BigInt, or deeper than the stack: no JSON, whatever the step says.
    return undefined;
  }
}
