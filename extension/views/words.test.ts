import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, duration, loginWords, lookOf, size } from './words.ts';

const second = 1000;
const check = (title: string, actual: string, expected: string): void => void test(title, () => assert.equal(actual, expected));
check('a moment', ago(0, 44 * second), 'just now');
check('a clock that is behind', ago(5 * second, 0), 'just now');
check('a minute', ago(0, 45 * second), '1 min ago');
check('most of an hour', ago(0, 44 * 60 * second), '44 min ago');
check('an hour', ago(0, 50 * 60 * second), '1 h ago');
check('a day', ago(0, 23 * 3600 * second), '1 d ago');
check('milliseconds', duration(240.4), '240 ms');
check('seconds', duration(3210), '3.2 s');
check('nearly a minute', duration(59_960), '1 min 0 s');
check('minutes', duration(250_000), '4 min 10 s');
check('a run that goes on', lookOf({ id: 'a', status: 'running' }, ['b']).word, 'running');
check('a run that stands in the debugger', lookOf({ id: 'a', status: 'running' }, ['b', 'a']).word, 'paused');
check('a recording of a run that is looked at', lookOf({ id: 'a', status: 'success' }, ['a']).word, 'success');
check('bytes', size(999), '999 B');
check('kilobytes', size(3200), '3.2 KB');
check('a whole number of them', size(4000), '4 KB');
check('nearly a megabyte', size(999_960), '1 MB');
for (const [state, words] of [
  [{ state: 'out' }, 'not logged in'], [{ state: 'unknown', problem: 'x' }, 'cannot be said'], [{ state: 'in' }, 'logged in'], [{ state: 'in', isRenewed: true, until: 250_000 }, 'logged in, renewed by itself'],
  [{ state: 'in', isRenewed: false, until: 250_000 }, 'logged in for 4 min 10 s more'], [{ state: 'ended', until: -60_000 }, 'ended 1 min ago'],
] as const) check(`a login: ${words}`, loginWords({ instance: 'shop', ...state }, 0), words);
