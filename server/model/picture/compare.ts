import type { Flow } from '../flow.ts';
import { isSame } from '../json.ts';
import { compareJson, type JsonChange } from '../json-compare.ts';
import { triggerNode } from './scene.ts';

/** A step or trigger that is not what it was. Where it stands on the canvas does not count. */
export interface NodeChange {
  /** Its id on the canvas. */
  readonly id: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly title: string;
  /** Of one that was changed: what. */
  readonly changes: readonly JsonChange[];
}

/** What differs between two flows: triggers and steps, then the rest of the flow by its places. */
export function compareFlows(before: Flow, after: Flow): { readonly nodes: readonly NodeChange[]; readonly others: readonly JsonChange[] } {
  const { triggers: oldTriggers = {}, steps: oldSteps, layout: _old, ...old } = before;
  const { triggers = {}, steps, layout: _new, ...fresh } = after;
  return { nodes: [...changesOf(oldTriggers, triggers, triggerNode), ...changesOf(oldSteps, steps, (id) => id)], others: compareJson(old, fresh) };
}

function changesOf<T extends object>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>, nodeOf: (id: string) => string): NodeChange[] {
  const change = (id: string, kind: NodeChange['kind'], shown: T, changes: readonly JsonChange[] = []): NodeChange => ({ id: nodeOf(id), kind, title: (shown as { readonly title?: string }).title ?? id, changes });
  return [
    ...Object.entries(before).flatMap(([id, one]) => (Object.hasOwn(after, id) ? [] : [change(id, 'removed', one)])),
    ...Object.entries(after).flatMap(([id, one]) => {
      const old = Object.hasOwn(before, id) ? before[id] : undefined;
      return old === undefined ? [change(id, 'added', one)] : isSame(old, one) ? [] : [change(id, 'changed', one, compareJson(old, one))];
    }),
  ];
}
