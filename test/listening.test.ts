import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plugin } from '../plugins/sdk/index.ts';
import { listenFor } from './support/listening.ts';

interface Given { readonly key: string; readonly payload: object; accepted(): void; failed(error: Error): void }

/** A connector that does this each time when it listens. */
function connectorOf(rounds: readonly ((give: (key: string) => Given, refused: Promise<Error>) => AsyncGenerator<Given>)[]): Plugin {
  let round = 0;
  const nothing = { type: 'object', properties: {} };
  const listen = () => {
    const { promise, resolve } = Promise.withResolvers<Error>();
    return rounds[Math.min(round++, rounds.length - 1)]!((key) => ({ key, payload: { body: key, mediaType: 'text/plain' }, accepted: () => undefined, failed: resolve }), promise);
  };
  return { kind: 'connector', type: 'it', settings: nothing, credentials: nothing, connect: async () => ({ client: {}, close: async () => undefined }), endpoints: { hear: { params: nothing, listen } } } as unknown as Plugin;
}

const heard = async (plugin: Plugin, count: number): Promise<readonly unknown[]> => (await listenFor(plugin, count, { settings: {}, call: 'hear', with: {}, outcome: (index) => (index === 0 ? 'failed' : 'accepted') })).map(({ body }) => body);

test('where a run was not accepted it begins anew, whatever words the connector has for it', async () => {
  const told = connectorOf([
    async function* (give, refused) { yield give('one'); throw new Error('It was refused.', { cause: await refused }); },
    async function* (give) { yield give('one'); yield give('two'); },
  ]);
  assert.deepEqual(await heard(told, 3), ['one', 'one', 'two']);
});

test('any other error fails, also behind a refusal', async () => {
  const broken = connectorOf([
    async function* (give, refused) { yield give('one'); await refused; throw new TypeError('x is undefined'); },
    async function* (give) { yield give('one'); },
  ]);
  await assert.rejects(heard(broken, 2), { name: 'TypeError', message: 'x is undefined' });
});

test('one that ends without an event fails', async () => {
  const mute = connectorOf([async function* (give) { yield give('one'); }, async function* () { }, async function* (give) { yield give('two'); }]);
  await assert.rejects(heard(mute, 2), { message: 'It ended without an event, behind 1 of 2.' });
});
