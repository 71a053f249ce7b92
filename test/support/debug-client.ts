import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { serveDebug } from '../../server/debug/serve.ts';
import type { Runner } from '../../server/runner/contract.ts';
import { openRunner, type RunnerOptions } from '../../server/runner/runner.ts';

// A shop on loopback, workspaces that ask it, and a client that debugs them.

const folder = mkdtempSync(join(tmpdir(), 'patchbay-debug-'));
export const asked: string[] = [];
let shop: Server;
let last = 0;

before(async () => {
  shop = createServer((request: IncomingMessage, response) => {
    asked.push(`${request.method} ${request.url}`);
    const page = Number(new URL(request.url!, 'http://shop').searchParams.get('page') ?? '1');
    const isRefused = request.method === 'POST' && request.url === '/refuse';
    response.writeHead(isRefused ? 422 : request.url === '/broken' ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isRefused ? { error: 'no' } : request.method === 'POST' ? { ok: true } : page > 3 ? [] : [{ id: page * 2 - 1, password: 'hidden' }, { id: page * 2, password: 'hidden' }]));
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
});
after(() => {
  shop.close();
  shop.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

export type Files = Readonly<Record<string, unknown>>;

export function makeWorkspace(files: Files): string {
  const root = join(folder, `${++last}`);
  for (const [file, content] of Object.entries({ 'patchbay.json': { version: 1 }, ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return root;
}

export const shopFiles = (): Files => ({
  'connectors/shop.connector.json': {
    version: 1, title: 'Shop', baseUrl: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`, auth: { token: { type: 'bearer' } },
    endpoints: {
      list: { title: 'List', direction: 'receive', method: 'GET', path: '/orders', pagination: { type: 'page-number', settings: {} } },
      send: { title: 'Send', direction: 'send', method: 'POST', path: '/orders' },
      refuse: { title: 'Refuse', direction: 'send', method: 'POST', path: '/refuse' },
      broken: { title: 'Broken', direction: 'send', method: 'POST', path: '/broken' },
      keyed: { title: 'Keyed', direction: 'send', method: 'POST', path: '/broken', idempotencyHeader: 'x-key', retry: { attempts: 0 } },
    },
  },
  'instances/shop.instance.json': { version: 1, connector: 'shop', credentials: { token: { $secret: 'shop/token' } } },
});

export const steps = (all: object, more: object = {}): object => ({ version: 1, start: Object.keys(all)[0], steps: all, ...more });

/** Microsoft's client over a socket, with what was said to it. */
export class Client extends DebugClient {
  readonly said: string[] = [];
  readonly root: string;
  /** Stops that nobody has asked for yet, and those who ask. */
  readonly #stops: DebugProtocol.StoppedEvent[] = [];
  readonly #asking: ((stop: DebugProtocol.StoppedEvent) => void)[] = [];
  readonly ended = Promise.withResolvers<void>();
  #leaving: Promise<DebugProtocol.DisconnectResponse> | undefined;

  constructor(root: string) {
    super('node', 'none', 'patchbay');
    this.root = root;
    this.on('stopped', (stop: DebugProtocol.StoppedEvent) => {
      const ask = this.#asking.shift();
      if (ask) ask(stop);
      else this.#stops.push(stop);
    });
    this.on('terminated', () => this.ended.resolve());
    this.on('output', ({ body }: DebugProtocol.OutputEvent) => void this.said.push(body.output));
  }

  /** The adapter hangs up when it has answered. */
  override disconnectRequest(args?: DebugProtocol.DisconnectArguments): Promise<DebugProtocol.DisconnectResponse> {
    return (this.#leaving ??= super.disconnectRequest(args));
  }

  file(flow: string): string {
    return join(this.root, 'flows', `${flow}.flow.json`);
  }

  /** The next stop: why, and where the first lines of the stack are. */
  async stopped(): Promise<{ readonly reason: string; readonly frames: readonly string[]; readonly frame: number }> {
    const { body } = this.#stops.shift() ?? (await new Promise<DebugProtocol.StoppedEvent>((resolve) => void this.#asking.push(resolve)));
    const { body: { stackFrames } } = await this.stackTraceRequest({ threadId: body.threadId! });
    return { reason: body.reason, frames: stackFrames.map(({ name, line }) => `${name}:${line}`), frame: stackFrames[0]!.id };
  }

  async shown(expression: string, frameId?: number): Promise<string> {
    return (await this.evaluateRequest({ expression, context: 'watch', ...(frameId !== undefined && { frameId }) })).body.result;
  }

  /** Launches with breakpoints. */
  async begin(launch: object, lines: Readonly<Record<string, readonly (number | DebugProtocol.SourceBreakpoint)[]>> = {}, also: () => Promise<unknown> = async () => undefined): Promise<readonly DebugProtocol.Breakpoint[]> {
    const greeted = this.waitForEvent('initialized');
    await this.initializeRequest();
    await greeted;
    await this.launchRequest(launch as never);
    const set: DebugProtocol.Breakpoint[] = [];
    for (const [flow, of] of Object.entries(lines)) set.push(...(await this.setBreakpointsRequest({ source: { path: this.file(flow) }, breakpoints: of.map((line) => (typeof line === 'number' ? { line } : line)) })).body.breakpoints);
    await also();
    await this.configurationDoneRequest();
    return set;
  }
}

export async function debugging(files: Files, work: (client: Client, runner: Runner) => Promise<void>, options: Partial<RunnerOptions> = {}): Promise<void> {
  const root = makeWorkspace(files);
  await using runner = await openRunner({ root, editorSecrets: new Map([['shop/token', 'canary-token']]), drainMs: 100, ...options });
  await using server = await serveDebug(runner, { port: 0, log: () => undefined });
  const client = new Client(root);
  await client.start(server.port);
  try {
    await work(client, runner);
  } finally {
    await client.disconnectRequest().catch(() => undefined);
    await client.stop();
  }
}
