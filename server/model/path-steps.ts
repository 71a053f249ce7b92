import { jsonpath, JSONPathNode } from 'json-p3';
import { parsePath } from './path.ts';
import { isDescent, nodesOf } from './path-nodes.ts';

/** A JSONPath in its steps, for documents that are too big to be there as a whole. */
export interface PathSteps {
  readonly steps: readonly PathStep[];
  /** What the steps from one on find below a value that is there. */
  find(value: unknown, from: number): readonly { readonly path: readonly (string | number)[]; readonly value: unknown }[];
}

export interface PathStep {
  readonly selectors: readonly PathSelector[];
  /** They are applied to all that is below, too (`..`). */
  readonly isDescendant: boolean;
}

export type PathSelector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly start?: number | undefined; readonly stop?: number | undefined; readonly step: number }
  | { readonly kind: 'filter'; readonly text: string; keeps(value: unknown): boolean }
  | { readonly kind: 'everything' };

const { NameSelector, IndexSelector, SliceSelector, FilterSelector } = jsonpath.selectors;

/** Fails with `CONFIG_PATH`. */
export function pathSteps(query: string): PathSteps {
  const { segments } = parsePath(query);
  const rests = Array.from({ length: segments.length + 1 }, (_, from) => ({ segments: segments.slice(from) }));
  return {
    steps: segments.map((segment) => ({ selectors: segment.selectors.map(selectorOf), isDescendant: isDescent(segment) })),
    find: (value, from) => Array.from(nodesOf(rests[from]!, query, value), (node) => ({ path: node.location, value: node.value })),
  };
}

function selectorOf(selector: InstanceType<typeof jsonpath.JSONPathSelector>): PathSelector {
  if (selector instanceof NameSelector) return { kind: 'name', name: selector.name };
  if (selector instanceof IndexSelector) return { kind: 'index', index: selector.index };
  if (selector instanceof SliceSelector) return { kind: 'slice', start: selector.start, stop: selector.stop, step: selector.step ?? 1 };
  if (!(selector instanceof FilterSelector)) return { kind: 'everything' };
  return { kind: 'filter', text: String(selector), keeps: (value) => selector.resolve(new JSONPathNode([value as null], [], [value as null])).length > 0 };
}
