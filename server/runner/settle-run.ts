import type { Flow } from '../model/flow.ts';
import { readFile } from '../model/read.ts';
import type { RunHead, RunStatus } from '../model/run-event.ts';
import type { Archive } from '../stores/archive.ts';
import { createThroughReader, type ThroughReader } from './got-through.ts';
import { stuckRecords } from './stuck-records.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Called when a run has ended and all of it is recorded. Fails with `STORAGE_FAILED`. */
export type SettleRun = (run: Pick<RunHead, 'id' | 'origin'>, status: RunStatus) => Promise<void>;

export interface RunSettler {
  readonly settle: SettleRun;
  /** Settles the runs that ended without it: their process died in between. */
  settleLost(): Promise<void>;
}

/**
 * Decides on the pool values and the cursors that were pending for a run. After a success all of them count. Otherwise those count whose payload got through, as far as the
 * recording can tell: without one (`recording: none`) all are given up, and so their payloads are only sent again by the next run. To the pools, a run that
 * goes on with what another left is that other run (see `RunOrigin.root`); where it ends well, what the first one gave up counts after all.
 */
export function createRunSettler({ state, archive }: { readonly state: WorkspaceState; readonly archive: () => Pick<Archive, 'run' | 'events' | 'isOpen' | 'body'> }): RunSettler {
  const settle: SettleRun = async ({ id, origin }, status) => {
    const owner = origin?.root ?? id;
    const store = state.reading();
    if (status === 'success') return store.settle(owner, 'all');
    const payloads = await store.undecided(owner);
    if (payloads.length === 0) return store.settle(owner, new Set());
    const reader = await readThrough(archive(), id, payloads);
    await store.settle(owner, reader.through(), await stuckRecords(reader, ({ body }) => textOf(archive(), id, body)));
  };
  return {
    settle,
    async settleLost() {
      for (const run of await state.reading().unsettled(graceMs)) {
        const found = archive().run(run);
        if (!archive().isOpen(run)) await settle({ id: run }, found?.status ?? 'interrupted');
      }
    },
  };
}

/** A run that goes on with what this one left may be at work under its own name. */
const graceMs = 3_600_000;
const chunk = 500;

async function readThrough(archive: Pick<Archive, 'run' | 'events'>, run: string, payloads: readonly string[]): Promise<ThroughReader> {
  const { value } = readFile('flow', 'flow.json', archive.run(run)?.flowText ?? '{}');
  const reader = createThroughReader({ steps: (value as Flow | undefined)?.steps ?? {} }, payloads);
  for (let last = 0; ;) {
    const events = archive.events(run, last, chunk);
    for (const { event } of events) reader.read(event);
    last = events.at(-1)?.seq ?? last;
    if (events.length < chunk) return reader;
    // Others get their turn.
    await new Promise(setImmediate);
  }
}

/** Longer ones come again as a whole. */
const longestBody = 64 * 1024 * 1024;

async function textOf(archive: Pick<Archive, 'body'>, run: string, hash: string): Promise<string | undefined> {
  const body = archive.body(run, hash);
  if (!body || body.size > longestBody) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
