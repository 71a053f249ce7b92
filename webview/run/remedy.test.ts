import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from '../../plugins/sdk/errors.ts';
import { commandsOf } from './remedy.ts';

test('a remedy names the run that is looked at', () => {
  const told = (remedy: string, run: string | undefined, expected: string): void => assert.equal(commandsOf(remedy, run), expected);
  told(errors.RUN_STOPPED.fix, 'run_7', '`patchbay runs resume run_7` goes on with what did not get through, `patchbay runs retry run_7` does the whole run again.');
  told('RUN is a word; `RUN` is none of ours, `patchbay runs export RUN -o RUNS` is.', '$&', 'RUN is a word; `RUN` is none of ours, `patchbay runs export $& -o RUNS` is.');
  told(errors.RUN_STOPPED.fix, undefined, errors.RUN_STOPPED.fix);
});
