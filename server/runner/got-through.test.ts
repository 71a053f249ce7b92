import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../model/run-event.ts';
import { createThroughReader } from './got-through.ts';

const steps = { a: { shape: 's', next: { out: 'b' } }, b: { shape: 's', next: { out: 'c', side: 'd' } }, c: { shape: 's' }, d: { shape: 's' } };

/** `a<p`: payload p comes to step a; `a>p`, `b:side>q/p`: it gives a payload, made of another; `a.p`: done; `a!p`: failed. */
function eventOf(text: string): RunEvent {
  const [, step = '', port = 'out', sign = '', id = '', from] = /^(\w)(?::(\w+))?([<>.!])(\w+)(?:\/(\w+))?$/.exec(text) ?? [];
  const payload = { id, mediaType: 'application/json', body: '', size: 1 };
  if (sign === '<') return { type: 'payload-in', step, payload, attempt: 1, at: 0 };
  if (sign === '>') return { type: 'payload-out', step, port, payload, ...(from !== undefined && { from }), at: 0 };
  if (sign === '!' && from !== undefined) return { type: 'payload-failed', step, payload, from, error: { code: 'DATA_INVALID', message: '' }, at: 0 };
  if (sign === '.') return { type: 'payload-done', step, payload: id, at: 0, durationMs: 0 };
  return { type: 'payload-failed', step, payload, error: { code: 'DATA_INVALID', message: '' }, at: 0 };
}

for (const [title, roots, events, expected] of [
  ['through all steps', 'p', 'a<p a>p/p a.p b<p b>p/p b.p c<p c>p/p c.p', 'p'],
  ['an end of a single step', 'p', 'c<p c>p/p c.p', 'p'],
  ['not begun', 'p', '', ''],
  ['on its way to the next step', 'p', 'a<p a>p/p a.p', ''],
  ['in work', 'p', 'a<p a>p/p a.p b<p', ''],
  ['failed', 'p', 'a<p a>p/p a.p b<p b!p b.p', ''],
  ['children, all through', 'p', 'b<p b>q/p b>r/p b.p c<q c>q/q c.q c<r c>r/r c.r', 'p'],
  ['children, one failed', 'p', 'b<p b>q/p b>r/p b.p c<q c>q/q c.q c<r c!r c.r', ''],
  ['a child of a child failed', 'p', 'a<p a>q/p a.p b<q b>r/q b.q c<r c!r c.r', ''],
  ['one of two paths is not over', 'p', 'b<p b>p/p b:side>p/p b.p c<p c>p/p c.p', ''],
  ['both paths are', 'p', 'b<p b>p/p b:side>p/p b.p c<p c>p/p c.p d<p d>p/p d.p', 'p'],
  ['vanished, or gathered for later', 'p', 'a<p a>p/p a.p b<p b.p c>x', ''],
  ['each for itself', 'p q', 'c<p c>p/p c.p c<q c!q c.q', 'p'],
  ['failed before it was looked at', 'q', 'a<p a>q/p a!p a.p b<q b>q/q b.q c<q c>q/q c.q', 'q'],
  ['a part of it failed, which nothing was made of', 'p q', 'a<p a>p/p a.p b<p b!z/p b>p/p b.p c<p c>p/p c.p c<q c>q/q c.q', 'q'],
  ['of two origins', 'p q', 'a<p a>x/p a.p a<q a>x/q a.q b<x b!x b.x', ''],
  ['worked on again after a crash', 'p', 'a<p a>p/p a<p a>p/p a.p b<p b>p/p b<p b>p/p b.p c<p c>p/p c.p', 'p'],
  ['given again while it is in work', 'p', 'b<p b>q/p c<q c>q/q b<p b>q/p c.q b.p', 'p'],
  ['made by a step, and an end', 'p', 'c<x c>p/x c.x', 'p'],
  ['made by a step, on its way', 'p', 'b<x b>p/x b.x', ''],
  ['made by a step that fails afterwards', 'p q', 'b<x b>p/x b>q/x c<p c>p/p c.p b!x b.x', 'p'],
  ['made by a step, never', 'p q', 'c<x c>p/x c.x', 'p'],
  ['what belongs to nobody', 'p', 'b<x b>y/x b!y b.x c<p c>p/p c.p', 'p'],
] as const) {
  test(`what got through: ${title}`, () => {
    const reader = createThroughReader({ steps }, roots.split(' '));
    for (const text of events.split(' ').filter(Boolean)) reader.read(eventOf(text));
    assert.deepEqual([...reader.through()].join(' '), expected);
  });
}
