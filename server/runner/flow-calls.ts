import { FlowError } from '../../plugins/sdk/index.ts';
import type { FlowsHost } from '../engine/host.ts';

/** Runs of other flows, started by a step. */
export function createFlowCalls(): FlowsHost {
  return { open: async (flow) => { throw new FlowError('CONFIG_UNKNOWN_FLOW', `The flow ${JSON.stringify(flow)} cannot be started from a flow.`); } };
}
