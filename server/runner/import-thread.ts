import { parentPort, workerData } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { ImportKind } from '../imports/about.ts';
import type { ImportResult } from '../imports/import-result.ts';
import { importText } from '../imports/import.ts';

/** What the thread is started with. */
export interface ImportOrder {
  readonly kind: ImportKind;
  readonly text: string;
  readonly address: string | undefined;
  readonly only: readonly string[];
}

/** What it says before it ends. Errors have no class on the other side. */
export type ImportAnswer = { readonly result: ImportResult } | { readonly error: Pick<FlowError, 'code' | 'message' | 'place' | 'details' | 'remedy'> };

const { kind, text, address, only } = workerData as ImportOrder;
parentPort?.postMessage(answer(), []);

function answer(): ImportAnswer {
  try {
    return { result: importText(kind, text, address, only) };
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    const { code, message, place, details, remedy } = error;
    return { error: { code, message, place, details, remedy } };
  }
}
