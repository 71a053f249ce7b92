import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// Webhooks over real sockets, against a process of its own.

const root = join(import.meta.dirname, '..', '..');

export interface Served {
  readonly url: string;
  readonly token: string;
  readonly child: ChildProcess;
}

/** Node with these arguments, which prints where it listens. */
export async function serve(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { ...(JSON.parse(line) as { url: string; token: string }), child };
}

export const serveWorkspace = (folder: string, env?: Readonly<Record<string, string>>): Promise<Served> => serve([join(root, 'server/cli/patchbay.ts'), 'serve', '--port', '0', '--dev', '--workspace', folder], env);

/** An order of some 500 bytes. */
const usualBody = Buffer.from(JSON.stringify({ id: '100000001', status: 'paid', total: '75.00', lines: Array.from({ length: 6 }, (_, n) => ({ sku: `SKU-${n}`, title: 'Porcelain teapot', quantity: 1 })) }));

/** Sends requests over connections that stay open. */
export async function load(url: string, flow: string, count: number, connections: number, { body = usualBody, headers = {} }: { readonly body?: Uint8Array; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<{ readonly times: number[]; readonly seconds: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let left = count;
  const begin = performance.now();
  const one = (): Promise<void> => new Promise((resolve, reject) => {
    const at = performance.now();
    const sent = request(`${url}/hooks/${flow}/web`, { agent, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${flow} answered ${response.statusCode}`));
      response.resume().once('end', () => { times.push(performance.now() - at); resolve(); });
    });
    sent.once('error', reject).end(body);
  });
  await Promise.all(Array.from({ length: connections }, async () => { while (left-- > 0) await one(); }));
  agent.destroy();
  return { times, seconds: (performance.now() - begin) / 1_000 };
}
