import { FlowError } from '../../plugins/sdk/index.ts';
import type { Candidate } from '../model/complete.ts';
import { completeFlow, hoverFlow } from '../model/flow-completion.ts';
import type { Hover } from '../model/hover.ts';
import type { LintWorld } from '../model/lint.ts';
import type { Sample, SampleFinder } from './map-sample.ts';
import type { Workspace } from './workspace.ts';

/** A place in the text of a flow: of its file, or of what an editor has made of it. */
export interface ExpressionRequest {
  readonly flow: string;
  readonly offset: number;
  readonly text?: string;
}

/** What may be written in the expressions of flows, and what stands there. All fail with `CONFIG_NOT_FOUND` where there is no such flow. */
export interface ExpressionAccess {
  complete(request: ExpressionRequest): Promise<readonly Candidate[]>;
  /** `undefined` where nothing is known. */
  hover(request: ExpressionRequest): Promise<Hover | undefined>;
  /** The last payload that went into a step, with a port the last that left it there, masked as it was recorded; `undefined` where there is none that can be shown. */
  lastPayload(flow: string, step: string, port?: string): Promise<Sample | undefined>;
}

interface Options {
  readonly refresh: () => Promise<void>;
  readonly workspace: Workspace;
  readonly world: () => LintWorld;
  readonly lastSample: SampleFinder;
}

export function createExpressions({ refresh, workspace, world, lastSample }: Options): ExpressionAccess {
  const textOf = async (flow: string, text?: string): Promise<string> => {
    await refresh();
    const entry = workspace.flows.get(flow);
    if (!entry) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}.`, { details: { flow } });
    return text ?? entry.text;
  };
  return {
    complete: async ({ flow, offset, text }) => completeFlow(await textOf(flow, text), offset, world(), (step, port) => lastSample(flow, step, port)),
    hover: async ({ flow, offset, text }) => hoverFlow(await textOf(flow, text), offset, world(), (step, port) => lastSample(flow, step, port)),
    async lastPayload(flow, step, port) {
      await textOf(flow);
      return lastSample(flow, step, port);
    },
  };
}
