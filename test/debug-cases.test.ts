import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { asked, debugging, shopFiles, steps, type Client, type Files } from './support/debug-client.ts';

const flow = steps({
  get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' }, next: { out: 'shape' } },
  shape: { shape: 'map', settings: { rules: [{ from: 'id', to: 'number' }] }, next: { out: 'end' } },
  end: { shape: 'map', settings: { passThrough: true } },
}, { title: 'Read' });

const lineOf = (step: string): number => JSON.stringify(flow, null, 2).split('\n').findIndex((line) => line.includes(`"${step}": {`)) + 1;

const files = (): Files => ({
  ...shopFiles(),
  'flows/read.flow.json': flow,
  'flows/read.test.json': {
    version: 1,
    mocks: [{ request: { endpoint: 'list', query: { page: '2' } }, answer: { json: [] } }, { request: { endpoint: 'list' }, answer: { json: [{ id: 7, password: 'x' }] } }],
    cases: {
      'one order': { given: { now: '2024-07-01T12:00:00Z', seed: 3 }, expect: { outputs: [{ json: [{ number: 7 }] }] } },
      another: { expect: { outputs: [{ json: [{ number: 8 }] }] } },
    },
  },
});

const stopped = async (client: Client, expression: string): Promise<readonly unknown[]> => {
  const { reason, frames, frame } = await client.stopped();
  return [reason, frames, await client.shown(expression, frame)];
};

for (const [where, options] of [['in this thread', {}], ['in a thread of its own', { executors: { threads: 1 } }]] as const) {
  describe(`a case of a test is debugged ${where}`, () => {
    test('with its mocks and its clock, and is green', async () => {
      asked.length = 0;
      await debugging(files(), async (client) => {
        const report = client.waitForEvent('testReport');
        await client.begin({ test: 'flows/read.test.json', case: 'one order' }, { read: [16] });
        assert.deepEqual(await stopped(client, 'now'), ['breakpoint', ['shape:15', 'Read:0'], '"2024-07-01T12:00:00.000Z"']);
        await client.continueRequest({ threadId: 1 });
        await client.ended.promise;
        const { cases } = (await report).body as { readonly cases: readonly { readonly name: string; readonly status: string }[] };
        assert.deepEqual([cases.map(({ name, status }) => [name, status]), asked, client.said.includes('one order: passed\n')], [[['one order', 'passed']], [], true]);
      }, options);
    });

    test('looked back at, as a run is', async () => {
      await debugging(files(), async (client) => {
        await client.begin({ test: 'read', case: 'one order' }, { read: [16] });
        const at = async (move: Promise<unknown>): Promise<unknown> => {
          const told = client.stopped();
          await move;
          const { frames, frame } = await told;
          return [frames[0], await client.shown('payload', frame)];
        };
        assert.deepEqual((await client.stopped()).frames, ['shape:15', 'Read:0']);
        assert.deepEqual(await at(client.stepBackRequest({ threadId: 1 })), ['get:5', '{}']);
        assert.match(client.said.join(''), /REPLAY: this is the recording of a run\. What it has done is not undone, and nothing is done again; to go on from here, restart the frame: the case is done again up to here\.\n/);
        assert.deepEqual(await at(client.nextRequest({ threadId: 1 })), ['shape:15', '(1) […]']);
        assert.match(client.said.join(''), /This is the run again, where it stands/);
        await client.continueRequest({ threadId: 1 });
        await client.ended.promise;
        assert.ok(client.said.includes('one order: passed\n'));
      }, options);
    });

    for (const [title, launch, id, reports] of [['one', { test: 'read', case: 'one order' }, '9', ['one order: failed']], ['the second of a file', { test: 'read' }, '8', ['one order: passed', 'another: passed']]] as const) {
      test(`done again up to a moment of its recording, and gone on with what is changed there: ${title}`, async () => {
        asked.length = 0;
        await debugging(files(), async (client) => {
          await client.begin(launch, { read: [lineOf('end')] });
          for (let left = reports.length; left > 1; left--) {
            await client.stopped();
            await client.continueRequest({ threadId: 1 });
          }
          assert.equal((await client.stopped()).frames[0], `end:${lineOf('end')}`);
          await client.stepBackRequest({ threadId: 1 });
          const there = await client.stopped();
          assert.equal(there.frames[0], `shape:${lineOf('shape')}`);
          await client.customRequest('setExpression', { expression: 'payload[0].id', value: id, frameId: there.frame });
          await client.restartFrameRequest({ frameId: there.frame });
          // With the breakpoints that there are.
          const again = await client.stopped();
          assert.deepEqual([again.frames[0], await client.shown('payload[0].number', again.frame)], [`end:${lineOf('end')}`, id]);
          await client.continueRequest({ threadId: 1 });
          await client.ended.promise;
          assert.deepEqual(client.said.filter((text) => /^\w+ ?\w*: (passed|failed)/.test(text)).map((text) => text.split('\n')[0]), reports);
          assert.deepEqual(asked, []);
        }, options);
      });
    }

    test('done again where nothing can be changed any more: it stands there, and says why', async () => {
      await debugging(files(), async (client) => {
        await client.begin({ test: 'read', case: 'one order' }, { read: [lineOf('end')] });
        await client.stopped();
        await client.stepBackRequest({ threadId: 1 });
        const there = await client.stopped();
        await client.customRequest('setExpression', { expression: 'payload[0].id', value: '9', frameId: there.frame });
        const tests = join(client.root, 'flows/read.test.json');
        writeFileSync(tests, readFileSync(tests, 'utf8').replaceAll(/\{\s*"id": 7,\s*"password": "x"\s*\}/g, '5'));
        const told = client.waitForEvent('stopped');
        await client.restartFrameRequest({ frameId: there.frame });
        const { body } = (await told) as DebugProtocol.StoppedEvent;
        assert.deepEqual([body.reason, body.text], ['exception', 'There is no entry "id" to change.']);
        assert.deepEqual((await client.stopped()).frames[0], `shape:${lineOf('shape')}`);
        await client.continueRequest({ threadId: 1 });
        await client.ended.promise;
        assert.ok(client.said.some((text) => text.startsWith('one order: failed')));
      }, options);
    });

    test('and is red where a value is changed while it stands; the difference is said', async () => {
      await debugging(files(), async (client) => {
        const exited = client.waitForEvent('exited');
        await client.begin({ test: client.file('read').replace('.flow.', '.test.'), case: 'one order' }, { read: [16] });
        const { frame } = await client.stopped();
        await client.customRequest('setExpression', { expression: 'payload[0].id', value: '9', frameId: frame });
        await client.continueRequest({ threadId: 1 });
        await client.ended.promise;
        const failed = client.said.find((text) => text.startsWith('one order: failed'));
        assert.match(failed ?? '', /Expected: 7\. Was: 9\./);
        assert.equal(((await exited) as DebugProtocol.ExitedEvent).body.exitCode, 1);
      }, options);
    });

    test('all of a file, one after the other', async () => {
      await debugging(files(), async (client) => {
        await client.begin({ test: 'read' }, { read: [16] });
        for (let left = 2; left > 0; left--) {
          assert.deepEqual((await client.stopped()).frames, ['shape:15', 'Read:0']);
          await client.continueRequest({ threadId: 1 });
        }
        await client.ended.promise;
        assert.deepEqual(client.said.filter((text) => /^\w+ ?\w*: (passed|failed)/.test(text)).map((text) => text.split('\n')[0]), ['one order: passed', 'another: failed']);
      }, options);
    });

    test('a client that leaves ends it', async () => {
      await debugging(files(), async (client) => {
        await client.begin({ test: 'read', case: 'another', stopOnEntry: true });
        assert.deepEqual((await client.stopped()).frames, ['get:5', 'Read:0']);
        await client.disconnectRequest();
      }, options);
    });
  });
}

const refusals: readonly (readonly [what: string, launch: object, expected: RegExp])[] = [
  ['tests that there are not', { test: 'nope' }, /There are no tests "nope"; there are flows\/read\.test\.json\./],
  ['a case that there is not', { test: 'read', case: 'nope' }, /has no case "nope"; it has one order, another\./],
  ['a case without its file', { flow: 'read', case: 'another' }, /is one of a file of tests/],
  ['what the case says itself', { test: 'read', payload: 1, now: 5 }, /payload, now cannot stand beside/],
];

for (const [what, launch, expected] of refusals) {
  test(`a test cannot be debugged: ${what}`, async () => {
    await debugging(files(), async (client) => {
      await client.initializeRequest();
      await assert.rejects(client.launchRequest(launch as never), expected);
    });
  });
}
