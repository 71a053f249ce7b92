import type { TestRequest } from '../../model/test-file.ts';
import { unlike, type MadeRequest } from './made-request.ts';

/** Ways that are looked at until the nearest one has to do. */
const mostTries = 10_000;

/**
 * The request that each expectation is about: those of one step in their order, those of several steps in any. Where not all can be met it is the nearest one,
 * or `undefined` where none is left.
 */
export function matchedRequests(expected: readonly TestRequest[], made: readonly MadeRequest[]): readonly (MadeRequest | undefined)[] {
  const queues = [...Map.groupBy(made, ({ flow, step }) => `${flow} ${step ?? ''}`).values()];
  return met(expected, queues) ?? nearest(expected, queues);
}

type Queues = readonly (readonly MadeRequest[])[];

/** Each expectation takes the first of a step; where that leads nowhere, that of another step. */
function met(expected: readonly TestRequest[], queues: Queues): readonly MadeRequest[] | undefined {
  const places = queues.map(() => 0);
  const chosen: number[] = [];
  const found: MadeRequest[] = [];
  const deadEnds = new Set<string>();
  let next = 0;
  for (let tries = 0; found.length < expected.length; tries++) {
    if (tries === mostTries) return undefined;
    const wanted = expected[found.length]!;
    const isDead = deadEnds.has(places.join());
    const queue = isDead ? -1 : queues.findIndex((requests, index) => index >= next && places[index]! < requests.length && unlike(wanted, requests[places[index]!]!).length === 0);
    if (queue >= 0) {
      found.push(queues[queue]![places[queue]!++]!);
      chosen.push(queue);
      next = 0;
      continue;
    }
    deadEnds.add(places.join());
    const last = chosen.pop();
    if (last === undefined) return undefined;
    found.pop();
    places[last]!--;
    next = last + 1;
  }
  return found;
}

function nearest(expected: readonly TestRequest[], queues: Queues): readonly (MadeRequest | undefined)[] {
  const places = queues.map(() => 0);
  return expected.map((wanted) => {
    const first = queues.flatMap((requests, queue) => (places[queue]! < requests.length ? [{ queue, request: requests[places[queue]!]!, parts: unlike(wanted, requests[places[queue]!]!) }] : []));
    // Whose request it is says more than what stands in it.
    const weight = (parts: readonly (keyof TestRequest)[]): number => parts.reduce((sum, part) => sum + (['flow', 'step', 'endpoint', 'instance'].includes(part) ? 10 : 1), 0);
    const [best] = first.toSorted((one, other) => weight(one.parts) - weight(other.parts));
    if (best) places[best.queue]!++;
    return best?.request;
  });
}
