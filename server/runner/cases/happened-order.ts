import type { Plan } from '../../engine/plan.ts';
import type { RunEvent } from '../../model/run-event.ts';

/** A step of a flow, and the payload that it had in work. */
export interface OrderedPlace {
  readonly flow: string;
  readonly step?: string;
  readonly payload?: string;
}

/**
 * What happens side by side comes by chance. Here it has an order all the same: flow by flow, step by step as the flow has them, and within a step payload by
 * payload: each behind the one that it was made of, and what a step that gathers gives at its end last of all.
 */
export interface HappenedOrder {
  read(plan: OrderedPlan, event: RunEvent): void;
  sorted<T>(things: readonly T[], placeOf: (thing: T) => OrderedPlace): readonly T[];
}

type OrderedPlan = Pick<Plan, 'flowId' | 'steps'>;
type Key = readonly number[];

/** `main`: the flow of the case; those that it calls come behind it. */
export function createHappenedOrder(main: OrderedPlan): HappenedOrder {
  const ranks = new Map<string, ReadonlyMap<string, number>>();
  const keys = new Map<string, Key>();
  const counts = new Map<string, number>();
  const ranksOf = ({ flowId, steps }: OrderedPlan): ReadonlyMap<string, number> => {
    // Steps of a plan come after those that lead to them.
    const known = ranks.get(flowId) ?? new Map(steps.map(({ id }, rank) => [id, rank]));
    ranks.set(flowId, known);
    return known;
  };
  ranksOf(main);
  const note = (plan: OrderedPlan, step: string, payload: string, from: string | undefined): void => {
    if (keys.has(payload)) return;
    const maker = `${step} ${from ?? ''}`;
    const count = counts.get(maker) ?? 0;
    counts.set(maker, count + 1);
    keys.set(payload, [...(from === undefined ? [Infinity] : (keys.get(from) ?? [])), ranksOf(plan).get(step) ?? 0, count]);
  };
  const keyOf = ({ flow, step, payload }: OrderedPlace, flows: readonly string[]): Key => [flows.indexOf(flow), ranks.get(flow)?.get(step ?? '') ?? -1, ...(keys.get(payload ?? '') ?? [])];
  return {
    read(plan, event) {
      ranksOf(plan);
      if (event.type === 'payload-out' || (event.type === 'payload-failed' && event.from !== undefined)) note(plan, event.step, event.payload.id, event.from);
    },
    sorted(things, placeOf) {
      const flows = [main.flowId, ...[...ranks.keys()].filter((flow) => flow !== main.flowId).toSorted()];
      return things.map((thing) => ({ thing, key: keyOf(placeOf(thing), flows) })).toSorted((one, other) => compare(one.key, other.key)).map(({ thing }) => thing);
    },
  };
}

function compare(one: Key, other: Key): number {
  const at = one.findIndex((part, index) => part !== other[index]);
  if (at < 0) return one.length - other.length;
  const is = other[at];
  return is === undefined || one[at]! > is ? 1 : -1;
}
