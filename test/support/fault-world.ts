import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '..', '..');

/** A shop with pages and a receiver that honours idempotency keys; both outlive every runner. */
export interface Outside extends AsyncDisposable {
  readonly url: string;
  /** Ids that arrived, each as often as it took effect. */
  readonly effects: readonly string[];
  /** Keys that came with another content than the first time. */
  readonly conflicts: readonly string[];
}

/** `pages`: of each list of the shop; ten records each. */
export async function startOutside(pages: number): Promise<Outside> {
  const effects: string[] = [];
  const conflicts: string[] = [];
  const contents = new Map<string, string>();
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://outside');
    if (request.method === 'GET') {
      const page = Number(url.searchParams.get('page') ?? '1');
      const list = url.searchParams.get('list') ?? '';
      return send(response, 200, { pages, items: page > pages ? [] : Array.from({ length: 10 }, (_, index) => ({ id: `${list}-${page}-${index}`, no: (page - 1) * 10 + index + 1 })) });
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const key = String(request.headers['idempotency-key'] ?? '');
    const known = contents.get(key);
    if (key === '' || (known !== undefined && known !== body)) conflicts.push(`${key}: ${known?.slice(0, 200)} then ${body.slice(0, 200)}`);
    if (known === undefined) {
      contents.set(key, body);
      effects.push(...[JSON.parse(body) as unknown].flat().map((item) => (item as { id: string }).id));
    }
    return send(response, 200, { ok: true });
  }
  const url = await listening(server);
  return { url, effects, conflicts, async [Symbol.asyncDispose]() { server.closeAllConnections(); server.close(); } };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A workspace whose flows pass every kind of state on their way. */
export async function makeWorkspace(url: string): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-fault-'));
  const write = async (path: string, content: object): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), `${JSON.stringify(content, null, 2)}\n`);
  };
  await write('patchbay.json', { version: 1, title: 'Faults' });
  await write('connectors/outside.connector.json', {
    version: 1, title: 'Outside', baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'Address', description: 'Address.' } },
    endpoints: {
      list: { title: 'List', direction: 'receive', method: 'GET', path: '/list', query: { list: '{{ slice.list }}', from: '{{ cursor.from }}' }, slices: [{ name: 'list', values: ['{{ params.list }}'] }], incremental: { path: '$.no', kind: 'number', isSorted: true, key: '$.id' }, params: { list: { type: 'string', title: 'List', description: 'Which one.', required: true } }, pagination: { type: 'page-number', settings: { totalPagesPath: '$.pages' } }, records: '$.items' },
      take: { title: 'Take', direction: 'send', method: 'POST', path: '/take', body: { format: 'json' }, idempotencyHeader: 'idempotency-key' },
    },
  });
  await write('instances/outside.instance.json', { version: 1, title: 'Outside', connector: 'outside', settings: { url } });
  const take = { shape: 'connector', settings: { instance: 'outside', endpoint: 'take' }, retry: { attempts: 5, delayMs: 50 } };
  await write('flows/hook.flow.json', {
    version: 1, title: 'Hook', triggers: { web: { trigger: 'webhook', settings: { deliveryHeader: 'x-delivery' } } }, start: 'fresh',
    steps: {
      fresh: { shape: 'de-dupe', settings: { pool: 'orders', key: 'id', entity: 'order' }, next: { out: 'keep' } },
      keep: { shape: 'add-to-cache', settings: { cache: 'seen', scope: 'workspace', key: 'all', mode: 'append' }, next: { out: 'note' } },
      note: { shape: 'track-data', settings: { entity: 'order', fields: ['id'] }, next: { out: 'take' } },
      take,
    },
  });
  await write('flows/ask.flow.json', {
    version: 1, title: 'Ask', triggers: { web: { trigger: 'webhook', settings: { deliveryHeader: 'x-delivery', answer: 'callback' } } }, start: 'take',
    steps: { take: { ...take, next: { out: 'answer' } }, answer: { shape: 'callback', settings: { status: 201 } } },
  });
  await write('flows/import.flow.json', {
    version: 1, title: 'Import', triggers: { hand: { trigger: 'manual' } }, variables: { list: { type: 'string' } }, start: 'get',
    steps: {
      get: { shape: 'connector', settings: { instance: 'outside', endpoint: 'list', params: { list: '{{ flow.list }}' } }, next: { out: 'fresh' } },
      fresh: { shape: 'de-dupe', settings: { pool: 'imported', key: 'id', entity: 'order', confirm: true }, next: { out: 'batch' } },
      batch: { shape: 'flow-control', settings: { size: 7 }, next: { out: 'take' } },
      take: { ...take, concurrency: 2 },
    },
  });
  await write('flows/tick.flow.json', { version: 1, title: 'Tick', triggers: { minute: { trigger: 'schedule', settings: { cron: '* * * * *' } } }, start: 'note', steps: { note: { shape: 'notify', settings: { message: 'Tick' } } } });
  await write('flows/slow.flow.json', { version: 1, title: 'Slow', triggers: { hand: { trigger: 'manual' } }, start: 'wait', steps: { wait: { shape: 'wait', settings: { forMs: 120000 } } } });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A runner as a process of its own. */
export interface RunnerProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
  readonly isGone: boolean;
  /** How it ended: a signal or an exit code. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  /** What it said on stderr, the last of it. */
  readonly said: string;
}

/** Starts `patchbay serve --dev`; it may be gone before it serves. `point`: see server/stores/fault-point.ts. */
export async function startRunner(folder: string, point?: string): Promise<RunnerProcess> {
  const child = spawn(process.execPath, [join(root, 'server', 'cli', 'patchbay.ts'), 'serve', '--dev', '--port', '0', '--workspace', folder], {
    env: { ...process.env, ...(point !== undefined && { PATCHBAY_FAULT_POINT: point }) }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let isGone = false;
  child.stderr.on('data', (chunk: Buffer) => { said = (said + chunk.toString('utf8')).slice(-4_000); });
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => child.once('exit', (code, signal) => { isGone = true; resolve(signal ?? code); }));
  const first = await Promise.race([ended.then(() => undefined), new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8'))))]);
  if (first === undefined) return { child, url: '', token: '', ended, get isGone() { return isGone; }, get said() { return said; } };
  const { url, token } = JSON.parse(first.split('\n', 1)[0]!) as { url: string; token: string };
  return { child, url, token, ended, get isGone() { return isGone; }, get said() { return said; } };
}

/** The status of the answer and its body; `undefined` where nobody answered. */
export async function ask(runner: RunnerProcess, path: string, init: RequestInit = {}): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
  try {
    const response = await fetch(`${runner.url}${path}`, { ...init, headers: { authorization: `Bearer ${runner.token}`, ...init.headers }, signal: AbortSignal.timeout(15_000) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch {
    return undefined;
  }
}

/** Until it is so; `false` when the time is over. */
export async function until(isSo: () => Promise<boolean> | boolean, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await isSo()) return true;
    await sleep(50);
  }
  return false;
}
