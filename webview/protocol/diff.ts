import type { RunSummary } from '../../server/model/api.ts';
import type { RunLineage } from '../../server/model/run-lineage.ts';
import type { DiffSide, PayloadDiff, PayloadDiffOrder } from '../../server/model/run-diff.ts';

/** What a comparison of payloads asks of its host. */
export interface DiffHost {
  payloadDiff(order: PayloadDiffOrder): PayloadDiff;
  /** Shows the first payload of both sides in the host's own editor for differences of texts. Says whether the host has one. */
  openDiff(order: PayloadDiffOrder, title: string): boolean;
}

/** What a payload asks of its host about its values. */
export interface LineageHost {
  lineage(run: string, value: ValuePlace): RunLineage;
}

/** A value of a recorded payload; `pointer` is a JSON pointer. */
export interface ValuePlace {
  readonly step: string;
  readonly side: DiffSide['side'];
  readonly payload: string;
  readonly pointer: string;
}

/** Another run of a flow, to compare with. */
export type OtherRun = Pick<RunSummary, 'id' | 'status' | 'queuedAt' | 'trigger' | 'version'>;
