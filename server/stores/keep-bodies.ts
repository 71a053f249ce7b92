import { hash as digest } from 'node:crypto';
import { errors, type Payload } from '../../plugins/sdk/index.ts';
import type { BodyKeeper } from '../engine/host.ts';
import { bodyOf, type PayloadBody } from '../engine/payload.ts';
import { createCache } from '../model/lru.ts';
import type { RunError, RunEvent } from '../model/run-event.ts';
import { heardValues, type HeardValues } from './heard-values.ts';
import { maskedField, type Masker } from './redact.ts';
import type { Seal } from './seal.ts';

export interface Kept {
  readonly hash: string;
  readonly size: number;
  readonly records?: number;
  /** Name of the true body, sealed, where this one is masked; `''` where it could not be sealed. */
  readonly sealed?: string;
}

export type Recording = 'full' | 'errors' | 'none';

export interface KeeperOptions {
  readonly recording: Recording;
  readonly masker: Masker;
  /** Takes a body that this run has not handed over lately. */
  readonly store: (hash: string, mediaType: string, size: number, data: string | Uint8Array) => void;
  /** Seals what is masked; without it the true body is not kept. */
  readonly seal?: Seal;
  /** See `BodyKeeper`. */
  readonly settled?: () => Promise<void>;
}

export interface Keeper extends BodyKeeper {
  readonly keepValue: NonNullable<BodyKeeper['keepValue']>;
  readonly masker: Masker;
  /** The body of a payload that failed, which is kept even where others are not. `undefined` where the payload is gone. */
  keepFailed(payloadId: string): (Kept & { readonly sealedMeta?: string }) | undefined;
  /** An event as it may be recorded, with its text. */
  shown(event: RunEvent): { readonly event: RunEvent; readonly json: string };
  /** The run is over: nothing is remembered any more. */
  clear(): void;
}

/** Hashes that a run remembers to have handed over; forgetting one costs a copy, never a wrong recording. */
const remembered = 4_096;
const rememberedValues = 64;

interface Cached extends Kept {
  readonly epoch: number;
  readonly masker: Masker;
}

// By identity, so that a body which ten steps pass on is printed and hashed once. Shared by all runs.
const cached = new WeakMap<object, Cached>();

/** Keeps the bodies of one run: masks, names by SHA-256, hands over. Never fails: a body that cannot be printed is not kept. */
export function keepBodies({ recording, masker, store, seal, settled }: KeeperOptions): Keeper {
  const handed = createCache<true>(remembered);
  const sealedValues = createCache<string>(rememberedValues);
  // Where only failures are kept, the payload must still be there when it fails. The engine holds it as long.
  const passing = new Map<string, WeakRef<Payload>>();
  let sweepAt = 2_048;
  const heard = heardValues(maskedField);

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
    const printed = print(body, payload.mediaType, masker, heard.add);
    if (printed === undefined) return { hash: '', size: -1 };
    const kept: Cached = { ...hand(printed.data, payload.mediaType), ...recordsOf(body), ...sealed(printed), epoch: masker.secrets.epoch, masker };
    cached.set(body, kept);
    cached.set(identity, kept);
    return kept;
  };

  /** Many payloads have the same metadata. Gives the same name for the same value. */
  const sealedValue = (value: unknown): { sealed?: string } => {
    const text = tryPrint(value);
    if (text === undefined) return { sealed: '' };
    const known = sealedValues.get(text);
    if (known !== undefined) return { sealed: known };
    const made = sealed({ data: '', original: text });
    if (made.sealed) sealedValues.add(text, made.sealed);
    return made;
  };

  const sealed = ({ original }: Printed): { sealed?: string } => {
    if (original === undefined || !seal) return {};
    try {
      return { sealed: hand(seal.seal(typeof original === 'string' ? Buffer.from(original) : original), sealedType).hash };
    } catch {
      // The recording is worth more than what may come of it: the run can be looked at, but not gone on with.
      return { sealed: '' };
    }
  };

  const keepValue = <T>(value: T): { readonly value: T; readonly sealed?: string } => {
    const shown = shownValue(value);
    return { value: shown, ...(shown !== value && sealedValue(value)) };
  };
  const shownValue = <T>(value: T): T => {
    const shown = masker.value(value);
    if (shown !== value) masker.listen(value, heard.add);
    return shown;
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
    keepsPayloads: recording === 'full',
    keep(payload) {
      if (recording === 'full') return keepFully(payload);
      if (recording === 'errors') remember(payload);
      const body = bodyOf(payload);
      if (body.kind === 'json') masker.listen(body.value, heard.add);
      return { hash: '', size: roughSize(body), ...recordsOf(body) };
    },
    keepRaw(body, mediaType) {
      if (recording !== 'full') return { hash: '', size: body.length };
      const known = typeof body === 'string' ? masker.text(body, mediaType, heard.add) : masker.bytes(body, mediaType, heard.add);
      // An answer repeats in words what it was asked.
      const printed = masked(body, heard.body(known, mediaType));
      return { ...hand(printed.data, mediaType), ...sealed(printed) };
    },
    keepFailed(id) {
      const payload = recording === 'errors' ? passing.get(id)?.deref() : undefined;
      if (!payload) return undefined;
      const { sealed: sealedMeta } = keepValue(payload.meta);
      return { ...keepFully(payload), ...(sealedMeta !== undefined && { sealedMeta }) };
    },
    mask: (value) => (isRunError(value) ? (masker.error(value) as typeof value) : masker.value(value)),
    keepValue: (value) => (recording === 'full' ? keepValue(value) : { value: shownValue(value) }),
    said: (value) => heard.hide(masker.value(value)),
    fingerprint(...parts) {
      try {
        return recording === 'full' ? seal?.fingerprint(parts) : undefined;
      } catch {
        return undefined;
      }
    },
    shown(given) {
      const text = tryPrint(given);
      const printed = text === undefined ? printable(given) : given;
      const json = text ?? JSON.stringify(printed);
      const event = heard.event(masker.event(printed, json));
      return { event, json: event === printed ? json : JSON.stringify(event) };
    },
    masker,
    conceal: (secret, owner) => masker.secrets.add(secret, owner),
    hear: heard.addPassing,
    holdsSecret: (text) => masker.secrets.test(text),
    clear: () => passing.clear(),
    ...(recording === 'full' && settled && { settled }),
  };
}

const isRunError = (value: unknown): value is RunError =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && value.code in errors && 'message' in value && typeof value.message === 'string';

/** The value itself where it is an object: two payloads may hold the same one. */
const identityOf = (body: PayloadBody): object => (body.kind === 'json' && typeof body.value === 'object' && body.value !== null ? body.value : body.kind === 'bytes' ? body.bytes : body);

const recordsOf = (body: PayloadBody): { records?: number } => (body.kind === 'json' && Array.isArray(body.value) ? { records: body.value.length } : {});

const roughSize = (body: PayloadBody): number => (body.kind === 'stream' ? body.size : body.kind === 'text' ? body.text.length : body.kind === 'bytes' ? body.bytes.byteLength : -1);

interface Printed {
  /** What is recorded. */
  readonly data: string | Uint8Array;
  /** What it was, where it is masked. */
  readonly original?: string | Uint8Array;
}

/** Media type of what is sealed. */
const sealedType = 'application/octet-stream';

function print(body: PayloadBody, mediaType: string, masker: Masker, heard: HeardValues['add']): Printed | undefined {
  if (body.kind === 'text') return masked(body.text, masker.text(body.text, mediaType, heard));
  if (body.kind === 'bytes') return masked(body.bytes, masker.bytes(body.bytes, mediaType, heard));
  if (body.kind === 'stream') return undefined;
  try {
    const text = JSON.stringify(body.value) ?? 'null';
    if (!masker.test(text)) return { data: text };
    const first = masker.text(text, 'application/json', heard);
    return masked(text, masker.secrets.test(first) ? masker.secrets.replace(first) : first);
  } catch {
    // A cycle, a BigInt, or deeper than the stack: no JSON, whatever the step says.
    return undefined;
  }
}

/** Without what a plugin gave that is no JSON: a log field that refers to itself, a BigInt. The rest of it still counts. */
function printable(event: RunEvent): RunEvent {
  if (event.type === 'log') return { ...event, fields: { unreadable: 'The fields are no JSON.' } };
  if (event.type === 'variable') return { ...event, value: null };
  return 'error' in event && event.error ? { ...event, error: { ...event.error, details: {} } } : event;
}

/** `undefined` where it is no JSON. */
function tryPrint(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function masked(original: string | Uint8Array, data: string | Uint8Array): Printed {
  const isSame = typeof original === 'string' || typeof data === 'string' ? original === data : original === data || Buffer.compare(original, data) === 0;
  return isSame ? { data } : { data, original };
}
