import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import type { RunDetail } from '../model/api.ts';
import { isObject } from '../model/json.ts';
import { runStatuses, type RunEvent } from '../model/run-event.ts';
import type { Archive } from './archive.ts';
import { kindOf } from './record-run.ts';
import { regularPriority, type RunRequest } from './queue.ts';
import type { BodyOp, EventOp, RunRow } from './write-ops.ts';

/**
 * A recorded run as a file, `*.patchbayrun`: lines of JSON, packed with gzip. The first says what run it is, then come its events and its bodies, and the last says
 * how many they were. Everything is as it is in the recording: masked. What was sealed is not in it, so that whatever needs it says that it is not there.
 */
const format = 1;
const perRead = 500;
/** Of a file, unpacked. */
const mostBytes = 512 * 1024 * 1024;

interface Head {
  readonly patchbayrun: number;
  readonly run: RunDetail;
  /** What the run was asked to do, as JSON. */
  readonly request: string;
}

/** Fails with `RUN_STOPPED` where the run is not over. */
export function writeRunFile(archive: Archive, run: RunDetail, request: RunRequest): AsyncIterable<Uint8Array> {
  if (archive.isOpen(run.id)) throw new FlowError('RUN_STOPPED', `The run ${run.id} is not over yet.`, { details: { run: run.id }, remedy: 'Wait for its end.' });
  const lines = async function* (): AsyncGenerator<string> {
    const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
    yield line({ patchbayrun: format, run: unsealed(run), request: JSON.stringify(unsealed(request)) });
    const hashes = new Set<string>();
    let events = 0;
    for (let after = 0; ; ) {
      const rows = archive.events(run.id, after, perRead);
      for (const { seq, event } of rows) {
        for (const hash of bodiesOf(event)) hashes.add(hash);
        yield line({ seq, event: unsealed(event) });
        events++;
      }
      if (rows.length < perRead) break;
      after = rows.at(-1)!.seq;
    }
    let bodies = 0;
    for (const hash of hashes) {
      const body = archive.body(run.id, hash);
      if (!body) continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of body.open()) chunks.push(chunk);
      yield line({ body: hash, mediaType: body.mediaType, base64: Buffer.concat(chunks).toString('base64') });
      bodies++;
    }
    yield line({ end: true, events, bodies });
  };
  return pipeline(Readable.from(lines()), createGzip(), () => undefined);
}

export interface ReadRunFile {
  readonly row: RunRow;
  readonly content: (number: number) => readonly (BodyOp | EventOp)[];
  readonly bytes: number;
}

/** Fails with `DATA_INVALID` where it is no such file, or was changed or cut off; with `CONFIG_VERSION` where it is of a newer format. */
export async function readRunFile(bytes: Uint8Array): Promise<ReadRunFile> {
  let head: Head | undefined;
  let end: { readonly events: number; readonly bodies: number } | undefined;
  const events: { readonly seq: number; readonly event: RunEvent }[] = [];
  const bodies: { readonly hash: string; readonly mediaType: string; readonly data: Buffer }[] = [];
  let size = 0;
  for await (const text of linesOf(bytes)) {
    size += text.length;
    const value = lineOf(text);
    if (!head) head = headOf(value);
    else if (end) throw invalid('there is something behind its end');
    else if (isObject(value['event']) && typeof value['event']['type'] === 'string' && Number.isSafeInteger(value['seq']) && (value['seq'] as number) > (events.at(-1)?.seq ?? 0)) events.push({ seq: value['seq'] as number, event: value['event'] as unknown as RunEvent });
    else if (typeof value['body'] === 'string' && typeof value['base64'] === 'string') bodies.push(bodyOf(value));
    else if (value['end'] === true) end = value as unknown as typeof end;
    else throw invalid('a line of it is no event and no body');
  }
  if (!head || !end || end.events !== events.length || end.bodies !== bodies.length) throw invalid('it ends too early');
  return { row: rowOf(head), bytes: size, content: (number) => [
    ...bodies.map(({ hash, mediaType, data }): BodyOp => ['body', number, hash, mediaType, data.length, data]),
    ...eventsOf(number, events),
  ] };
}

function headOf(value: Readonly<Record<string, unknown>>): Head {
  if (typeof value['patchbayrun'] !== 'number' || !isObject(value['run'])) throw invalid('it does not begin as one');
  if (value['patchbayrun'] > format) throw new FlowError('CONFIG_VERSION', `The file was written by a newer Patchbay (format ${value['patchbayrun']}; this one knows ${format}).`, { remedy: 'Open it with that one, or a newer one.' });
  const { run } = value as unknown as Head;
  const isSound = /^[\w-]{1,100}$/.test(run.id) && [run.flow, run.trigger, run.flowText, run.flowVersion].every((text) => typeof text === 'string') && (runStatuses as readonly string[]).includes(run.status) && Number.isFinite(run.queuedAt) && isObject(run.steps) && Number.isInteger(run.failedPayloads);
  if (!isSound || run.status === 'queued' || run.status === 'running') throw invalid('what it says of the run is incomplete');
  if (!isFlowId(run.flow)) throw invalid(`${JSON.stringify(run.flow)} is no name of a flow`, '/run/flow');
  if (typeof value['request'] === 'string') lineOf(value['request']);
  return value as unknown as Head;
}

/** Files are named after it: a path below `flows/`. */
const isFlowId = (text: string): boolean => text.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\p{Cc}]/u.test(part));

function bodyOf(value: Readonly<Record<string, unknown>>): { readonly hash: string; readonly mediaType: string; readonly data: Buffer } {
  const data = Buffer.from(value['base64'] as string, 'base64');
  const hash = value['body'] as string;
  if (createHash('sha256').update(data).digest('hex') !== hash) throw invalid(`the body ${hash.slice(0, 12)} is not what its name says`);
  return { hash, data, mediaType: typeof value['mediaType'] === 'string' ? value['mediaType'] : 'application/octet-stream' };
}

function rowOf({ run, request }: Head): RunRow {
  const { id, flow, flowVersion, flowText, trigger, environment, queuedAt, seed = 0, input, version, origin, status, startedAt, durationMs, failedPayloads, error, steps } = run;
  return {
    id, flow, flowVersion, flowText, trigger, queuedAt, seed, request: typeof request === 'string' ? request : '{}', priority: regularPriority, overlap: 'parallel',
    ...(environment !== undefined && { environment }), ...(input && { input: JSON.stringify(input) }), ...(version !== undefined && { version: String(version) }), ...(origin && { origin: JSON.stringify(origin) }),
    ended: { status, failedPayloads, steps: JSON.stringify(steps), ...(startedAt !== undefined && { startedAt }), ...(durationMs !== undefined && { durationMs }), ...(error && { error: JSON.stringify(error) }) },
  };
}

/** How long a step worked on a payload stands with its arrival. */
function eventsOf(number: number, events: readonly { readonly seq: number; readonly event: RunEvent }[]): readonly EventOp[] {
  const arrivals = new Map<string, EventOp>();
  return events.map(({ seq, event }) => {
    const op: EventOp = ['event', number, seq, kindOf(event), 'step' in event ? (event.step ?? null) : null, JSON.stringify(event), null];
    if (event.type === 'payload-in' && !arrivals.has(`${event.step} ${event.payload.id}`)) arrivals.set(`${event.step} ${event.payload.id}`, op);
    const arrival = event.type === 'payload-done' ? arrivals.get(`${event.step} ${event.payload}`) : undefined;
    if (arrival && event.type === 'payload-done') arrival[6] = event.durationMs;
    return op;
  });
}

async function* linesOf(bytes: Uint8Array): AsyncGenerator<string> {
  let size = 0;
  let rest: Buffer[] = [];
  try {
    for await (const chunk of pipeline(Readable.from([bytes]), createGunzip(), () => undefined) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw new FlowError('DATA_TOO_LARGE', `The file has more than ${mostBytes.toLocaleString('en')} bytes when it is unpacked.`);
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, at)]).toString('utf8');
        rest = [];
        from = at + 1;
      }
      rest.push(chunk.subarray(from));
    }
  } catch (error) {
    if (FlowError.is(error)) throw error;
    throw invalid('it cannot be unpacked');
  }
  const last = Buffer.concat(rest).toString('utf8');
  if (last !== '') yield last;
}

function lineOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parseJson(text);
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw invalid('a line of it is no JSON object');
}

const invalid = (why: string, pointer?: string): FlowError => new FlowError('DATA_INVALID', `That is no exported run, or not as it was exported: ${why}.`, { remedy: 'Export the run again: `patchbay runs export RUN`.', ...(pointer !== undefined && { place: { pointer } }) });

/** What flows put there may be called anything. */
const ownNames: ReadonlySet<string> = new Set(['meta', 'fields', 'value', 'details', 'state']);
const sealNames: ReadonlySet<string> = new Set(['sealed', 'sealedMeta', 'sealedVariables', 'responseSealed', 'fingerprint']);

/** Without the names of what is sealed: with an empty one, whoever needs it knows that it was not kept. */
function unsealed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(unsealed) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, ownNames.has(name) ? item : sealNames.has(name) && typeof item === 'string' ? '' : unsealed(item)])) as T;
}

function bodiesOf(event: RunEvent): readonly string[] {
  const heads = 'payload' in event && typeof event.payload === 'object' ? [event.payload.body] : event.type === 'run-queued' ? [event.run.payload?.body] : event.type === 'exchange' ? [event.exchange.requestBody, event.exchange.responseBody] : [];
  return heads.filter((hash): hash is string => Boolean(hash));
}
