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
  mock.timers.tick(10_000);
  announcer.say('ended');
  assert.deepEqual(spoken, ['begun', '20 of 30', 'ended']);
  mock.timers.reset();
});
