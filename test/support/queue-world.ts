import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { call, type ConnectorHost } from './connector-host.ts';
import { protocolHost } from './protocol-host.ts';

// The package of queues with servers of ours in the place of the services.

export const queuesFolder = join(import.meta.dirname, '../../samples/plugins/queues');
export const loadOfQueues = async (file: string): Promise<unknown> => (await import(pathToFileURL(join(queuesFolder, file)).href)) as unknown;
const { default: plugins } = (await loadOfQueues('index.js')) as { default: readonly Plugin[] };
export const pluginOf = (type: string): Plugin => plugins.find((plugin) => plugin.type === type)!;
export const silent = { debug() {}, info() {}, warn() {}, error() {} };
export type Json = Readonly<Record<string, unknown>>;

export interface Asked { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly text: string; readonly json: Json }
export interface Answered { readonly status?: number; readonly body: unknown }
export interface World extends AsyncDisposable { readonly origin: string }

/** A connector, its server, and what is done with both. */
export interface QueueCase { readonly type: string; readonly send: { readonly call: string; readonly with: Json }; readonly listen: { readonly call: string; readonly with: Json }; settings(origin: string): Json; credentials(origin: string): Json; bodies(): readonly string[]; readonly answer: (asked: Asked) => Answered }

/** A server on loopback that answers as it is told. */
export async function serve(answer: (asked: Asked) => Answered | Promise<Answered>): Promise<World> {
  const server = createServer((request, response) => {
    void (async () => {
      const text = await read(request);
      const asked: Asked = { method: request.method!, path: request.url!, headers: request.headers as Record<string, string>, text, json: text.startsWith('{') ? (JSON.parse(text) as Json) : {} };
      const { status = 200, body } = await answer(asked);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

export const hostOf = (one: QueueCase, origin: string, more: Json = {}): ConnectorHost & AsyncDisposable => protocolHost({ plugin: pluginOf(one.type), settings: completeSettings(pluginOf(one.type), one.settings(origin)) as Json, credentials: one.credentials(origin), endpoints: { send: { direction: 'send', call: one.send.call, with: { ...one.send.with, ...more } } } });

/** The code and the message with which a call fails. */
export const failing = async (one: QueueCase, origin: string, more: Json = {}): Promise<readonly [string?, string?]> => {
  await using host = hostOf(one, origin, more);
  const { error } = await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: { a: 1 } }) });
  return [error?.code, error?.message];
};
