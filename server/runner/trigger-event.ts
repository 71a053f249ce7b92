import { FlowError, type HttpResponse, type IncomingRequest, type TriggerEvent } from '../../plugins/sdk/index.ts';
import type { RunResult } from '../model/api.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { RunnerLog } from './log.ts';
import { proofsIn } from './redacted-names.ts';
import { asFlowError } from './unexpected.ts';

export interface EventPlace {
  readonly flow: string;
  readonly trigger: string;
}

export interface EventOptions {
  readonly log: RunnerLog;
  readonly start: (request: StartRun) => Promise<StartedRun>;
  /** A request has led to a run. */
  readonly started?: (request: IncomingRequest, run: string) => void;
}

/**
 * Starts the run of an event. Resolves when the run is accepted, or is known not to be, and the event has been told so; who waits for a callback gets the
 * answer later. Never fails.
 */
export async function startEvent(event: TriggerEvent, place: EventPlace, { start, log, started }: EventOptions): Promise<void> {
  const reply = event.reply && once(event.reply);
  const tell = (what: () => void): void => {
    try {
      what();
    } catch (error) {
      log.error(`The trigger ${place.trigger} of the flow ${place.flow} could not take what became of its event: ${(error as Error).message}.`);
    }
  };
  try {
    const run = await start(requestOf(event, place, reply));
    if (event.request) started?.(event.request, run.head.id);
    tell(() => event.accepted?.({ id: run.head.id }));
    // Who does not wait does not ask: that a run is watched to its end has its price.
    if (reply) void run.done.then(endOf, refusalOf).then((answer) => tell(() => reply(answer)));
  } catch (error) {
    if (FlowError.is(error, 'RUN_SKIPPED')) {
      log.info(`The flow ${place.flow} was not started by its trigger ${place.trigger}: a run of it is under way.`);
      tell(() => event.skipped?.());
    } else {
      const failure = asFlowError(error);
      log.error(`The flow ${place.flow} could not be started by its trigger ${place.trigger}: ${failure.message}`, { code: failure.code, ...(failure.place && { place: failure.place }) });
      tell(() => event.failed?.(failure));
    }
    tell(() => reply?.(refusalOf(error)));
  }
}

export const problem = (status: number, code: string, detail: string, more: object = {}): HttpResponse => ({
  status, headers: { 'content-type': 'application/problem+json' }, body: { type: 'about:blank', title: detail, status, code, detail, ...more },
});

type Reply = NonNullable<TriggerEvent['reply']>;

function requestOf({ payload = { body: {}, mediaType: 'application/json' }, request, key, overlap, at }: TriggerEvent, { flow, trigger }: EventPlace, reply: Reply | undefined): StartRun {
  // Without a body the parameters of the request are the payload.
  const redact = request?.body.length === 0 ? proofsIn(payload.body) : [];
  return {
    flow, trigger, payload, ...(redact.length > 0 && { redact }), ...(key !== undefined && { key }), ...(overlap !== undefined && { overlap }), ...(at !== undefined && { at }),
    ...(reply && { onReply: ({ status, headers, body, mediaType }) => reply({ status, headers: { 'content-type': mediaType, ...headers }, body }) }),
  };
}

/** The first answer counts. */
function once(reply: Reply): Reply {
  let isAnswered = false;
  return (response) => {
    if (isAnswered) return;
    isAnswered = true;
    reply(response);
  };
}

/** The answer to a caller for whom no callback step has answered. What went wrong is for those who may see the run. */
function endOf({ run, status, error }: RunResult): HttpResponse {
  if (status === 'success' || status === 'partial-success') return { status: 204, headers: {}, body: undefined };
  return problem(500, error?.code ?? 'INTERNAL', `The run has ended (${status}) without an answer.`, { run });
}

function refusalOf(error: unknown): HttpResponse {
  const { code } = asFlowError(error);
  const status = code === 'RUN_SKIPPED' ? 409 : code === 'STORAGE_FAILED' || code === 'RUN_STOPPED' ? 503 : 500;
  return problem(status, code, code === 'RUN_SKIPPED' ? 'A run of the flow is under way.' : 'The flow could not be started: see the log of the runner.');
}
