import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { FlowError } from '../../plugins/sdk/index.ts';
import { createPayload } from '../engine/payload.ts';
import type { RunError } from '../model/run-event.ts';
import type { NotificationSettings } from '../model/workspace.ts';
import { openRecordings, type Recordings } from '../stores/recordings.ts';
import { createMasker, secretValues } from '../stores/redact.ts';
import { createSeal } from '../stores/seal.ts';
import type { RunnerLog } from './log.ts';
import { createNotifier, type Notifier } from './notifier.ts';
import { openRunner } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-notify-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

interface Mail { readonly from: string; readonly to: readonly string[]; readonly text: string }

/** A real mail server that knows one user. */
async function startMail(): Promise<{ port: number; mails: Mail[]; refuses: boolean; close(): Promise<void> }> {
  const state = { port: 0, mails: [] as Mail[], refuses: false, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false,
    onAuth: ({ username, password }, _session, done) => (username === 'patchbay' && password === 'mail-secret' ? done(null, { user: username }) : done(new Error('Invalid user.'))),
    onRcptTo: (_address, _session, done) => done(state.refuses ? Object.assign(new Error('Mailbox is full.'), { responseCode: 452 }) : null),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        state.mails.push({ from: (envelope.mailFrom as { address: string }).address, to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  state.port = (server.server.address() as AddressInfo).port;
  return state;
}

/** A real webhook. */
async function startHook(): Promise<{ url: string; texts: string[]; status: number; server: Server }> {
  const state = { url: '', texts: [] as string[], status: 200, server: undefined as unknown as Server };
  state.server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      if (state.status === 200) state.texts.push((JSON.parse(Buffer.concat(chunks).toString('utf8')) as { text: string }).text);
      response.writeHead(state.status).end(state.status === 200 ? 'ok' : 'no_service');
      state.server.emit('text');
    });
  }).listen(0, '127.0.0.1');
  await once(state.server, 'listening');
  state.url = `http://127.0.0.1:${(state.server.address() as AddressInfo).port}/services/T0/hook-secret`;
  return state;
}

interface World {
  readonly notifier: Notifier;
  readonly recordings: Recordings;
  readonly mail: Awaited<ReturnType<typeof startMail>>;
  readonly hook: Awaited<ReturnType<typeof startHook>>;
  readonly logged: string[];
  readonly settings: NotificationSettings;
  now: number;
  /** A run that fails; `automatic`: a trigger has started it. */
  fail(id: string, how?: { readonly flow?: string; readonly text?: string; readonly message?: string; readonly automatic?: boolean; readonly error?: Partial<RunError> }): Promise<void>;
  /** Another notifier on the same outbox, as after a crash. */
  another(): Notifier;
}

async function story(check: (world: World) => Promise<void>): Promise<void> {
  const root = join(folder, `${++last}`);
  const secrets = secretValues();
  const [mail, hook] = await Promise.all([startMail(), startHook()]);
  const recordings = openRecordings(root, { secrets, now: () => 1_000_000, seal: createSeal({ keyFile: join(root, 'key'), spareFile: join(root, 'key') }) });
  const known = new Map([['mail/password', 'mail-secret'], ['ops/slack', hook.url]]);
  const logged: string[] = [];
  const write = (level: string) => (message: string, fields: Readonly<Record<string, unknown>> = {}): void => void logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log: RunnerLog = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const settings: NotificationSettings = {
    groups: { ops: { email: ['ops@example.com', 'ada@example.com'], slack: { $secret: 'ops/slack' }, log: true }, chat: { slack: { $secret: 'ops/slack' } }, mail: { email: ['boss@example.com'] }, lost: { slack: { $secret: 'gone' } }, empty: {} },
    onFailure: ['ops'], smtp: { host: '127.0.0.1', port: mail.port, user: 'patchbay', password: { $secret: 'mail/password' }, from: 'Patchbay <patchbay@example.com>' },
  };
  const secret = async (name: string): Promise<string> => {
    const value = known.get(name);
    if (value === undefined) throw new FlowError('SECRET_MISSING', `The secret ${JSON.stringify(name)} is missing.`);
    secrets.add(value);
    return value;
  };
  const make = (): Notifier => {
    const notifier = createNotifier({ config: () => ({ version: 1, notifications: world.settings }), secret, log, mask: (value) => createMasker(secrets, ['email']).value(value), now: () => world.now, recordings: () => recordings, hasRecordings: () => true, lookMs: 2 ** 30 });
    notifier.listen();
    return notifier;
  };
  const world: World = {
    recordings, mail, hook, logged, settings, now: 1_000_000, another: make,
    get notifier() { return notifier; },
    async fail(id, { flow = 'orders', text = '{"version":1,"title":"Orders","steps":{}}', message = 'The shop is closed.', automatic = true, error = {} } = {}) {
      await recordings.accept({ head: { id, flow, flowVersion: text, trigger: 'hourly', queuedAt: world.now }, payload: createPayload({ id: `${id}-in`, body: {} }), flowText: text, seed: 1, recording: 'full', redact: [], isReserved: true, request: automatic ? { isAutomatic: true } : {} });
      const [lease] = await recordings.queue.lease({ most: 1, now: world.now, isOwnOnly: true });
      const recording = recordings.record(recordings.leased(lease!), { recording: 'full', redact: [], isAnew: true, lost: () => undefined });
      await recording.emit({ type: 'run-started', at: world.now, seed: 1 });
      await recording.emit({ type: 'run-finished', status: 'failed', at: world.now + 5, durationMs: 5, error: { code: 'REMOTE_UNREACHABLE', message, step: 'send', ...error } });
      await recording.ended;
    },
  };
  const notifier = make();
  try {
    await check(world);
  } finally {
    await notifier.close();
    await recordings[Symbol.asyncDispose]();
    hook.server.close();
    hook.server.closeAllConnections();
    await mail.close();
  }
}

const subjects = (mails: readonly Mail[]): string[] => mails.map(({ text }) => /^Subject: (.*(?:\r\n .*)*)/m.exec(text)?.[1]?.replaceAll('\r\n', '') ?? '');

test('a group is told of an automatic run that fails: by e-mail, webhook and log', () => story(async ({ notifier, fail, mail, hook, logged, recordings }) => {
  await fail('r1');
  await fail('by-hand', { automatic: false });
  await notifier.look();
  assert.deepEqual(mail.mails.map(({ from, to }) => [from, to]), [['patchbay@example.com', ['ops@example.com', 'ada@example.com']]]);
  assert.deepEqual(subjects(mail.mails), ['Orders (orders): a run failed']);
  const text = mail.mails[0]!.text.replaceAll('=\r\n', '');
  for (const part of ['Run r1 of the trigger hourly', 'REMOTE_UNREACHABLE in send: The shop is closed.', 'patchbay runs show r1']) assert.ok(text.includes(part), text);
  assert.equal(hook.texts.length, 1);
  assert.match(hook.texts[0]!, /^\*Orders \(orders\): a run failed\*\nRun r1 of/);
  assert.deepEqual(logged.map((line) => line.slice(0, 40)), ['error Orders (orders): a run failed {"no']);
  assert.deepEqual([recordings.operations.outbox.failures(), recordings.operations.outbox.state().waiting], [[], 0]);
  await notifier.look();
  assert.equal(mail.mails.length, 1, 'once');
}));

test('of a run that is done again nobody is told, but of the last one that failed', () => story(async (world) => {
  const { notifier, fail, hook, recordings } = world;
  await fail('r1', { error: { code: 'RUN_AGAIN', details: { again: 'r2' } } });
  await notifier.look();
  assert.deepEqual([hook.texts, recordings.operations.outbox.failures()], [[], []]);
  await fail('r2', { error: { code: 'RUN_AGAIN' } });
  world.now += 61_000;
  await notifier.look();
  assert.deepEqual([hook.texts.length, /Run r2 of/.test(hook.texts[0] ?? '')], [1, true]);
}));

test('a flow that fails again and again is told of once in a minute', () => story(async (world) => {
  const { notifier, fail, hook } = world;
  await fail('r1');
  await notifier.look();
  for (let index = 2; index <= 9; index++) await fail(`r${index}`);
  await fail('other', { flow: 'stock', text: '{"version":1,"steps":{}}' });
  world.now += 59_000;
  await notifier.look();
  assert.deepEqual(hook.texts.map((text) => text.split('\n', 1)[0]), ['*Orders (orders): a run failed*', '*stock: a run failed*'], 'another flow does not wait');
  world.now += 1_000;
  await notifier.look();
  const [, , gathered = ''] = hook.texts;
  assert.match(gathered, /^\*Orders \(orders\): 8 runs failed\*\nRun r2 [^]*Run r6 [^]*And 3 more: patchbay runs list --flow orders --status failed$/);
  assert.ok(!gathered.includes('r7'));
  world.now += 60_000;
  await notifier.look();
  assert.equal(hook.texts.length, 3);
}));

test('a flow names its own groups, or nobody', () => story(async ({ notifier, fail, mail, hook, logged }) => {
  const textOf = (notify: readonly string[]): string => JSON.stringify({ version: 1, settings: { notify }, steps: {} });
  await fail('a', { flow: 'a', text: textOf(['chat', 'nobody']) });
  await fail('b', { flow: 'b', text: textOf([]) });
  await fail('c', { flow: 'c', text: textOf(['mail']) });
  await notifier.look();
  assert.deepEqual([hook.texts.map((text) => text.split('\n', 1)[0]), mail.mails.map(({ to }) => to)], [['*a: a run failed*'], [['boss@example.com']]]);
  assert.deepEqual(logged, ['error Nobody of the group nobody was told that a has failed: There is no notification group "nobody". {}']);
  await notifier.look();
  assert.equal(hook.texts.length, 1);
}));

test('what cannot be sent is sent later, by each channel for itself', () => story(async (world) => {
  const { notifier, fail, mail, hook, logged } = world;
  hook.status = 503;
  mail.refuses = true;
  await fail('r1');
  await notifier.look();
  const { troubles, waiting } = await notifier.state();
  assert.equal(waiting, 2);
  assert.deepEqual(troubles.map(({ group, channel, attempts, error, nextAt }) => [group, channel, attempts, /503: no_service|Mailbox is full/.test(error), nextAt]).sort(), [['ops', 'email', 1, true, world.now + 30_000], ['ops', 'slack', 1, true, world.now + 30_000]]);
  assert.equal(logged.filter((line) => line.startsWith('warn A notification could not be sent')).length, 2);
  hook.status = 200;
  world.now += 29_999;
  await notifier.look();
  assert.equal(hook.texts.length, 0);
  world.now += 1;
  await notifier.look();
  assert.deepEqual([hook.texts.length, mail.mails.length], [1, 0]);
  assert.deepEqual((await notifier.state()).troubles.map(({ channel, attempts, nextAt }) => [channel, attempts, nextAt]), [['email', 2, world.now + 60_000]]);
  for (let attempt = 3; attempt <= 30; attempt++) {
    world.now += 3_600_000;
    await notifier.look();
  }
  assert.deepEqual((await notifier.state()).troubles.map(({ attempts, nextAt }) => [attempts, nextAt]), [[30, undefined]]);
  assert.match(logged.at(-1) ?? '', /^warn A notification could not be sent and is given up/);
  mail.refuses = false;
  world.now += 3_600_000;
  await notifier.look();
  assert.equal(mail.mails.length, 0);
}));

test('what was kept is sent after a crash, and what was claimed by the dead as well', () => story(async (world) => {
  const { recordings, hook } = world;
  const place = { run: 'r1', flow: 'orders', step: 'tell', payload: 'p', at: 1 };
  await world.notifier.notify('chat', { level: 'warning', text: 'Stock is low.' }, place);
  assert.equal(hook.texts.length, 0, 'the run does not wait for it');
  await recordings.operations.outbox.claim({ most: 10, now: world.now, againAt: world.now + 120_000 });
  const heir = world.another();
  await heir.look();
  assert.equal(hook.texts.length, 0, 'it may still be on its way');
  world.now += 120_000;
  await heir.look();
  assert.deepEqual(hook.texts, ['*orders: Stock is low.*\nStock is low.\n\nRun r1, step tell.']);
  await heir.notify('chat', { level: 'info', text: 'Two look at once.' }, place);
  await Promise.all([world.notifier.look(), heir.look()]);
  assert.equal(hook.texts.length, 2, 'what one has claimed the other does not send');
  await heir.close();
}));

test('secrets and redacted fields are in no message, kept or sent', () => story(async ({ notifier, fail, hook, mail, recordings }) => {
  await notifier.test('ops');
  const place = { run: 'r1', flow: 'orders', step: 'tell', payload: 'p', at: 1 };
  await notifier.notify('ops', { level: 'info', text: 'The password is mail-secret, email=ada@example.com, {"email":"ada@example.com"}' }, place);
  await notifier.notify('chat', { level: 'info', text: `${'x'.repeat(91)} mail-secret` }, place);
  await fail('r1', { message: 'Refused mail-secret.' });
  const kept = JSON.stringify([recordings.operations.outbox.state(), await recordings.operations.outbox.claim({ most: 10, now: 0, againAt: 0 })]);
  assert.ok(!kept.includes('mail-secret'));
  await notifier.look();
  const sent = JSON.stringify([hook.texts, mail.mails.map(({ text }) => text)]);
  assert.deepEqual([hook.texts.length, mail.mails.length], [4, 3]);
  for (const hidden of ['mail-', 'hook-secret']) assert.ok(!sent.includes(hidden), hidden);
  assert.match(hook.texts[1]!, /The password is \[secret\], email=\[redacted\] {"email":"\[redacted\]"}/);
}));

test('a group is tried out at once; what is wrong is said, and kept nowhere', () => story(async ({ notifier, mail, hook, settings, recordings }) => {
  assert.deepEqual(await notifier.test('ops'), { group: 'ops', results: [{ channel: 'email', isSent: true }, { channel: 'slack', isSent: true }, { channel: 'log', isSent: true }] });
  assert.deepEqual([subjects(mail.mails), hook.texts], [['Patchbay: a test'], ['*Patchbay: a test*\nThis is a test of the notification group ops.']]);
  assert.deepEqual(await notifier.test('lost'), { group: 'lost', results: [{ channel: 'slack', isSent: false, error: 'The secret "gone" is missing.' }] });
  assert.deepEqual(await notifier.test('empty'), { group: 'empty', results: [] });
  await assert.rejects(notifier.test('nobody'), { code: 'CONFIG_UNKNOWN_GROUP' });
  await assert.rejects(notifier.notify('nobody', { level: 'info', text: 'x' }, { run: 'r', flow: 'f', step: 's', payload: 'p', at: 1 }), { code: 'CONFIG_UNKNOWN_GROUP' });
  (settings as { smtp?: object }).smtp = { ...settings.smtp, user: 'nobody' };
  const [first] = (await notifier.test('mail')).results;
  assert.match(first?.error ?? '', /Invalid user|Invalid login/);
  delete (settings as { smtp?: object }).smtp;
  assert.match((await notifier.test('mail')).results[0]?.error ?? '', /does not say how e-mail is sent/);
  assert.deepEqual(await notifier.state(), {
    groups: [{ name: 'ops', channels: ['email', 'slack', 'log'], isOnFailure: true }, { name: 'chat', channels: ['slack'], isOnFailure: false }, { name: 'mail', channels: ['email'], isOnFailure: false }, { name: 'lost', channels: ['slack'], isOnFailure: false }, { name: 'empty', channels: [], isOnFailure: false }],
    waiting: 0, troubles: [],
  });
  assert.equal(recordings.operations.outbox.state().waiting, 0);
}));

test('of a real runner: whoever starts a run by hand sees for himself how it went', async () => {
  const root = join(folder, `${++last}`);
  const hook = await startHook();
  try {
    for (const [path, content] of Object.entries({
      'patchbay.json': { version: 1, notifications: { groups: { ops: { slack: { $secret: 'ops/slack' } } }, onFailure: ['ops'] } },
      'flows/orders.flow.json': { version: 1, title: 'Orders', triggers: { in: { trigger: 'webhook' } }, start: 'tell', steps: { tell: { shape: 'notify', settings: { message: 'Order {{ payload.id }}', groups: ['ops'] }, next: { out: 'check' } }, check: { shape: 'assert', settings: { schema: { required: ['sku'] } } } } },
    })) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), JSON.stringify(content));
    }
    {
      await using runner = await openRunner({ root, editorSecrets: new Map([['ops/slack', hook.url]]), executors: { threads: 1 } });
      await runner.start({ flow: 'orders', trigger: 'in', payload: { body: { id: 1 }, mediaType: 'application/json' } }).then(({ done }) => done);
      await runner.listen();
      const body = Buffer.from('{"id":2}');
      await new Promise<void>((resolve, reject) => {
        runner.hook('orders', 'in', { method: 'POST', url: '/hooks/orders/in', query: {}, headers: { 'content-type': 'application/json' }, body, receivedAt: Date.now(), respond: () => resolve() }).catch(reject);
      });
      while (hook.texts.length < 3) await once(hook.server, 'text');
    }
    assert.deepEqual(hook.texts.map((text) => text.split('\n', 1)[0]).sort(), ['*Orders (orders): a run failed*', '*orders: Order 1*', '*orders: Order 2*']);
  } finally {
    hook.server.close();
    hook.server.closeAllConnections();
  }
});
