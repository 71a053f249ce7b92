import { JSONPathNode, JSONPathRecursionLimitError, type JSONPathQuery } from 'json-p3';
import { FlowError } from '../../plugins/sdk/index.ts';

type Segment = JSONPathQuery['segments'][number];

/** Places that all `..` behind the first one may look at, beyond so many times those of the first. */
const mostLooked = 1_000_000;
const mostTimes = 20;

/**
 * What a query finds, one after the other. Several `..` in one query look at the same places again and again, which takes ever longer with the depth of a document:
 * fails with `DATA_INVALID` where that is out of proportion.
 */
export function nodesOf({ segments }: Pick<JSONPathQuery, 'segments'>, query: string, value: unknown): Iterable<JSONPathNode> {
  const json = value as JSONPathNode['value'];
  let nodes: Iterable<JSONPathNode> = [new JSONPathNode(json, [], json)];
  const looked = { first: 0, again: 0 };
  let isAgain = false;
  for (const segment of segments) {
    if (!isDescent(segment)) {
      nodes = segment.lazyResolve(nodes);
      continue;
    }
    nodes = descend(segment, nodes, isAgain ? () => void (++looked.again > mostLooked + mostTimes * looked.first && tooMany(query)) : () => void looked.first++);
    isAgain = true;
  }
  return nodes;
}

/** Whether a step is applied to all that is below, too. */
export const isDescent = (segment: Segment): boolean => String(segment).startsWith('..');

function* descend(segment: Segment, nodes: Iterable<JSONPathNode>, look: () => void): Generator<JSONPathNode> {
  for (const node of nodes) {
    const deepest = node.location.length + segment.environment.maxRecursionDepth - 1;
    // In the order of the document: the next one is on top.
    const waiting = [node];
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      if (one.location.length >= deepest) throw new JSONPathRecursionLimitError('recursion limit reached', segment.token);
      look();
      for (const selector of segment.selectors) yield* selector.resolve(one);
      const { value, location, root } = one;
      if (typeof value !== 'object' || value === null) continue;
      const keys = Array.isArray(value) ? Array.from(value.keys()) : Object.keys(value);
      for (const key of keys.toReversed()) waiting.push(new JSONPathNode((value as Record<string | number, JSONPathNode['value']>)[key]!, location.concat(key), root));
    }
  }
}

function tooMany(query: string): never {
  throw new FlowError('DATA_INVALID', `The path ${JSON.stringify(query)} would look at the same places of this document more than ${mostLooked.toLocaleString('en')} times over: each ".." begins anew below all that the one before has found.`, { details: { query }, remedy: 'Name what stands between them, so that one ".." is enough.' });
}
