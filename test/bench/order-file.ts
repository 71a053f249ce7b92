import { createWriteStream, existsSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { measuredRun } from './measured-run.ts';

// A file of orders, read as a stream, converted, split, filtered, mapped, batched and sent to a local sink: what the runner's process takes of memory.

const folder = join(import.meta.dirname, '..', '..', 'out', 'bench');

export interface OrderFileResult {
  readonly megabytes: number;
  readonly orders: number;
  readonly sent: number;
  readonly seconds: number;
  /** Highest resident memory of the process that ran the flow, in MB; its script processes are not in it, for there are none. */
  readonly peakMegabytes: number;
}

export async function runOrderFile(megabytes: number, recording: 'full' | 'errors' | 'none'): Promise<OrderFileResult> {
  const { file, orders } = await makeFile(megabytes);
  const sink = await openSink();
  await makeWorkspace(sink.url, recording);
  const { code, text, seconds, peakMegabytes } = await measuredRun(['run', 'order-file', '--workspace', join(folder, 'workspace'), '--input', file, '--json']);
  sink.close();
  if (code !== 0) throw new Error(`the run ended with ${code}: ${text.slice(0, 2_000)}`);
  return { megabytes: statSync(file).size / 1e6, orders, sent: sink.received(), seconds, peakMegabytes };
}

async function makeFile(megabytes: number): Promise<{ file: string; orders: number }> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `orders-${megabytes}.ndjson`);
  const orders = Math.round((megabytes * 1e6) / orderLine(0).length);
  if (existsSync(file)) return { file, orders };
  const stream = createWriteStream(file);
  for (let index = 0; index < orders; index++) if (!stream.write(orderLine(index))) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
  return { file, orders };
}

const orderLine = (index: number): string => {
  const lines = Array.from({ length: 6 }, (_, line) => ({ sku: `SKU-${String((index * 7 + line) % 100_000).padStart(6, '0')}`, title: 'Porcelain teapot, blue & white', quantity: 1 + (line % 3), price: '12.50', tax: '20.0' }));
  return `${JSON.stringify({ id: String(100_000_000 + index), status: index % 2 === 0 ? 'paid' : 'open', currency: 'GBP', created_at: '2024-07-01T12:00:00+01:00', customer: { name: 'Zoë Müller', email: 'Zoe@Brook.Example' }, address: { city: 'München', country: 'DE' }, lines, total: '75.00' })}\n`;
};

async function openSink(): Promise<{ url: string; received(): number; close(): void }> {
  let received = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      received += (JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown[]).length;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received: () => received, close: () => { server.close(); server.closeAllConnections(); } };
}

async function makeWorkspace(url: string, recording: string): Promise<void> {
  const files: Readonly<Record<string, unknown>> = {
    'patchbay.json': { version: 1, title: 'Bench' },
    'connectors/sink.connector.json': { version: 1, title: 'Sink', baseUrl: url, auth: { none: { type: 'none' } }, endpoints: { orders: { title: 'Orders', direction: 'send', method: 'POST', path: '/orders', examples: [{ title: 'One', response: { status: 200 } }] } } },
    'instances/sink.instance.json': { version: 1, connector: 'sink' },
    'flows/order-file.flow.json': {
      version: 1, title: 'Order file', settings: { recording }, start: 'read',
      steps: {
        read: { shape: 'convert', settings: { from: 'ndjson', batch: 200 }, next: { out: 'orders' } },
        orders: { shape: 'split', settings: { path: '$' }, next: { out: 'paid' } },
        paid: { shape: 'filter', settings: { conditions: [{ field: 'status', value: 'paid' }] }, next: { out: 'map' } },
        map: {
          shape: 'map', next: { out: 'batches' },
          settings: {
            rules: [
              { from: 'id', to: 'reference', transforms: [{ type: 'prefix', settings: { prefix: 'WEB-' } }] }, { from: 'customer.email', to: 'email', transforms: [{ type: 'case', settings: { to: 'lower' } }] },
              { from: 'total', to: 'total', transforms: [{ type: 'cast-to-number' }] }, { from: 'lines[*].sku', to: 'items[*].article' }, { from: 'lines[*].price', to: 'items[*].price', transforms: [{ type: 'cast-to-number' }] },
            ],
          },
        },
        batches: { shape: 'flow-control', settings: { size: 500 }, next: { out: 'send' } },
        send: { shape: 'connector', settings: { instance: 'sink', endpoint: 'orders' } },
      },
    },
  };
  for (const [name, value] of Object.entries(files)) {
    const file = join(folder, 'workspace', name);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
  }
}
