import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runnerClient } from '../../webview/protocol/runner-client.ts';
import { measuredRun } from './measured-run.ts';
import { writeOrders } from './write-orders.ts';

// A recorded payload of 100 MB, searched and queried by way of the API: `node test/bench/payload-find.ts [megabytes]` prints how long one waits, and what memory the runner takes.

const megabytes = Number(process.argv[2] ?? 100);
const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
const token = 'bench';

try {
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'patchbay.json'), '{ "version": 1, "limits": { "payloadBytes": 1000000000 } }\n');
  writeFileSync(join(folder, 'flows/large.flow.json'), JSON.stringify({ version: 1, start: 'pass', steps: { pass: { shape: 'map', settings: { passThrough: true } } } }));
  const input = join(folder, 'orders.json');
  const items = await writeOrders(input, megabytes);
  const ran = await measuredRun(['run', 'large', '--workspace', folder, '--input', input, '--json']);
  if (ran.code !== 0) throw new Error(ran.text);
  const { run } = JSON.parse(ran.text) as { run: string };
  const child = spawn(process.execPath, [join(root, 'server/cli/patchbay.ts'), 'serve', '--workspace', folder, '--port', '0'], { env: { ...process.env, PATCHBAY_TOKEN: token }, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const url = await addressOf(child);
    const client = runnerClient(async () => ({ url, token }));
    const memory = (key: string): number => (Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1]) * 1.024) / 1e3;
    const body = (await client.payloads(run, 'pass', 'out', 1)).items[0]!.body;
    const idle = memory('VmRSS');
    console.log(`${megabytes} MB, ${items} items; the runner takes ${idle.toFixed(0)} MB`);
    for (const text of ['ada7@', `ada${items - 1}@`, 'BC-77', 'PASSWORD', 'not there at all']) {
      const start = performance.now();
      let [count, first, calls, cursor]: [number, number, number, string | undefined] = [0, 0, 0, undefined];
      do {
        const { skipped, matches, cursor: next }: Awaited<ReturnType<typeof client.findInBody>> = await client.findInBody(run, body, { text, ...(count > 0 && { skip: 1_000_000, limit: 1 }), ...(cursor !== undefined && { cursor }) });
        if (count === 0 && matches.length > 0) first = performance.now() - start;
        count += skipped + matches.length;
        cursor = next;
        calls++;
      } while (cursor !== undefined);
      console.log(`find ${JSON.stringify(text)}: ${count} matches, the first after ${first.toFixed(0)} ms, all after ${((performance.now() - start) / 1e3).toFixed(2)} s in ${calls} calls`);
    }
    for (const path of [`$[${Math.floor(items * 0.7)}].email`, '$[*].lines[*].sku', '$..price', "$[?@.lines[0].sku == 'BC-77'].id", '$[?@.id < 0]']) {
      const start = performance.now();
      let [count, next]: [number, number | undefined] = [0, 0];
      while (next !== undefined && count < 200) {
        const found: Awaited<ReturnType<typeof client.queryBody>> = await client.queryBody(run, body, { path, offset: next });
        count += found.results.length;
        next = found.next;
      }
      console.log(`query ${path}: ${count} results${next === undefined ? ', all' : ''} after ${((performance.now() - start) / 1e3).toFixed(2)} s`);
    }
    console.log(`the runner took ${memory('VmHWM').toFixed(0)} MB at most, ${(memory('VmHWM') - idle).toFixed(0)} more than idle`);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What the server says about where it listens. */
async function addressOf({ stdout, stderr }: { readonly stdout: NodeJS.ReadableStream; readonly stderr: NodeJS.ReadableStream }): Promise<string> {
  const said = Promise.withResolvers<string>();
  for (const stream of [stdout, stderr]) createInterface({ input: stream }).on('line', (line) => { const [url] = /http:\/\/[\w.:]+/.exec(line) ?? []; if (url) said.resolve(url); });
  return said.promise;
}
