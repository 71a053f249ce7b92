import type { FlowChange } from '../../server/model/flow-edit.ts';
import { freeId } from '../../server/model/words.ts';

/** Changes for the host and what shall be selected when they are in the document. */
export interface Edit {
  readonly changes: readonly FlowChange[];
  readonly select?: readonly string[];
}

/** `map`, or `map-2` where there is one. */
export function freshId(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  return freeId(wanted, (id) => Object.hasOwn(taken, id));
}
