import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { RunEvent } from '../model/run-event.ts';
import { heardValues } from './heard-values.ts';
import { createMasker, secretValues } from './redact.ts';

const hiding = (...values: unknown[]) => {
  const heard = heardValues('[redacted]');
  values.forEach(heard.add);
  return heard;
};

test('what stood under a redacted name is hidden in words', () => {
  const heard = hiding('ada@example.com', 'Ada "Countess" Lovelace', 12_345, ['+44 20 79', { deep: 'B-77/1' }], 'DE', true, null);
  const cases: readonly (readonly [given: unknown, hidden: unknown])[] = [
    ['Wrote to ada@example.com.', 'Wrote to [redacted].'],
    ['ada@example.comada@example.com', '[redacted][redacted]'],
    ['?q=ada%40example.com&p=B-77%2F1', '?q=[redacted]&p=[redacted]'],
    ['It is {"name":"Ada \\"Countess\\" Lovelace"}', 'It is {"name":"[redacted]"}'],
    ['tel +44 20 79, as form %2B44+20+79, in a path %2B44%2020%2079', 'tel [redacted], as form [redacted], in a path [redacted]'],
    [{ a: [12_345, 1], b: 'no 12345', c: true, d: null }, { a: ['[redacted]', 1], b: 'no [redacted]', c: true, d: null }],
    ['Made in DE, true', 'Made in DE, true'],
    [7, 7],
  ];
  for (const [given, hidden] of cases) assert.deepEqual(heard.hide(given), hidden, JSON.stringify(given));
});

test('in documents too, which stay what they are', () => {
  const heard = hiding('ada@example.com', 12_345);
  const cases: readonly (readonly [given: string | Uint8Array, mediaType: string, hidden: string | Uint8Array])[] = [
    ['{"message":"We know ada@example.com","id":12345}', 'application/json', '{"message":"We know [redacted]","id":"[redacted]"}'],
    ['{"message":"We know ada@example.com', 'application/json', '{"message":"We know [redacted]'],
    ['We know ada@example.com', 'text/plain', 'We know [redacted]'],
    [Buffer.from('Für ada@example.com'), 'text/plain', Buffer.from('Für [redacted]')],
    [Buffer.from([0xff, ...Buffer.from('ada@example.com'), 0xfe]), 'application/octet-stream', Buffer.from([0xff, ...Buffer.from('[redacted]'), 0xfe])],
  ];
  for (const [given, mediaType, hidden] of cases) assert.deepEqual(heard.body(given, mediaType), hidden);
  const same = Buffer.from('nothing');
  assert.equal(heard.body(same, 'text/plain'), same);
});

test('of an event only what it says', () => {
  const heard = hiding('ada@example.com');
  const error = { code: 'DATA_INVALID', message: 'No ada@example.com.', details: { value: 'ada@example.com' } };
  const said = { code: 'DATA_INVALID', message: 'No [redacted].', details: { value: '[redacted]' } };
  const payload = { id: 'p', mediaType: 'application/json', body: 'h', size: 1, meta: { contact: 'ada@example.com' } };
  const cases: readonly (readonly [given: RunEvent, expected: RunEvent])[] = [
    [{ type: 'log', level: 'info', message: 'To ada@example.com', fields: { to: ['ada@example.com'] }, at: 1 }, { type: 'log', level: 'info', message: 'To [redacted]', fields: { to: ['[redacted]'] }, at: 1 }],
    [{ type: 'attempt-failed', step: 's', payload: 'p', attempt: 1, error, retryInMs: 1, at: 1 }, { type: 'attempt-failed', step: 's', payload: 'p', attempt: 1, error: said, retryInMs: 1, at: 1 }],
    [{ type: 'payload-failed', step: 's', payload, error, at: 1 }, { type: 'payload-failed', step: 's', payload, error: said, at: 1 }],
    [{ type: 'run-finished', status: 'failed', error, at: 1, durationMs: 1 }, { type: 'run-finished', status: 'failed', error: said, at: 1, durationMs: 1 }],
    [{ type: 'exchange', at: 1, exchange: { id: 'e', method: 'GET', url: 'https://x.test/ada@example.com', requestHeaders: { 'x-to': 'ada@example.com' }, attempt: 1, durationMs: 1, error } }, { type: 'exchange', at: 1, exchange: { id: 'e', method: 'GET', url: 'https://x.test/[redacted]', requestHeaders: { 'x-to': '[redacted]' }, attempt: 1, durationMs: 1, error: said } }],
    [{ type: 'payload-in', step: 's', payload, attempt: 1, at: 1 }, { type: 'payload-in', step: 's', payload, attempt: 1, at: 1 }],
    [{ type: 'variable', step: 's', name: 'contact', value: 'ada@example.com', at: 1 }, { type: 'variable', step: 's', name: 'contact', value: 'ada@example.com', at: 1 }],
  ];
  for (const [given, expected] of cases) assert.deepEqual(heard.event(given), expected);
});

test('it is heard in JSON and CSV, at any depth', () => {
  const masker = createMasker(secretValues(), ['email']);
  const cases: readonly (readonly [text: string, mediaType: string, heard: readonly unknown[]])[] = [
    ['{"a":[{"EMAIL":"ada@example.com"},{"email":{"work":"bob@example.com"}}],"name":"Ada"}', 'application/json', ['ada@example.com', { work: 'bob@example.com' }]],
    ['{"email":"a@b.test"}\n{"x":1}\n{"email":"c@d.test"}', 'application/x-ndjson', ['a@b.test', 'c@d.test']],
    ['id,email\n1,a@b.test\n2,"c""@d.test"\n', 'text/csv', ['a@b.test', 'c"@d.test']],
    ['{"name":"Ada"}', 'application/json', []],
  ];
  for (const [text, mediaType, expected] of cases) {
    const heard: unknown[] = [];
    masker.text(text, mediaType, (value) => heard.push(value));
    assert.deepEqual(heard, expected, text);
  }
  const heard: unknown[] = [];
  masker.listen({ lines: [{ email: 'x@y.test' }] }, (value) => heard.push(value));
  assert.deepEqual(heard, ['x@y.test']);
});

test('what passes with requests is hidden as well, the latest of it, and takes the place of no value', () => {
  const heard = hiding('ada@example.com');
  const signatureOf = (number: number): string => createHash('sha256').update(String(number)).digest('hex');
  for (let number = 0; number < 30_000; number++) heard.addPassing(signatureOf(number));
  assert.equal(heard.hide(`ada@example.com ${signatureOf(29_999)} ${signatureOf(29_500)} ${signatureOf(0)}`), `[redacted] [redacted] [redacted] ${signatureOf(0)}`);
  const alone = hiding();
  alone.addPassing(signatureOf(1));
  assert.equal(alone.document(`It was ${signatureOf(1)}.`, 'text/plain'), 'It was [redacted].');
});
