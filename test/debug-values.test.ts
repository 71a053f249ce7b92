import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { debugging, steps, type Client } from './support/debug-client.ts';

const flow = steps({ first: { shape: 'split', settings: { each: true }, next: { out: 'end' } }, end: { shape: 'map', settings: { passThrough: true } } }, { title: 'Look' });

async function payloadOf(client: Client, frame: number): Promise<DebugProtocol.Scope> {
  const { body: { scopes } } = await client.scopesRequest({ frameId: frame });
  return scopes.find(({ name }) => name.startsWith('Payload'))!;
}

async function rows(client: Client, reference: number, window: object = {}): Promise<readonly DebugProtocol.Variable[]> {
  return (await client.variablesRequest({ variablesReference: reference, ...window })).body.variables;
}

async function memory(client: Client, memoryReference: string | undefined, offset: number, count: number): Promise<DebugProtocol.ReadMemoryResponse['body']> {
  return ((await client.customRequest('readMemory', { memoryReference, offset, count })) as DebugProtocol.ReadMemoryResponse).body;
}

const evaluated = async (client: Client, expression: string, context: string): Promise<string> => (await client.evaluateRequest({ expression, context })).body.result;

for (const [where, options] of [['in this thread', {}], ['in a thread of its own', { executors: { threads: 1 } }]] as const) {
  describe(`values ${where}`, () => {
    test('a long text is cut at 1 KB; all of it is copied, and its bytes can be read, masked', async () => {
      const long = `${'ä'.repeat(3_000)}canary-token`;
      await debugging({ 'flows/look.flow.json': flow }, async (client) => {
        await client.begin({ flow: 'look', payload: [{ long, password: long }] }, { look: [15] });
        const { frame } = await client.stopped();
        const [row, hidden] = await rows(client, (await payloadOf(client, frame)).variablesReference);
        assert.deepEqual([row!.value.length < 1_100, row!.value.endsWith(`…" (${long.length} characters)`), hidden!.value, hidden!.memoryReference], [true, true, '[redacted]', undefined]);
        assert.deepEqual([(await evaluated(client, 'payload.long', 'watch')).length < 1_100, (await evaluated(client, 'payload.long', 'clipboard')).length > 3_000], [true, true]);
        const read = await memory(client, row!.memoryReference, 5_998, 100);
        assert.equal(Buffer.from(read!.data!, 'base64').toString('utf8'), 'ä[secret]');
        assert.equal(read!.unreadableBytes, 100 - Buffer.byteLength('ä[secret]'));
        await assert.rejects(memory(client, '9999', 0, 10), /There are no such bytes/);
      }, { ...options, editorSecrets: new Map([['shop/token', 'canary-token']]) });
    });
  });

  test(`binary payloads ${where}: their bytes are read, with secrets masked across the edges`, async () => {
    await debugging({ 'flows/look.flow.json': steps({ end: { shape: 'map', settings: { passThrough: true } } }) }, async (client) => {
      writeFileSync(join(client.root, 'photo.bin'), Buffer.concat([Buffer.from([0, 255, 128, 0]), Buffer.from('canary-token'), Buffer.alloc(20, 7)]));
      await client.begin({ flow: 'look', input: 'photo.bin' }, { look: [5] });
      const { frame } = await client.stopped();
      const [row] = await rows(client, (await payloadOf(client, frame)).variablesReference);
      assert.deepEqual([row!.name, row!.value, row!.type], ['payload', '(36 bytes)', 'bytes']);
      const read = await memory(client, row!.memoryReference, 2, 10);
      assert.equal(Buffer.from(read!.data!, 'base64').toString('latin1'), '\u0080\0[secret]');
    }, options);
  });

  test(`bytes of a type of texts ${where} are shown as the text that they are`, async () => {
    await debugging({ 'flows/look.flow.json': steps({ end: { shape: 'map', settings: { passThrough: true } } }) }, async (client) => {
      writeFileSync(join(client.root, 'a.csv'), 'id,n\n1,é canary-token\n');
      await client.begin({ flow: 'look', input: 'a.csv' }, { look: [5] });
      const { frame } = await client.stopped();
      const [row] = await rows(client, (await payloadOf(client, frame)).variablesReference);
      assert.deepEqual([row!.value, row!.type, await evaluated(client, 'payload', 'watch')], ['"id,n\\n1,é [secret]\\n"', 'string', '"id,n\\n1,é [secret]\\n"']);
    }, options);
  });

  test(`a payload that is read as it is needed ${where}: any rows of it, names that are redacted, a path, and its bytes`, async () => {
    await debugging({ 'flows/look.flow.json': flow }, async (client) => {
      const orders = Array.from({ length: 40_000 }, (_, id) => ({ id, password: 'hidden', lines: [{ sku: `s${id}` }] }));
      writeFileSync(join(client.root, 'orders.json'), JSON.stringify(orders));
      await client.begin({ flow: 'look', input: 'orders.json', stopOnEntry: true });
      const { frame, frames } = await client.stopped();
      const payload = await payloadOf(client, frame);
      assert.deepEqual([frames[0], payload.indexedVariables], ['first:5', 40_000]);
      const page = await rows(client, payload.variablesReference, { filter: 'indexed', start: 39_990, count: 5 });
      assert.deepEqual(page.map(({ name }) => name), ['39990', '39991', '39992', '39993', '39994']);
      assert.deepEqual((await rows(client, page[0]!.variablesReference)).map(({ name, value }) => [name, value]), [['id', '39990'], ['password', '[redacted]'], ['lines', '(1) […]']]);
      assert.equal(await evaluated(client, 'payload[39991].lines[0].sku', 'watch'), '"s39991"');
      await assert.rejects(evaluated(client, 'payload[1].password', 'watch'), /is redacted/);
      assert.equal(await evaluated(client, 'payload[39991].id + payload[1].id', 'watch'), '39992');
      assert.equal(await evaluated(client, 'payload[*].id | sum', 'watch'), String((39_999 * 40_000) / 2));
      assert.equal(await evaluated(client, 'payload[2].password ?? "none"', 'watch'), '"[redacted]"');
    }, options);
  });
}

test('what an expression gives that is too long to be sent is looked at where it lies', async () => {
  await debugging({ 'flows/look.flow.json': steps({ end: { shape: 'map', settings: { passThrough: true } } }) }, async (client) => {
    await client.begin({ flow: 'look', payload: { orders: Array.from({ length: 9_000 }, (_, id) => ({ id, password: 'hidden' })) } }, { look: [5] });
    await client.stopped();
    const { body: { variablesReference, indexedVariables } } = await client.evaluateRequest({ expression: 'payload.orders', context: 'watch' });
    assert.equal(indexedVariables, 9_000);
    const [last] = await rows(client, variablesReference, { filter: 'indexed', start: 8_999, count: 1 });
    assert.deepEqual([last!.name, last!.value, await evaluated(client, 'payload.orders[8999].password', 'watch')], ['8999', '{id: 8999, password: [redacted]}', '"[redacted]"']);
  });
});
