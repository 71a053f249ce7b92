import { FlowError, withChanges } from '../../plugins/sdk/index.ts';
import { createPayload } from '../engine/payload.ts';
import type { ReplayResult } from '../model/api.ts';
import { createMasker } from '../stores/redact.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { ReplayRequest } from './executors.ts';
import { versionOf } from './past-runs.ts';
import { redactedNames } from './redacted-names.ts';
import { replayRun } from './replay.ts';
import type { Workbench } from './workbench.ts';

function ofFiles(error: unknown, revision: string): unknown {
  if (!FlowError.is(error)) return error;
  return withChanges(error, { message: `Of ${revision} the flow cannot be run: ${error.message}` });
}

/** Replays a run in this thread: see `PastRuns.replay`. Fails with the reason of the signal. */
export async function replayPast({ run, version, files, revision = 'the other files', from, payload, outputsTo }: ReplayRequest, { workbench, recordings, signal }: { readonly workbench: Workbench; readonly recordings: Recordings; readonly signal: AbortSignal }): Promise<ReplayResult> {
  const past = recordings.past(run);
  if (!past) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { details: { run } });
  await workbench.refresh();
  await workbench.reveal();
  signal.throwIfAborted();
  const { flow, environment } = past.head;
  const inEnvironment = environment !== undefined && { environment };
  await using other = files === undefined ? undefined : await workbench.versions.prepareIn(files, { flow, ...inEnvironment }).catch((error: unknown) => { throw ofFiles(error, revision); });
  const prepared = other ?? (await workbench.versions.prepare({ flow, ...versionOf(past, version), ...inEnvironment }));
  const { settings } = prepared.plan.flow;
  const isChanged = version === 'then' && past.version === undefined && prepared.entry.hash !== past.head.flowVersion;
  return await replayRun({
    past, prepared, journal: recordings.journal(run), masker: createMasker(workbench.values, redactedNames(workbench.workspace.config, settings, past.recorded)),
    body: (hash, sealed) => recordings.bytes(hash, sealed), signal,
    ...(isChanged && { flowText: past.flowText }), ...(from !== undefined && { from }), ...(outputsTo !== undefined && { outputsTo }), ...(payload && { payload: createPayload({ id: 'given', ...payload }) }),
  });
}
