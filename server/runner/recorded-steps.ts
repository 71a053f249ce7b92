import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import type { RunDetail } from '../model/api.ts';
import { isObject } from '../model/json.ts';
import { suggestion } from '../model/suggest.ts';
import type { RunArchive } from './contract.ts';

export function checkRun(archive: RunArchive, run: string): void {
  if (!archive.run(run)) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { details: { run }, remedy: '`patchbay runs list` shows those that there are.' });
}

/** That one of the runs has the step. Fails with `API_NOT_FOUND`. */
export function checkStep(archive: RunArchive, runs: readonly string[], step: string): void {
  const known = new Set(runs.flatMap((run) => { const detail = archive.run(run); return detail ? [...Object.keys(stepsOf(detail)), ...Object.keys(detail.steps)] : []; }));
  if (known.has(step)) return;
  throw new FlowError('API_NOT_FOUND', `${runs.length === 1 ? `The run ${runs[0]} has` : 'The runs have'} no step ${JSON.stringify(step)}.`, { details: { runs, step }, remedy: suggestion(step, [...known]) ?? 'Nothing was recorded of any step.' });
}

/** Of the flow as it was. */
export function stepsOf({ flowText }: Pick<RunDetail, 'flowText'>): Readonly<Record<string, unknown>> {
  try {
    const flow = parseJson(flowText);
    return isObject(flow) && isObject(flow['steps']) ? flow['steps'] : {};
  } catch {
    return {};
  }
}

export function missingPayload(run: string, step: string, side: 'in' | 'out' | 'failed', payload: string | undefined): FlowError {
  const verb = side === 'in' ? 'came to' : side === 'out' ? 'left' : 'failed in';
  return new FlowError('API_NOT_FOUND', payload === undefined ? `Nothing ${verb} the step ${JSON.stringify(step)}.` : `No payload ${JSON.stringify(payload)} ${verb} the step ${JSON.stringify(step)}.`, {
    details: { run, step, side, ...(payload !== undefined && { payload }) }, remedy: '`patchbay runs show` names the steps with what came to them, left them and failed in them.',
  });
}
