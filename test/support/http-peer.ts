import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import connector from '../../plugins/shapes/connector.ts';
import type { Plugin } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest, EndpointManifest } from '../../server/model/connector.ts';
import { systemClock } from '../../server/runner/clock.ts';
import { openTransport } from '../../server/runner/transport.ts';
import { connectorHost, type ConnectorHost } from './connector-host.ts';
import { testShapes } from './engine-host.ts';

/** An HTTP server on loopback that another process could be. */
export interface HttpPeer extends AsyncDisposable {
  readonly origin: string;
  readonly server: Server;
}

export async function startPeer(listener?: RequestListener): Promise<HttpPeer> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A host whose instance `shop` speaks to the peer over real HTTP. */
export function peerHost({ origin }: Pick<HttpPeer, 'origin'>, endpoints: Readonly<Record<string, Partial<EndpointManifest>>>, more: Partial<ConnectorManifest> = {}): ConnectorHost & AsyncDisposable {
  const transport = openTransport();
  const whole = Object.entries(endpoints).map(([name, endpoint]) => [name, { title: name, direction: 'send', method: 'POST', path: '/', ...endpoint }] as const);
  const host = connectorHost({ connector: { baseUrl: origin, endpoints: Object.fromEntries(whole), ...more }, plugins: [...testShapes, connector as unknown as Plugin], transport, clock: systemClock });
  return Object.assign(host, { [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose]() });
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
