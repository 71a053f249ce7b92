import { randomBytes } from 'node:crypto';
import { createMasker, secretValues } from '../../server/stores/redact.ts';

// The cost of masking with many secrets: `node test/bench/masking.ts [secrets]` prints what adding them costs, an event, and a large document.

const count = Number(process.argv[2] ?? 10_000);
const values = secretValues();
const jwt = (): string => `eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.${Buffer.from(JSON.stringify({ iss: 'https://x.test', jti: randomBytes(8).toString('hex') })).toString('base64url')}.${randomBytes(256).toString('base64url')}`;
const before = process.memoryUsage().rss;
const added = timed(() => {
  for (let number = 0; number < count; number++) values.add(number % 2 ? jwt() : randomBytes(24).toString('hex'));
});
console.log(`${count} secrets, half of them tokens of 450 letters: ${(added * 1_000 / count).toFixed(0)} µs each, ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB`);

const masker = createMasker(values, []);
const event = JSON.stringify({ type: 'payload-in', step: 's', payload: { id: 'abcdefgh', mediaType: 'application/json', body: 'a'.repeat(64), size: 100, meta: { a: 'b'.repeat(200) } }, at: 1, attempt: 1 });
const document = JSON.stringify(Array.from({ length: 10_000 }, (_, id) => ({ id, name: `Customer ${id}`, email: `a${id}@b.test`, token: randomBytes(6).toString('hex') })));
const times = 20_000;
for (let round = 0; round < 3; round++) {
  const one = timed(() => {
    for (let number = 0; number < times; number++) masker.test(`${event}${number}`);
  });
  const large = timed(() => values.test(document));
  console.log(`${(one * 1_000 / times).toFixed(2)} µs per event of ${event.length} letters, ${(document.length / 1_000 / large).toFixed(0)} MB/s of a document`);
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
