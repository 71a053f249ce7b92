import { FlowError } from '../../plugins/sdk/index.ts';
import type { RunRequest } from '../stores/queue.ts';

/** What is said where the payload that a run began with is asked for again and nobody has it. `file`: the one that it was read from. */
export function inputGone(run: string, file: RunRequest['file']): FlowError {
  if (file?.isOwn) return new FlowError('RUN_INTERRUPTED', `The run ${run} began with a payload of more than 1 MB that came by stdin or by HTTP, and was kept only while the run was under way.`, { details: { run }, remedy: 'Start the flow anew with that payload. One that a run reads from a file (`--input FILE`) is read from there again.' });
  if (file) return new FlowError('RUN_INTERRUPTED', `The recording of the run ${run} does not hold the payload that it began with: it was read from ${file.path}.`, { details: { run }, remedy: '`patchbay runs retry RUN` reads the file again; `patchbay replay RUN --input FILE` begins with what it is given.' });
  return new FlowError('RUN_INTERRUPTED', `The recording of the run ${run} does not hold the payload that it began with.`, { details: { run }, remedy: 'Record the flow in full (`settings.recording`), and start it anew with that payload.' });
}
