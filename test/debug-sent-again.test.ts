import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { asked, debugging, shopFiles, steps, type Client, type Files } from './support/debug-client.ts';

// What would be done twice is sent again only where somebody says so.

const unconfirmed = /The step "send" has sent something already that would be done twice if it were sent again/;
const caught = { setExceptions: (client: Client) => client.setExceptionBreakpointsRequest({ filters: ['unhandled'] }) };
const again = (client: Client, frameId: number, confirm?: readonly string[]) => client.customRequest('restartFrame', { frameId, ...(confirm && { confirm }) });

describe('a step that has failed is done again', () => {
  const failing = (endpoint: string): Files => ({ ...shopFiles(), 'flows/send.flow.json': steps({ send: { shape: 'connector', settings: { instance: 'shop', endpoint } } }) });
  const rows: readonly (readonly [endpoint: string, launch: object, refuses: boolean, confirm: readonly string[] | undefined])[] = [
    ['broken', {}, true, ['write']],
    ['broken', { isWriteConfirmed: true }, false, undefined],
    ['keyed', {}, false, undefined],
    ['refuse', {}, false, undefined],
  ];
  for (const [endpoint, launch, refuses, confirm] of rows) {
    test(`${endpoint} ${JSON.stringify(launch)}: ${refuses ? 'refused, until it is confirmed' : 'at once'}`, async () => {
      asked.length = 0;
      await debugging(failing(endpoint), async (client) => {
        await client.begin({ flow: 'send', payload: { id: 1 }, ...launch }, {}, () => caught.setExceptions(client));
        const failed = await client.stopped();
        assert.deepEqual([failed.frames[0], asked.length], ['send (failed):5', 1]);
        if (refuses) await assert.rejects(again(client, failed.frame), unconfirmed);
        assert.equal(asked.length, 1);
        await client.setExceptionBreakpointsRequest({ filters: [] });
        await again(client, failed.frame, confirm);
        await client.ended.promise;
        assert.equal(asked.length, 2);
      });
    });
  }
});

const chain = (): Files => ({
  ...shopFiles(),
  'flows/two.flow.json': steps({ each: { shape: 'split', settings: { each: true }, next: { out: 'send' } }, send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'send' }, next: { out: 'shape' } }, shape: { shape: 'map', settings: { passThrough: true }, next: { out: 'last' } }, last: { shape: 'map', settings: { passThrough: true } } }, { title: 'Two' }),
});
const lineOf = { send: 14, shape: 24, last: 33 };

test('a payload is put in front of a step that would send it once more, and in front of one that would not', async () => {
  asked.length = 0;
  await debugging(chain(), async (client) => {
    // So many that the step has not ended when the first is through it.
    await client.begin({ flow: 'two', payload: Array.from({ length: 200 }, (_, id) => ({ id })) }, { two: [lineOf.last] });
    assert.equal((await client.stopped()).frames[0], `last:${lineOf.last}`);
    const to = async (line: number): Promise<number> => (await client.gotoTargetsRequest({ source: { path: client.file('two') }, line })).body.targets[0]!.id;
    const unsafe = await to(lineOf.send);
    await assert.rejects(client.gotoRequest({ threadId: 1, targetId: unsafe }), unconfirmed);
    await client.setBreakpointsRequest({ source: { path: client.file('two') }, breakpoints: [] });
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
    assert.equal(asked.length, 200);
  });
  await debugging(chain(), async (client) => {
    await client.begin({ flow: 'two', payload: [{ id: 1 }] }, { two: [lineOf.shape] });
    await client.stopped();
    const { body: { targets } } = await client.gotoTargetsRequest({ source: { path: client.file('two') }, line: lineOf.last });
    await client.gotoRequest({ threadId: 1, targetId: targets[0]!.id });
    assert.equal((await client.stopped()).frames[0], `last:${lineOf.last}`);
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
  });
});

test('a run goes on from its recording only where nothing refuses that: otherwise it stands where it stood', async () => {
  asked.length = 0;
  await debugging(chain(), async (client) => {
    await client.begin({ flow: 'two', payload: [{ id: 1 }] }, { two: [lineOf.shape] });
    await client.stopped();
    await client.stepBackRequest({ threadId: 1 });
    const there = await client.stopped();
    const text = readFileSync(client.file('two'), 'utf8');
    writeFileSync(client.file('two'), text.replace('"send"', '"nowhere"'));
    await assert.rejects(again(client, there.frame), /"nowhere"/);
    writeFileSync(client.file('two'), text);
    await client.setBreakpointsRequest({ source: { path: client.file('two') }, breakpoints: [] });
    await client.continueRequest({ threadId: 1 });
    assert.equal((await client.stopped()).frames[0], `shape:${lineOf.shape}`);
    assert.match(client.said.join(''), /This is the run again, where it stands/);
    await client.continueRequest({ threadId: 1 });
    await client.ended.promise;
    assert.match(client.said.join(''), /The run has ended: success/);
    assert.doesNotMatch(client.said.join(''), /stopped/);
    assert.equal(asked.length, 1);
  });
});

for (const isConfirmedAtOnce of [false, true]) test(`a run goes on from its recording: what is the same is not sent again, and what is changed only where that is confirmed${isConfirmedAtOnce ? ', which may be at once' : ''}`, async () => {
  asked.length = 0;
  await debugging(chain(), async (client) => {
    await client.begin({ flow: 'two', payload: [{ id: 1 }] }, { two: [lineOf.shape] });
    await client.stopped();
    for (const _ of [1, 2]) {
      await client.stepBackRequest({ threadId: 1 });
      await client.stopped();
    }
    await client.nextRequest({ threadId: 1 });
    const there = await client.stopped();
    assert.equal(there.frames[0], `send:${lineOf.send}`);
    await client.customRequest('setExpression', { expression: 'payload.id', value: '70', frameId: there.frame });
    await client.setBreakpointsRequest({ source: { path: client.file('two') }, breakpoints: [] });
    if (isConfirmedAtOnce) await again(client, there.frame, ['write']);
    else {
      await again(client, there.frame);
      const asking = await client.stopped();
      assert.deepEqual([asking.reason, asking.frames[0], asked.length], ['exception', `send (failed):${lineOf.send}`, 1]);
      assert.match(JSON.parse(await client.shown('error.message', asking.frame)) as string, unconfirmed);
      await assert.rejects(again(client, asking.frame), unconfirmed);
      assert.equal(asked.length, 1);
      await again(client, asking.frame, ['write']);
    }
    await client.ended.promise;
    assert.equal(asked.length, 2);
  });
});
