import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepSessions } from './sessions.ts';

/** A panel of VS Code, whose session is still being loaded. */
function world() {
  const told: string[] = [];
  const session = { command: (name: string) => told.push(name), dispose: () => told.push('disposed') };
  const loaded = Promise.withResolvers<() => typeof session>();
  const closing: (() => void)[] = [];
  let isClosed = false;
  const panel = {
    get active() { if (isClosed) throw new Error('Webview is disposed'); return true; },
    onDidDispose(listener: () => void) { closing.push(listener); },
  };
  const token = { isCancellationRequested: false };
  const sessions = keepSessions<typeof session>();
  return {
    sessions, told, token, opened: sessions.open(panel, token, loaded.promise), load: () => loaded.resolve(() => { told.push('opened'); return session; }), fail: () => loaded.reject(new Error('not loaded')),
    close() { isClosed = true; for (const listener of closing) listener(); },
  };
}

test('what a panel is told before its session is there, its session is told', async () => {
  const { sessions, told, opened, load, close } = world();
  sessions.tell((session) => session.command('add'));
  assert.deepEqual([told, sessions.active], [[], undefined]);
  load();
  assert.equal(await opened, sessions.active);
  sessions.tell((session) => session.command('find'));
  close();
  sessions.tell((session) => session.command('late'));
  assert.deepEqual([told, sessions.all], [['opened', 'add', 'find', 'disposed'], []]);
});

test('a panel that is closed while its session is loaded gets none', async () => {
  const { sessions, told, opened, load, close } = world();
  close();
  load();
  assert.equal(await opened, undefined);
  sessions.tell((session) => session.command('late'));
  assert.deepEqual([told, sessions.all], [[], []]);
});

test('nor does one that VS Code does not wait for any more', async () => {
  const { sessions, told, token, opened, load } = world();
  token.isCancellationRequested = true;
  load();
  assert.equal(await opened, undefined);
  assert.deepEqual([told, sessions.all], [[], []]);
});

test('what cannot be loaded is told to VS Code, and keeps nothing back', async () => {
  const { sessions, told, opened, fail } = world();
  fail();
  await assert.rejects(opened, /not loaded/);
  sessions.tell((session) => session.command('late'));
  assert.deepEqual(told, []);
});
