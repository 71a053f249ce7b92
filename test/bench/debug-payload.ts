import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { printMessage, readMessages } from '../../server/debug/framing.ts';
import { writeOrders } from './write-orders.ts';

// A payload of 100 MB where a run stands: `node test/bench/debug-payload.ts [megabytes]` prints how long a debug client waits for it, and what memory it takes.

const megabytes = Number(process.argv[2] ?? 100);
const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
const flow = { version: 1, start: 'first', steps: { first: { shape: 'map', settings: { passThrough: true }, next: { out: 'second' } }, second: { shape: 'map', settings: { passThrough: true } } } };

try {
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'patchbay.json'), '{ "version": 1, "limits": { "payloadBytes": 1000000000 } }\n');
  writeFileSync(join(folder, 'flows/large.flow.json'), JSON.stringify(flow, undefined, 2));
  const items = await writeOrders(join(folder, 'orders.json'), megabytes);
  const child = spawn(process.execPath, [join(root, 'server/cli/patchbay.ts'), 'dap', '--workspace', folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const client = connect(child.stdout, (text) => void child.stdin.write(text));
  const memory = (): number => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1]) / 1024;
  await client.ask('initialize', { adapterID: 'patchbay' });
  const idle = memory();
  await client.ask('launch', { flow: 'large', input: 'orders.json' });
  await client.ask('setBreakpoints', { source: { path: join(folder, 'flows/large.flow.json') }, breakpoints: [{ line: 5 }, { line: 14 }] });
  await client.ask('configurationDone');
  for (const where of ['before the first step', 'before the second']) {
    await client.event('stopped');
    console.log(where);
    const stands = memory();
    const frame = (await timed('stack', client.ask<{ stackFrames: { id: number; name: string }[] }>('stackTrace', { threadId: 1 }))).stackFrames[0]!;
    const { scopes } = await timed('scopes', client.ask<{ scopes: DebugProtocol.Scope[] }>('scopes', { frameId: frame.id }));
    const payload = scopes.find(({ name }) => name.startsWith('Payload'))!;
    console.log(`  ${payload.name}, ${payload.indexedVariables ?? 0} rows`);
    for (const [what, start] of [['first 100 rows', 0], ['100 rows at 70 %', Math.floor(items * 0.7)], ['the last 100 rows', items - 100]] as const) {
      const { variables } = await timed(what, client.ask<{ variables: DebugProtocol.Variable[] }>('variables', { variablesReference: payload.variablesReference, filter: 'indexed', start, count: 100 }));
      console.log(`    ${variables.length} rows, the first: ${variables[0]?.name} ${variables[0]?.value}`);
    }
    await timed('an expression', client.ask('evaluate', { expression: 'payload[0].id', context: 'watch', frameId: frame.id }));
    await timed('all of it', client.ask('evaluate', { expression: 'payload', context: 'watch', frameId: frame.id }));
    await timed('the first again', client.ask('evaluate', { expression: 'payload[1].id', context: 'watch', frameId: frame.id }));
    console.log(`  memory: ${idle.toFixed(0)} MB idle, ${stands.toFixed(0)} MB where it stands, ${memory().toFixed(0)} MB after looking`);
    await client.ask('continue', { threadId: 1 });
  }
  child.stdin.end();
  await once(child, 'close');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function timed<T>(what: string, work: Promise<T>): Promise<T> {
  const start = performance.now();
  const found = await work.catch((error: unknown) => { console.log(`  ${what}: ${(error as Error).message}`); return {} as T; });
  console.log(`  ${what}: ${(performance.now() - start).toFixed(0)} ms`);
  return found;
}

interface Client {
  ask<T>(command: string, args?: object): Promise<T>;
  event(name: string): Promise<void>;
}

function connect(input: NodeJS.ReadableStream, write: (text: string) => void): Client {
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  const told: string[] = [];
  let wake = (): void => {};
  let last = 0;
  void readMessages(input as never, (message) => {
    if (message.type === 'event') {
      const { event, body } = message as DebugProtocol.Event;
      if (event === 'output' && (body as { category: string }).category !== 'stdout') console.log(`  ${(body as { output: string }).output.trim()}`);
      told.push(event);
      wake();
    } else if (message.type === 'response') {
      const { request_seq: of, success, body, message: text } = message as DebugProtocol.Response;
      if (success) asked.get(of)?.resolve(body);
      else asked.get(of)?.reject(new Error(text));
    }
  });
  return {
    ask<T>(command: string, args: object = {}) {
      const seq = ++last;
      const answer = Promise.withResolvers<unknown>();
      asked.set(seq, answer);
      write(printMessage({ seq, type: 'request', command, arguments: args } as DebugProtocol.Request));
      return answer.promise as Promise<T>;
    },
    async event(name) {
      while (!told.includes(name)) await new Promise<void>((resolve) => { wake = resolve; });
      told.splice(told.indexOf(name), 1);
    },
  };
}
