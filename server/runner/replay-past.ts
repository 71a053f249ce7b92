import { FlowError } from '../../plugins/sdk/index.ts';
import { createPayload } from '../engine/payload.ts';
import type { ReplayResult } from '../model/api.ts';
import { readFile } from '../model/read.ts';
import { createMasker } from '../stores/redact.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { ReplayRequest } from './executors.ts';
import { versionOf } from './past-runs.ts';
import { replayRun } from './replay.ts';
import type { Workbench } from './workbench.ts';

function readable(text: string, file: string): string {
  const { value, diagnostics } = readFile('flow', file, text);
  const [first] = diagnostics.filter(({ severity }) => severity === 'error');
  if (!value || first) throw new FlowError('CONFIG_INVALID', `The version of the flow that is to be replayed cannot be read: ${first?.message ?? 'it is no flow'}`, { remedy: 'Replay a version that `patchbay lint` finds nothing in.', ...(first && { place: { pointer: first.path } }) });
  return text;
}

/** Replays a run in this thread: see `PastRuns.replay`. Fails with the reason of the signal. */
export async function replayPast({ run, version, flowText, from, payload }: ReplayRequest, { workbench, recordings, signal }: { readonly workbench: Workbench; readonly recordings: Recordings; readonly signal: AbortSignal }): Promise<ReplayResult> {
  const past = recordings.past(run);
  if (!past) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { details: { run } });
  await workbench.refresh();
  await workbench.reveal();
  signal.throwIfAborted();
  const { flow, environment } = past.head;
  const prepared = await workbench.versions.prepare({ flow, ...versionOf(past, version), ...(environment !== undefined && { environment }) });
  const { settings } = prepared.plan.flow;
  const isChanged = version === 'then' && past.version === undefined && prepared.entry.hash !== past.head.flowVersion;
  return replayRun({
    past, prepared, journal: recordings.journal(run), masker: createMasker(workbench.values, [...(workbench.workspace.config.redact ?? []), ...(settings?.redact ?? [])]),
    body: (hash, sealed) => recordings.bytes(hash, sealed), signal,
    ...(flowText !== undefined ? { flowText: readable(flowText, prepared.plan.file) } : isChanged && { flowText: past.flowText }), ...(from !== undefined && { from }), ...(payload && { payload: createPayload({ id: 'given', ...payload }) }),
  });
}
