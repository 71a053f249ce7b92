import { type FlowError, withChanges } from '../../plugins/sdk/index.ts';
import { pointerOf } from '../model/json.ts';
import { asFlowError } from './run-error.ts';

/** The JSON pointer of a place below a step of a flow file. */
export const stepPointer = (step: string, ...keys: readonly string[]): string => pointerOf(['steps', step, ...keys]);

/** The same error with its place in a file: a pointer that it has counts from `pointer`, a file that it names stays. */
export function placed(thrown: unknown, file: string, pointer: string): FlowError {
  const error = asFlowError(thrown);
  if (error.place?.file !== undefined) return error;
  return withChanges(error, { place: { file, pointer: pointer + (error.place?.pointer ?? '') } });
}
