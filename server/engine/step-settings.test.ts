import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodiesOf, runFlow, shape, testHost, transform } from '../../test/support/engine-host.ts';
import { streamPayload } from './payload.ts';

const count = transform('count', (value) => (value as unknown[]).length);
/** Gives its setting as the payload. */
const give = shape('give', () => (payload, { settings }) => [{ port: 'out', payload: payload.with({ body: (settings as { value: unknown }).value }) }]);
const items = 100_000;

/** About 10 MB that come in pieces; read as a whole it fails. */
const long = (size = 10_000_000) => streamPayload({
  id: 'p', mediaType: 'application/json', size, maxBytes: 1_000,
  async* open() {
    const encoder = new TextEncoder();
    yield encoder.encode('{"batch":{"id":7,"of":"shop"},"items":[');
    for (let index = 0; index < items; index += 1_000) yield encoder.encode(Array.from({ length: 1_000 }, (_, at) => `${index + at > 0 ? ',' : ''}{"id":${index + at},"note":"${'x'.repeat(80)}"}`).join(''));
    yield encoder.encode('],"end":true}');
  },
});

const check = (title: string, value: unknown, expected: unknown, size?: number): void => void test(title, async () => {
  const told = await runFlow({ host: testHost({ plugins: [give, count] }), steps: { a: { shape: 'give', settings: { value } } }, options: { payload: long(size) } });
  assert.deepEqual(told.error ? told.error.code : bodiesOf(told), expected, told.error?.message);
});

check('a field of a long stream', '{{ payload.batch.id }}', [7]);
check('fields at its beginning and its end', { of: '{{ payload.batch }}', end: '{{ payload.end }}', none: '{{ payload.none ?? 0 }}' }, [{ of: { id: 7, of: 'shop' }, end: true, none: 0 }]);
check('a field of every item', '{{ payload.items[*].id | count }}', [items]);
check('an item', '{{ payload.items[99999].id }}', [99_999]);
check('of a stream whose length nobody knows', '{{ payload.batch.of }}', ['shop'], -1);
check('all of it is too much', '{{ payload }}', 'DATA_TOO_LARGE');
check('the end of a list needs all of it', '{{ payload.items[-1].id }}', 'DATA_TOO_LARGE');
check('what is missing is said as ever', '{{ payload.batch.none }}', 'DATA_MISSING');
