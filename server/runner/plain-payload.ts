import { FlowError, type Payload } from '../../plugins/sdk/index.ts';
import { bodyOf } from '../engine/payload.ts';
import type { StartRun } from './contract.ts';

/** A payload as a run is started with it. Fails with `RUN_INTERRUPTED` where it is a stream, which nobody has kept. */
export function plainOf(payload: Payload): NonNullable<StartRun['payload']> {
  const { mediaType, meta } = payload;
  const body = bodyOf(payload);
  if (body.kind === 'stream') throw new FlowError('RUN_INTERRUPTED', 'The payload that the run began with is a stream, which nobody has kept.');
  return { body: body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : body.bytes, mediaType, meta };
}
