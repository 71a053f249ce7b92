import type { DatabaseSync } from 'node:sqlite';
import { FlowError, type Payload } from '../../plugins/sdk/index.ts';
import type { Journal } from '../engine/resume.ts';
import type { PayloadHead, RunHead } from '../model/run-event.ts';
import { isMarked } from './accept.ts';
import { eventKinds } from './migrations.ts';
import type { RunRequest } from './queue.ts';
import { statement } from './statements.ts';

/** What a run began with, so that it can be done again. */
export interface PastRun {
  readonly head: RunHead;
  readonly flowText: string;
  readonly seed: number;
  /** Number of the deployed version; absent: the draft. */
  readonly version?: string;
  /** What makes it unique within its trigger. */
  readonly key?: string;
  /** What it was asked to do, as it is recorded: what is masked is. */
  readonly recorded: RunRequest;
  /** Fails with `RUN_INTERRUPTED` where it is masked. */
  request(): Promise<RunRequest>;
  /** The payload that it began with, as it came; `undefined` where it is not in the recording. */
  input(): Promise<Payload | undefined>;
}

interface Row {
  readonly id: string;
  readonly flow: string;
  readonly flow_version: string;
  readonly flow_text: string;
  readonly trigger: string;
  readonly environment: string | null;
  readonly queued_at: number;
  readonly seed: number;
  readonly input: string | null;
  readonly origin: string | null;
  readonly version: string | null;
  readonly request: string | null;
  readonly key: string | null;
}

export function readPast(run: string, reader: DatabaseSync, journal: Journal): PastRun | undefined {
  const row = statement(reader, `
    SELECT id, flow, flow_version, (SELECT text FROM flow_texts WHERE version = flow_version) AS flow_text, trigger, environment, queued_at, seed, input, origin, version, request, key
    FROM runs WHERE id = ?`).get(run) as unknown as Row | undefined;
  if (!row) return undefined;
  const text = row.request ?? '{}';
  const recorded = JSON.parse(text) as RunRequest;
  const payload = row.input === null ? undefined : (JSON.parse(row.input) as PayloadHead);
  return {
    head: {
      id: row.id, flow: row.flow, flowVersion: row.flow_version, trigger: row.trigger, queuedAt: row.queued_at,
      ...(row.environment !== null && { environment: row.environment }), ...(payload && { payload }), ...(row.origin !== null && { origin: JSON.parse(row.origin) }),
    },
    flowText: row.flow_text ?? '', seed: row.seed,
    ...(row.version !== null && { version: row.version }), ...(row.key !== null && { key: row.key }),
    recorded,
    async request() {
      const { sealedVariables, ...request } = recorded;
      if (sealedVariables === '') throw new FlowError('RUN_INTERRUPTED', `The variables that the run ${run} began with are masked, and the true ones stayed where it ran.`, { details: { run } });
      if (sealedVariables) return { ...request, variables: (await journal.value(sealedVariables)) as NonNullable<RunRequest['variables']> };
      if (isMarked(text)) throw new FlowError('RUN_INTERRUPTED', `The variables that the run ${run} began with are masked in its recording, so it cannot be done again as it was.`, { details: { run } });
      return request;
    },
    input: async () => payload && journal.load(payload),
  };
}

/** The runs that were to go on with what this one left, the oldest first. */
export function resumptionsOf({ flow, id }: Pick<RunHead, 'flow' | 'id'>, reader: DatabaseSync): readonly { readonly id: string; readonly status: string; /** It has taken up what was left, or may still. */ readonly counts: boolean; /** These payloads alone. */ readonly only?: readonly string[] }[] {
  const rows = statement(reader, `
    SELECT id, status, json_extract(request, '$.only') AS only, EXISTS (SELECT 1 FROM events WHERE run = runs.number AND json_extract(json, '$.type') = 'run-resumed') AS taken
    FROM runs WHERE flow = ? AND origin IS NOT NULL AND json_extract(origin, '$.kind') = 'resume' AND json_extract(origin, '$.run') = ? ORDER BY number`).all(flow, id) as { id: string; status: string; only: string | null; taken: number }[];
  return rows.map(({ taken, only, ...row }) => ({ ...row, ...(only !== null && { only: JSON.parse(only) as string[] }), counts: taken === 1 || row.status === 'queued' || row.status === 'running' }));
}

/** Those of some payloads that failed in a run for good, by their ids. */
export function failedOf(run: string, payloads: readonly string[], reader: DatabaseSync): ReadonlySet<string> {
  const rows = statement(reader, `
    SELECT DISTINCT json_extract(json, '$.payload.id') AS id FROM events
    WHERE run = (SELECT number FROM runs WHERE id = ?) AND kind = ${eventKinds.failed} AND json_extract(json, '$.payload.id') IN (SELECT value FROM json_each(?))`).all(run, JSON.stringify(payloads)) as { id: string }[];
  return new Set(rows.map(({ id }) => id));
}
