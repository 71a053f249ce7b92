import { FlowError, type Payload } from '../../../plugins/sdk/index.ts';
import type { Debugger } from '../../engine/debugger.ts';
import type { EngineHost, FlowsHost } from '../../engine/host.ts';
import { childId } from '../../engine/payload.ts';
import type { Plan } from '../../engine/plan.ts';
import { executeRun } from '../../engine/run.ts';
import type { PreparedFlow } from '../flow-plans.ts';
import type { HappenedOrder } from './happened-order.ts';
import type { CaseRecorder } from './case-recorder.ts';
import { headOf } from './case-state.ts';

interface CallsOptions {
  readonly prepare: (flow: string) => Promise<PreparedFlow>;
  readonly planOf: (prepared: PreparedFlow) => Plan;
  readonly hostOf: (prepared: PreparedFlow, flows: FlowsHost) => EngineHost;
  readonly startAt: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly debug: Pick<Debugger, 'of'> | undefined;
  readonly recorder: CaseRecorder | undefined;
  readonly happened: HappenedOrder;
  /** Flow → what takes its place. */
  readonly mocked: ReadonlyMap<string, () => readonly Payload[]>;
  /** Runs that were started, until they are over; none of them fails. */
  readonly children: Promise<unknown>[];
}

/** Flows that the flow calls are run as well, with the same mocks and the same state. */
export function callsOf(options: CallsOptions, chain: readonly string[] = []): FlowsHost {
  const { prepare, planOf, hostOf, startAt, seed, signal, mocked, children, debug, recorder, happened } = options;
  return {
    async open(flow, caller) {
      const all = [...chain, caller.flow];
      if (all.includes(flow)) throw new FlowError('CONFIG_CYCLE', `The flow ${JSON.stringify(flow)} would call itself: ${[...all, flow].join(' → ')}.`, { details: { flow } });
      const mock = mocked.get(flow);
      if (mock) return { start: async (_payload, { key }) => ({ run: childId(key, flow, 0), done: async () => mock() }) };
      const prepared = await prepare(flow);
      const plan = planOf(prepared);
      const host = hostOf(prepared, callsOf(options, all));
      return {
        async start(payload, { key, variables = {}, named }) {
          const run = childId(key, flow, 0);
          named?.(run);
          const outputs: Payload[] = [];
          recorder?.begin(run, { id: flow, text: prepared.entry.text }, caller.id);
          const done = executeRun(host, plan, { run: { ...headOf(flow, caller.environment, startAt), id: run, origin: { kind: 'flow', run: caller.id } }, seed, payload, variables, signal, now: startAt, emit: (event) => { happened.read(plan, event); recorder?.event(run, event); }, onOutput: (output) => void outputs.push(output), ...(debug && { debug: debug.of(run, caller.id) }) });
          children.push(done);
          return {
            run,
            async done() {
              const { status, error } = await done;
              if (status === 'success' || status === 'partial-success') return outputs;
              throw new FlowError('FLOW_FAILED', `The flow ${JSON.stringify(flow)} has ended: ${status}${error ? `, ${error.message}` : '.'}`, { details: { flow, status } });
            },
          };
        },
      };
    },
  };
}
