import type { Flow, Step } from '../../server/model/flow.ts';
import { droppedStepType, type DroppedStep } from '../protocol/dropped-step.ts';
import { addStep, type AddPlace } from './changes.ts';
import type { Edit } from './edit.ts';

/** Whether something that is dragged over the canvas can become steps. */
export const canDrop = (data: DataTransfer | null): data is DataTransfer => data?.types.includes(droppedStepType) === true;

/** The steps that rows of a tree become; none of a row of which this knows nothing. */
export const droppedSteps = (rows: readonly DroppedStep[]): readonly Step[] => rows.flatMap((row) => stepFrom(row) ?? []);

/** The first stands at the place, the others below it. */
export function addDropped(flow: Flow, steps: readonly Step[], { at, ...place }: AddPlace): Edit {
  let now = flow;
  const edits = steps.map((step, index) => {
    const edit = addStep(now, step.shape, { ...(index === 0 && place), at: at && { x: at.x, y: at.y + index * 110 } }, step.settings);
    now = { ...now, start: now.start ?? edit.select![0]!, steps: { ...now.steps, [edit.select![0]!]: step } };
    return edit;
  });
  return { changes: edits.flatMap(({ changes }) => changes), select: edits.flatMap(({ select = [] }) => select) };
}

function stepFrom(given: DroppedStep): Step | undefined {
  switch (given.kind) {
    case 'endpoint': return { shape: 'connector', settings: { ...(given.instance !== undefined && { instance: given.instance }), endpoint: given.endpoint } };
    case 'instance': return { shape: 'connector', settings: { instance: given.instance } };
    case 'flow': return { shape: 'run-flow', settings: { flow: given.flow } };
    case 'map': return { shape: 'map', settings: { map: given.map } };
    case 'script': return { shape: 'script', settings: { script: given.script } };
    case 'shape': return { shape: given.shape };
    default: return undefined;
  }
}
