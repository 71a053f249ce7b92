import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Announcer } from './announcer.ts';

test('one message in two seconds, the newest', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const spoken: string[] = [];
  const announcer = new Announcer((text) => spoken.push(text));
  announcer.say('begun');
  announcer.say('10 of 30');
  announcer.say('20 of 30');
  assert.deepEqual(spoken, ['begun']);
  mock.timers.tick(1_999);
  assert.deepEqual(spoken, ['begun']);
  mock.timers.tick(1);
  assert.deepEqual(spoken, ['begun', '20 of 30']);
  mock.timers.tick(2_000);
  mock.timers.tick(10_000);
  // Nothing that was said long ago is still read where somebody comes by.
  assert.deepEqual(spoken, ['begun', '20 of 30', '']);
  announcer.say('ended');
  assert.deepEqual(spoken, ['begun', '20 of 30', '', 'ended']);
  mock.timers.tick(2_000);
  mock.timers.tick(9_999);
  announcer.say('ended once more');
  mock.timers.tick(1);
  assert.deepEqual(spoken.slice(3), ['ended', 'ended once more']);
  mock.timers.reset();
});
