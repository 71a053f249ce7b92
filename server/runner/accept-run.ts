import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { bodyOf, childId } from '../engine/payload.ts';
import { priorities } from '../model/flow.ts';
import type { RunHead } from '../model/run-event.ts';
import { storageFailed } from '../stores/database.ts';
import { syncFolder } from '../stores/sync-folder.ts';
import { inputFile } from '../stores/inputs.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { RunRequest } from '../stores/queue.ts';
import { systemClock } from './clock.ts';
import type { StartRun } from './contract.ts';
import { inputPayload } from './input.ts';
import { redactedNames } from './redacted-names.ts';
import type { Workbench } from './workbench.ts';

export interface AcceptOptions {
  readonly workbench: Pick<Workbench, 'root' | 'versions' | 'workspace'>;
  readonly recordings: () => Recordings;
  /** Somebody here waits for what the run gives, so it is to be run by this process. */
  readonly isReserved: boolean;
  /** Told the id of the run before anybody can have leased it. */
  readonly named?: (run: string) => void | Promise<void>;
}

/**
 * Accepts a run: it is on the disk when this resolves, and `isNew`; or one with the same key was there before. Fails with whatever is wrong with the flow,
 * with `RUN_SKIPPED`, with `STORAGE_FAILED`; then nothing was recorded.
 */
export async function acceptRun(request: StartRun, { workbench, recordings, isReserved, named }: AcceptOptions): Promise<{ readonly head: RunHead; readonly isNew: boolean }> {
  const { flow, trigger, environment, version, from, until, key } = request;
  const { settings, triggers, prepared } = await prepare(request, workbench);
  const queuedAt = systemClock.now();
  const id = runId(queuedAt);
  const payload = await inputPayload(childId(id, trigger, 0), request.payload, prepared.host.workspace.limits.payloadBytes);
  const isStream = bodyOf(payload).kind === 'stream';
  await request.ready?.();
  const file = await keptFile(request.payload, isStream, inputFile(workbench.root, id));
  const parts = { variables: request.variables, now: request.now, relativeTo: request.at, isAutomatic: request.isAutomatic, from, until, file, only: request.only, without: request.without, fork: request.fork, redact: request.redact };
  await named?.(id);
  const result = await recordings().accept({
    head: { id, flow, flowVersion: prepared.entry.hash, trigger, queuedAt, ...(environment !== undefined && { environment }), ...(request.origin && { origin: request.origin }) },
    payload, flowText: prepared.entry.text, seed: request.seed ?? Math.trunc(Math.random() * 2 ** 31), recording: settings?.recording ?? 'full', redact: redactedNames(workbench.workspace.config, settings, request),
    request: Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as RunRequest, isReserved,
    priority: priorities.indexOf(request.priority ?? (Object.hasOwn(triggers, trigger) ? triggers[trigger]?.priority : undefined) ?? (request.onReply ? 'highest' : (settings?.priority ?? 'regular'))),
    ...(request.overlap && { overlap: request.overlap }), ...flowLimit(settings?.concurrency, prepared.host.workspace.limits.runsPerFlow), ...(key !== undefined && { key }), ...(request.waitMs !== undefined && { notBefore: queuedAt + request.waitMs }),
    ...(prepared.version !== 'draft' && { version: String(prepared.version) }),
  }).catch((error: unknown) => dropFile(file, error));
  if ('accepted' in result) {
    if (request.payload && 'file' in request.payload && request.payload.isOwn && !file) await rm(request.payload.file, { force: true });
    return { head: result.accepted, isNew: true };
  }
  if (file?.isOwn) await rm(file.path, { force: true });
  if ('skipped' in result) throw new FlowError('RUN_SKIPPED', `The flow ${JSON.stringify(flow)} was not started: the run ${result.skipped} of the trigger ${JSON.stringify(trigger)} is under way.`, { details: { flow, run: result.skipped, ...(version !== undefined && { version }) } });
  return { head: existing(recordings(), result.duplicate), isNew: false };
}

async function prepare({ flow, version, environment, from, until }: StartRun, { versions }: AcceptOptions['workbench']) {
  const prepared = await versions.prepare({ flow, ...(version !== undefined && { version }), ...(environment !== undefined && { environment }), ...(from !== undefined && { from }), ...(until !== undefined && { until }) });
  const { settings, triggers = {} } = prepared.plan.flow;
  return { prepared, settings, triggers };
}

/** What the flow allows, and what the workspace or the environment allows each flow. */
function flowLimit(...limits: readonly (number | undefined)[]): { readonly flowLimit?: number } {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length > 0 ? { flowLimit: Math.min(...given) } : {};
}

/** Runs in the order of time sort by id. */
const runId = (now: number): string => `${Math.trunc(now).toString(36).padStart(9, '0')}${randomUUID().slice(0, 8)}`;

/** The file of a payload that is too long to be kept in the recording. One that belongs to the run is put where it stays as long as the run is under way. */
async function keptFile(payload: StartRun['payload'], isStream: boolean, place: string): Promise<RunRequest['file']> {
  if (!payload || !('file' in payload) || !isStream) return undefined;
  const { file, mediaType, isOwn } = payload;
  const type = mediaType !== undefined && { mediaType };
  if (!isOwn) return { path: file, ...type };
  try {
    if ((await mkdir(dirname(place), { recursive: true, mode: 0o700 })) !== undefined) syncFolder(dirname(dirname(place)));
    // Another disk cannot be reached by a new name.
    await rename(file, place).catch(async () => { await copyFile(file, place); await rm(file, { force: true }); });
    const handle = await open(place, 'r+');
    await handle.sync().finally(() => handle.close());
    // Its new name as well.
    syncFolder(dirname(place));
    return { path: place, ...type, isOwn };
  } catch (error) {
    throw storageFailed(error, place);
  }
}

async function dropFile(file: RunRequest['file'], error: unknown): Promise<never> {
  // Where the writing failed nobody knows whether the run is accepted: a file that belongs to none is found later.
  if (file?.isOwn && !FlowError.is(error, 'STORAGE_FAILED')) await rm(file.path, { force: true });
  throw error;
}

/** The run that was there already. */
function existing({ archive }: Recordings, id: string): RunHead {
  const detail = archive.run(id);
  if (!detail) throw new FlowError('STORAGE_FAILED', `The run ${id} is in the index of keys, but not in the recordings.`);
  const { flow, flowVersion, trigger, environment, queuedAt, input, origin } = detail;
  return { id, flow, flowVersion, trigger, queuedAt, ...(environment !== undefined && { environment }), ...(input && { payload: input }), ...(origin && { origin }) };
}
