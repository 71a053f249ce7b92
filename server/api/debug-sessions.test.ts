import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugHost } from '../debug/debugged.ts';
import { createDebugSessions, type Client } from './debug-sessions.ts';

test('a client that asks and does not read is cut off, and its session ends', async () => {
  const sessions = createDebugSessions({ root: '/' } as DebugHost, { mostUnread: 10_000 });
  const id = sessions.open();
  const seen = { unread: 0, cut: 0, ended: 0 };
  const client: Client = {
    get unread() {
      return seen.unread;
    },
    say(message) {
      seen.unread += JSON.stringify(message).length;
    },
    cut() {
      seen.cut++;
    },
  };
  const session = sessions.get(id)!;
  session.listen(client, () => void seen.ended++);
  let asked = 0;
  const ask = async (): Promise<void> => {
    session.take({ seq: asked++, type: 'request', command: 'initialize' });
    await new Promise<void>((resolve) => void setImmediate(resolve));
  };
  for (let turn = 0; turn < 100 && seen.cut === 0; turn++) await ask();
  assert.deepEqual([seen.cut, seen.ended, sessions.get(id)], [1, 1, undefined], `${seen.unread} bytes wait after ${asked} requests`);
  assert.ok(asked > 1);
  const { unread } = seen;
  await ask();
  assert.deepEqual([seen.unread, seen.cut], [unread, 1]);
});
