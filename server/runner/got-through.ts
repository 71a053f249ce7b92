import type { Flow } from '../model/flow.ts';
import type { RunEvent } from '../model/run-event.ts';

/** Which of some payloads got through to the ends of a flow, by the events of the run. */
export interface ThroughReader {
  read(event: RunEvent): void;
  through(): ReadonlySet<string>;
}

/**
 * A payload got through where all that was made of it left the flow at an end: nothing failed, nothing is on its way or in work, and nothing vanished in a
 * step without an output. The last one is deliberately strict: a filter lets payloads vanish, but so does a step that gathers them for later, and what is
 * taken for lost is only sent again. Give it all events of the run, in their order.
 */
export function createThroughReader({ steps }: Pick<Flow, 'steps'>, roots: Iterable<string>): ThroughReader {
  /** Payload → those of the roots that it was made of. */
  const origins = new Map<string, ReadonlySet<string>>([...roots].map((root) => [root, new Set([root])]));
  const stuck = new Set<string>();
  /** Payloads that are on their way to a step or in work there, with whether they have given something yet. */
  const visits = new Map<string, { readonly payload: string; hasGiven: boolean }>();
  const seen = new Set<string>();

  const visit = (step: string, payload: string) => {
    const key = JSON.stringify([step, payload]);
    const known = visits.get(key) ?? { payload, hasGiven: false };
    visits.set(key, known);
    return known;
  };
  const fail = (payload: string): void => {
    for (const root of origins.get(payload) ?? []) stuck.add(root);
  };
  const out = ({ step, port, payload: { id }, from = id }: RunEvent & { type: 'payload-out' }): void => {
    const inherited = origins.get(from);
    if (inherited) {
      if (from !== id) origins.set(id, new Set([...(origins.get(id) ?? []), ...inherited]));
      visit(step, from).hasGiven = true;
    } else if (!origins.has(id)) return;
    // One that a step made itself, such as a page, begins here.
    if (origins.get(id)!.has(id)) seen.add(id);
    const next = steps[step]?.next;
    const target = next && Object.hasOwn(next, port) ? next[port] : undefined;
    if (target !== undefined) visit(target, id);
  };
  const done = (step: string, payload: string): void => {
    const key = JSON.stringify([step, payload]);
    if (visits.get(key)?.hasGiven === false) fail(payload);
    visits.delete(key);
  };

  return {
    read(event) {
      if (event.type === 'payload-in') {
        if (!origins.has(event.payload.id)) return;
        seen.add(event.payload.id);
        visit(event.step, event.payload.id);
      } else if (event.type === 'payload-out') out(event);
      else if (event.type === 'payload-done') done(event.step, event.payload);
      else if (event.type === 'payload-failed') for (const id of [event.payload.id, ...(event.from === undefined ? [] : [event.from])]) fail(id);
    },
    through() {
      for (const { payload } of visits.values()) fail(payload);
      visits.clear();
      return new Set([...origins.keys()].filter((payload) => seen.has(payload) && origins.get(payload)!.has(payload) && !stuck.has(payload)));
    },
  };
}
