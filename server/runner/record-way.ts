import type { Step } from '../model/flow.ts';
import { givesOther, keepsRecords } from '../model/flow-types.ts';
import type { PayloadHead } from '../model/run-event.ts';

/** `kept`: each record is one of those that came, as it stands; `mapped`: record n was made of record n. */
export type RecordWay = 'kept' | 'mapped';

/** How a step made the records of a payload; `undefined` where nobody can say. */
export function recordWay(step: Step, port: string, source: PayloadHead, made: PayloadHead): RecordWay | undefined {
  if (source.body === '' || made.body === '') return undefined;
  if (source.body === made.body) return 'kept';
  if (givesOther(step, port)) return undefined;
  if (keepsRecords(step) || step.shape === 'split') return 'kept';
  if (step.shape !== 'map' || source.records !== made.records) return undefined;
  const { groupBy = [], wrapInput, wrapOutput, records = '' } = (step.settings ?? {}) as { readonly groupBy?: readonly string[]; readonly wrapInput?: boolean; readonly wrapOutput?: boolean; readonly records?: string };
  return groupBy.length === 0 && !wrapInput && !wrapOutput && records === '' ? 'mapped' : undefined;
}
