import { FlowError, type FlowCall, type Payload } from '../../plugins/sdk/index.ts';
import type { FlowsHost } from '../engine/host.ts';
import { bodyOf, childId, createPayload } from '../engine/payload.ts';
import type { Flow } from '../model/flow.ts';
import { readFile } from '../model/read.ts';
import type { RunHead } from '../model/run-event.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { RunWants } from './executors.ts';
import { acceptRun } from './accept-run.ts';
import type { Finished } from './dispatch.ts';
import type { Workbench } from './workbench.ts';
import { among } from './workspace.ts';

export interface FlowCallsOptions {
  /** Late: the workbench has these calls in its hosts. */
  readonly workbench: () => Workbench;
  readonly recordings: () => Recordings;
  /** `caller`: the run whose step starts it. */
  readonly expect: (run: string, wants: RunWants, caller: string) => void | Promise<void>;
  readonly wake: () => void;
  readonly wait: (run: string, parked: string) => Promise<Finished>;
}

/** Flows call flows; longer chains are a mistake, or will be one. */
const longestChain = 20;

/** Runs of other flows, started by a step. */
export function createFlowCalls(options: FlowCallsOptions): FlowsHost {
  return {
    async open(flow, caller) {
      const { workspace, stateFile } = options.workbench();
      if (!workspace.flows.has(flow) && !stateFile.deployment(flow)) throw new FlowError('CONFIG_UNKNOWN_FLOW', `There is no flow ${JSON.stringify(flow)}${among([...workspace.flows.keys()])}`, { details: { flow } });
      const chain = chainOf(caller, options.recordings());
      if (chain.includes(flow)) throw new FlowError('CONFIG_CYCLE', `The flow ${JSON.stringify(flow)} would call itself: ${[...chain.toReversed(), flow].join(' → ')}.`, { details: { flow } });
      if (chain.length > longestChain) throw new FlowError('CONFIG_CYCLE', `More than ${longestChain} flows call each other: ${chain.toReversed().join(' → ')}.`, { details: { flow } });
      return callOf(flow, caller, options);
    },
  };
}

/** The flow of a run, and those that called it, the nearest first. */
function chainOf(caller: RunHead, { past }: Pick<Recordings, 'past'>): string[] {
  const chain: string[] = [];
  for (let head: RunHead | undefined = caller; head && chain.length <= longestChain; head = head.origin && past(head.origin.run)?.head) {
    // A run that repeats another is the same flow again, but not by a call.
    if (chain.length === 0 || head.flow !== chain.at(-1)) chain.push(head.flow);
  }
  return chain;
}

function callOf(flow: string, caller: RunHead, { workbench, recordings, expect, wake, wait }: FlowCallsOptions): FlowCall {
  return {
    async start(payload, { key, variables, signal, named }) {
      signal.throwIfAborted();
      // What is deployed calls what is deployed, on whichever machine it runs.
      const past = recordings().past(caller.id);
      const isVersion = past?.version !== undefined;
      const redact = past?.recorded.redact;
      const { head, isNew } = await acceptRun(
        {
          flow, trigger: 'flow', ...(isVersion && { version: 'deployed' }), payload: { body: await plainBody(payload, workbench().workspace.config.limits?.payloadBytes), mediaType: payload.mediaType, meta: payload.meta }, key, origin: { kind: 'flow', run: caller.id },
          ...(caller.environment !== undefined && { environment: caller.environment }), ...(variables && { variables }), ...(redact && { redact }),
        },
        { workbench: workbench(), recordings, isReserved: true, named: (run) => {
            named?.(run);
            return expect(run, { outputs: 'payloads' }, caller.id);
          } },
      );
      if (isNew) wake();
      return { run: head.id, done: () => doneOf(head.id, flow, caller.id) };
    },
  };

  async function doneOf(run: string, called: string, parked: string): Promise<readonly Payload[]> {
    const { result, payloads } = await wait(run, parked);
    const { status, error } = result;
    if (status !== 'success' && status !== 'partial-success') throw new FlowError('FLOW_FAILED', `The run ${run} of the flow ${JSON.stringify(called)} has ended: ${status}${error ? `, ${error.message}` : '.'}`, { details: { run, flow: called, status } });
    if (!payloads) return recordedOutputs(run, recordings());
    return payloads.map((plain, index) => createPayload({ id: childId(run, 'out', index), ...plain }));
  }
}

/** Fails with `DATA_TOO_LARGE` where it is a longer stream. */
async function plainBody(payload: Payload, maxBytes = 64 * 1024 * 1024): Promise<unknown> {
  const body = bodyOf(payload);
  if (body.kind === 'json') return body.value;
  if (body.kind === 'text') return body.text;
  if (body.kind === 'bytes') return body.bytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of payload.bytes()) {
    size += chunk.length;
    if (size > maxBytes) throw new FlowError('DATA_TOO_LARGE', `The payload is longer than ${maxBytes} bytes, and another flow takes it as a whole.`, { details: { payload: payload.id } });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What left the flow at its ends, as recorded. Fails with `FLOW_FAILED` where it was not. */
async function recordedOutputs(run: string, { past, journal: journalOf }: Pick<Recordings, 'past' | 'journal'>): Promise<readonly Payload[]> {
  const { value } = readFile('flow', 'flow.json', past(run)?.flowText ?? '{}');
  const { steps = {} } = (value ?? {}) as Partial<Flow>;
  const journal = journalOf(run);
  const outputs: Promise<Payload>[] = [];
  for (const { event } of journal.rows()) {
    if (event.type !== 'payload-out' || steps[event.step]?.next?.[event.port] !== undefined) continue;
    outputs.push(journal.load(event.payload).then((payload) => {
      if (!payload) throw new FlowError('FLOW_FAILED', `What the run ${run} gave was not recorded, and is not known any more.`, { details: { run } });
      return payload;
    }));
  }
  return Promise.all(outputs);
}
