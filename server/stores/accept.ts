import { serialize } from 'node:v8';
import { FlowError, type Payload } from '../../plugins/sdk/index.ts';
import { bodyOf } from '../engine/payload.ts';
import type { PayloadHead, RunEvent, RunHead } from '../model/run-event.ts';
import { keepBodies, type Keeper, type Recording } from './keep-bodies.ts';
import { regularPriority, type Overlap, type RunRequest } from './queue.ts';
import { maskedField, maskedSecret, type Masker } from './redact.ts';
import type { Seal } from './seal.ts';
import type { BodyOp, RunRow, WriteOp } from './write-ops.ts';

export interface NewRun {
  readonly head: Omit<RunHead, 'payload'>;
  readonly payload?: Payload;
  readonly flowText: string;
  readonly seed: number;
  readonly key?: string;
  readonly recording: Recording;
  /** Names of redacted fields. */
  readonly redact: readonly string[];
  readonly request?: RunRequest;
  /** 0 goes first, 4 last; default 2. */
  readonly priority?: number;
  /** Default `parallel`. */
  readonly overlap?: Overlap;
  /** How many runs of the flow may be at work. */
  readonly flowLimit?: number;
  /** Milliseconds since the epoch. */
  readonly notBefore?: number;
  /** Only the owner that accepts it leases it, as long as he lives: somebody here waits for what it gives. */
  readonly isReserved?: boolean;
  /** Of the deployed flow; absent: the draft. */
  readonly version?: string;
}

/** The true content of a run whose recording is masked, or has none. */
export interface SealedRun {
  readonly request: RunRequest;
  readonly payload?: { readonly mediaType: string; readonly meta: Readonly<Record<string, string>>; readonly body: unknown };
}

export interface Acceptance {
  readonly op: WriteOp & { readonly 0: 'accept' };
  /** About what it takes of memory. */
  readonly bytes: number;
  readonly queued: { readonly run: string; readonly seq: number; readonly event: RunEvent & { type: 'run-queued' } };
}

/** What has to be written so that a run is accepted. `number`: the recorder's. Fails with `DATA_INVALID` where the payload is nothing that could be written. */
export function accepting(number: number, run: NewRun, { owner, masker, seal }: { readonly owner: string; readonly masker: Masker; readonly seal: Seal }): Acceptance {
  const bodies: BodyOp[] = [];
  // An accepted run must be there after a crash, so its input is kept where only failures are, too.
  const keeper = keepBodies({ recording: run.recording === 'none' ? 'none' : 'full', masker, seal, store: (...body) => void bodies.push(['body', number, ...body]) });
  const head: RunHead = { ...run.head, ...(run.payload && { payload: headOf(run.payload, keeper) }) };
  const given: RunEvent & { type: 'run-queued' } = { type: 'run-queued', run: head };
  const event = masker.event(given, JSON.stringify(given)) as typeof given;
  const isBinary = run.payload !== undefined && bodyOf(run.payload).kind === 'bytes';
  const { variables, ...asked } = run.request ?? {};
  const { value: shown, sealed: sealedVariables } = variables ? keeper.keepValue(variables) : {};
  const request = JSON.stringify({ ...masker.value({ ...asked, ...(isBinary && { isBinary }) }), ...(shown && { variables: shown }), ...(sealedVariables !== undefined && { sealedVariables }) });
  const sealed = sealedPart(run, bodies, request + JSON.stringify(event), keeper);
  const row = rowOf(run, event.run, request, masker, run.isReserved ? owner : undefined, sealed && seal.seal(serialize(sealed)));
  const content = run.recording === 'none' ? bodies : [...bodies, ['event', number, 1, 0, null, JSON.stringify(event), null] as const];
  const bytes = run.flowText.length + bodies.reduce((sum, body) => sum + body[4], 0) + (row.sealed?.length ?? 0);
  return { op: ['accept', number, row, content as never], bytes, queued: { run: head.id, seq: 1, event } };
}

function headOf(payload: Payload, keeper: Keeper): PayloadHead {
  const { hash, size, records, sealed } = keeper.keep(payload);
  const { sealed: sealedMeta } = keeper.keepValue(payload.meta);
  const meta = Object.keys(payload.meta).length > 0 ? { meta: payload.meta } : {};
  return {
    id: payload.id, mediaType: payload.mediaType, ...meta, body: hash, size,
    ...(records !== undefined && { records }), ...(bodyOf(payload).kind === 'text' && { isText: true as const }), ...(sealed !== undefined && { sealed }), ...(sealedMeta !== undefined && { sealedMeta }),
  };
}

/** What the recording does not tell: of a run whose body, metadata or variables were masked, or which has no recording. */
function sealedPart(run: NewRun, bodies: readonly BodyOp[], recorded: string, keeper: Keeper): SealedRun | undefined {
  const { payload, request = {} } = run;
  const isMasked = isMarked(recorded) || bodies.some(([, , , , , data]) => isMarked(data));
  const body = payload && bodyOf(payload);
  if (body && body.kind !== 'stream' && run.recording !== 'none' && keeper.keep(payload).hash === '') throw new FlowError('DATA_INVALID', 'The payload cannot be written as JSON: it refers to itself, or is too deep.');
  if (!isMasked && run.recording !== 'none') return undefined;
  if (!payload || !body || body.kind === 'stream') return { request };
  return { request, payload: { mediaType: payload.mediaType, meta: payload.meta, body: body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : body.bytes } };
}

/** Whether something in it was masked. */
export const isMarked = (data: string | Uint8Array): boolean => {
  const text = typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return text.includes(maskedSecret) || text.includes(maskedField);
};

function rowOf(run: NewRun, head: RunHead, request: string, masker: Masker, reserved: string | undefined, sealed: Uint8Array | undefined): RunRow {
  const { id, flow, flowVersion, trigger, environment, queuedAt, payload, origin } = head;
  return {
    id, flow, flowVersion, flowText: masker.secrets.replace(run.flowText), trigger, queuedAt, seed: run.seed, request, priority: run.priority ?? regularPriority, overlap: run.overlap ?? 'parallel',
    ...(run.key !== undefined && { key: masker.secrets.replace(run.key) }), ...(environment !== undefined && { environment }), ...(payload && { input: JSON.stringify(payload) }),
    ...(run.flowLimit !== undefined && { flowLimit: run.flowLimit }), ...(run.notBefore !== undefined && { notBefore: run.notBefore }), ...(reserved !== undefined && { reserved }),
    ...(run.version !== undefined && { version: run.version }), ...(origin && { origin: JSON.stringify(origin) }), ...(sealed && { sealed }),
  };
}
