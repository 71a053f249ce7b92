import type { Flow } from '../../server/model/flow.ts';
import { isSame } from '../../server/model/json.ts';
import { triggerNode } from '../../server/model/picture/scene.ts';

/** Nodes that are new or not what they were; positions do not count. */
export function changedIds(before: Flow, after: Flow): readonly string[] {
  const steps = Object.entries(after.steps).filter(([id, step]) => !isSame(before.steps[id], step)).map(([id]) => id);
  const triggers = Object.entries(after.triggers ?? {}).filter(([id, trigger]) => !isSame(before.triggers?.[id], trigger)).map(([id]) => triggerNode(id));
  return [...steps, ...triggers];
}
