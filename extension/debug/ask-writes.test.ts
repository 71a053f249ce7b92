import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askWrites } from './ask-writes.ts';

type Message = Parameters<ReturnType<typeof askWrites>['asked']>[0];

const request = { seq: 7, type: 'request', command: 'restartFrame', arguments: { frameId: 1 } };
const refusal = { seq: 9, type: 'response', request_seq: 7, command: 'restartFrame', success: false, message: 'The step "send" has sent something.', body: { error: { id: 1, format: '', variables: { code: 'WRITE_UNCONFIRMED' } } } };
const other = { ...refusal, message: 'There is no such frame.', body: { error: { id: 1, format: '', variables: { code: 'API_INVALID' } } } };

const rows: readonly (readonly [what: string, asked: object, answer: Message, isMeant: boolean, asks: readonly string[], sends: readonly unknown[], shows: readonly unknown[]])[] = [
  ['it is meant: the request is made once more', request, refusal, true, [refusal.message], [['write']], []],
  ['it is not: the client is told that nothing was sent', request, refusal, false, [refusal.message], [], ['Nothing was sent again.']],
  ['another refusal is shown as it is', request, other, true, [], [], ['There is no such frame.']],
  ['of another request nobody is asked', { ...request, command: 'evaluate' }, refusal, true, [], [], [refusal.message]],
];

for (const [what, asked, answer, isMeant, asks, sends, shows] of rows) {
  test(`what would be sent again: ${what}`, async () => {
    const seen = { asks: [] as string[], sends: [] as unknown[], shows: [] as unknown[] };
    const between = askWrites({
      send: (message) => seen.sends.push((message as unknown as { arguments: { confirm: unknown } }).arguments.confirm), show: (message) => seen.shows.push((message as Message & { readonly message?: string }).message),
      isMeant: async (message) => { seen.asks.push(message); return isMeant; },
    });
    between.asked(asked as Message);
    between.answered(answer);
    await new Promise(setImmediate);
    assert.deepEqual(seen, { asks, sends, shows });
  });
}
