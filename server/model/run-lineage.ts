import type { PayloadRow } from './api.ts';

/** Where a value of a recorded payload comes from. */
export interface RunLineage {
  readonly run: string;
  /** The value that was asked for first; each names those that it was made of. */
  readonly places: readonly LineagePlace[];
  /** There is more than is followed. */
  readonly isCut: boolean;
}

/** A place at which the value, or what it was made of, is recorded. */
export interface LineagePlace {
  readonly id: number;
  /** `payload`: at a step; `response`: in an answer of another system; `input`: what the run began with; `made`: nowhere before. */
  readonly kind: 'payload' | 'response' | 'input' | 'made';
  readonly step?: string;
  readonly side?: PayloadRow['side'];
  readonly port?: string;
  readonly payload?: string;
  /** Name of the body in the recording. */
  readonly body?: string;
  readonly exchange?: { readonly id: string; readonly attempt: number; readonly method: string; readonly url: string; readonly status?: number };
  /** JSON pointer into the body. */
  readonly pointer: string;
  /** What stands there; of what is long, its beginning. */
  readonly value?: unknown;
  /** Ids of the places that it was made of. */
  readonly from: readonly number[];
  /** How it was made of them. */
  readonly how?: LineageWay;
}

export interface LineageWay {
  /** `same`: it passed through as it is; `records`: a list whose records did so, of those before it; `rule`: by a rule of a map; `opaque`: nobody can say, it saw all of what came; `handed`: from one step to the next; `read`: from an answer; `constant`: a rule without sources, or its default. */
  readonly by: 'same' | 'records' | 'rule' | 'opaque' | 'handed' | 'read' | 'constant';
  readonly shape?: string;
  /** Index of the rule among those of the step; absent for one of a mapping file. */
  readonly rule?: number;
  readonly to?: string;
  readonly chain?: readonly string[];
  /** Fields that a script was given. */
  readonly fields?: readonly string[];
  /** It was found by its value, and another place may hold the same. */
  readonly isLikely?: true;
}
