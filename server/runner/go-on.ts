import { FlowError, type Payload } from '../../plugins/sdk/index.ts';
import { journalUntil } from '../engine/fork-host.ts';
import { childId, withId } from '../engine/payload.ts';
import type { Plan } from '../engine/plan.ts';
import { resumeRun, unfinishedOf, type Journal, type Resume } from '../engine/resume.ts';
import type { RunResume } from '../engine/run-scope.ts';
import type { PayloadHead } from '../model/run-event.ts';
import type { Recording } from '../stores/keep-bodies.ts';
import type { LeasedRun, Recordings } from '../stores/recordings.ts';

export interface GoOn {
  /** Whatever was recorded but its acceptance counts for nothing: it begins at its beginning. */
  readonly isAnew: boolean;
  readonly resume?: RunResume;
}

export interface GoOnOptions {
  readonly recordings: Pick<Recordings, 'journal'>;
  readonly recording: Recording;
  /** The flow of an earlier run, as it was recorded. Fails with `RUN_INTERRUPTED` where the run is gone. */
  planThen(run: string): Promise<Plan>;
  /** What an earlier run began with. */
  inputThen(run: string): Promise<Payload | undefined>;
}

/**
 * How a leased run begins: with its payload; where it was interrupted, if it was at work before and all of it was recorded; or with what another run left.
 * One whose recording is not full begins anew. Its payloads have the same ids as before, so what it sends twice has the same key.
 */
export function goOn(run: Pick<LeasedRun, 'head' | 'lastSeq' | 'request'>, plan: Plan, input: Payload, { recordings, recording, planThen, inputThen }: GoOnOptions): GoOn {
  const { origin, id } = run.head;
  const journal = recordings.journal(id);
  const isTakenUp = origin?.kind === 'resume';
  const wasAtWork = recording === 'full' && run.lastSeq > 1 && (!isTakenUp || hasTakenUp(journal));
  if (wasAtWork) return { isAnew: false, resume: { isNewRun: false, ...loading(journal), read: (gathers) => resumeRun({ plan, journal, input, gathers }) } };
  if (!isTakenUp) return { isAnew: true };
  const left = recordings.journal(origin.run);
  const { fork } = run.request;
  if (fork) return { isAnew: true, resume: { isNewRun: true, ...loading(left), read: async (gathers) => within(plan, changed(run, input, await resumeRun({ plan: await planThen(origin.run), journal: journalUntil(left, fork.seq), input: (await inputThen(origin.run)) ?? input, gathers }))) } };
  return { isAnew: true, resume: { isNewRun: true, ...loading(left), read: async (gathers) => within(plan, selected(run.request, await unfinishedOf({ plan: await planThen(origin.run), journal: left, input: (await inputThen(origin.run)) ?? input, gathers }))) } };
}

/** Only what was asked for. A gathering step whose end failed is part of the rest. */
function selected({ only, without = [] }: Pick<LeasedRun['request'], 'only' | 'without'>, resume: Resume): Resume {
  if (!only && without.length === 0) return resume;
  const isWanted = (id: string): boolean => (only ? only.includes(id) : !without.includes(id));
  const steps = [...resume.steps].map(([id, step]) => [id, { ...step, todo: step.todo.filter(({ head }) => isWanted(head.id)), ...(only && { had: [], endOutputs: 0, awaited: new Map<string, never>() }) }] as const);
  return { ...resume, steps: new Map(steps) };
}

/** A payload that somebody has changed is another one: who knows payloads by their ids would take it for what it was. */
export const changedId = (payload: string, run: string): string => childId(payload, run, 0);

/** In the middle of another run, with what somebody has changed there. */
function changed({ request: { fork, variables = {} }, head }: Pick<LeasedRun, 'head' | 'request'>, input: Payload, resume: Resume): Resume {
  const { payload, variables: names = [] } = fork!;
  const values = { ...resume.variables, ...Object.fromEntries(names.map((name) => [name, variables[name]])) };
  if (!payload) return { ...resume, variables: values };
  const step = resume.steps.get(payload.step);
  const todo = step?.todo.map((item) => (item.head.id === payload.id ? { ...item, payload: withId(input, changedId(payload.id, head.id)) } : item));
  if (!step || !todo?.some(({ head }) => head.id === payload.id)) throw new FlowError('RUN_INTERRUPTED', `The payload ${payload.id} did not stand in front of the step ${JSON.stringify(payload.step)} there.`, { details: payload });
  return { ...resume, variables: values, steps: new Map(resume.steps).set(payload.step, { ...step, todo }) };
}

/** The flow may be another than that of the recording: what is left must have a place in it. */
function within({ steps: planned, flow }: Plan, resume: Resume): Resume {
  const known = new Set(planned.map(({ id }) => id));
  const gone = [...resume.steps].find(([id, { todo }]) => todo.length > 0 && !known.has(id));
  if (gone) throw new FlowError('RUN_INTERRUPTED', `Payloads are left at the step ${JSON.stringify(gone[0])}, which the flow${flow.title === undefined ? '' : ` ${JSON.stringify(flow.title)}`} does not have any more. Go on with the flow as it was (\`--version then\`), or give the step its name back.`, { details: { step: gone[0] } });
  return { ...resume, steps: new Map([...resume.steps].filter(([id]) => known.has(id))) };
}

const loading = (journal: Journal): Pick<RunResume, 'load'> => ({
  async load(head: PayloadHead): Promise<Payload> {
    const payload = await journal.load(head);
    if (!payload) throw new FlowError('RUN_INTERRUPTED', `The recording does not hold the payload ${head.id}.`, { details: { payload: head.id } });
    return payload;
  },
});

/** Whether all that it took up from another run is in its own recording: before that it has done nothing. */
function hasTakenUp(journal: Journal): boolean {
  for (const { event } of journal.rows()) if (event.type === 'run-resumed') return true;
  return false;
}
