import type { RunSummary } from '../../server/model/api.ts';
import type { PayloadDiff, PayloadDiffOrder } from '../../server/model/run-diff.ts';

/** What a comparison of payloads asks of its host. */
export interface DiffHost {
  payloadDiff(order: PayloadDiffOrder): PayloadDiff;
  /** Shows the first payload of both sides in the host's own editor for differences of texts. Says whether the host has one. */
  openDiff(order: PayloadDiffOrder, title: string): boolean;
}

/** Another run of a flow, to compare with. */
export type OtherRun = Pick<RunSummary, 'id' | 'status' | 'queuedAt' | 'trigger' | 'version'>;
