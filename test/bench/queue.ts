import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, serve, serveWorkspace, type Served } from './webhook-load.ts';

// What the queue costs: webhooks against a runner as it is served, and against an Express of one line; runs with and without a recording. All in one go, and as
// ratios, because the machine decides about everything else.

const express = `
  import express from 'express';
  const app = express();
  app.use(express.json());
  app.post(/.*/, (request, response) => response.json({ message: 'Flow initialised.' }));
  const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port, token: '' })));`;

export interface QueueResult {
  /** Webhooks answered per second, and runs ended per second, measured from the first webhook to the last end. */
  readonly acceptedPerSecond: number;
  readonly finishedPerSecond: number;
  readonly finishedUnrecordedPerSecond: number;
  readonly expressPerSecond: number;
  /** Milliseconds of a webhook that is answered when its run is on the disk, of one that a step answers, and of Express. */
  readonly accept: Percentiles;
  readonly callback: Percentiles;
  readonly express: Percentiles;
}

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export async function runQueue(count: number): Promise<QueueResult> {
  const folder = await makeWorkspace();
  const runner = await serveWorkspace(folder);
  const bare = await serve(['--input-type=module', '-e', express]);
  try {
    // Code is compiled, threads are begun.
    for (const flow of ['ack', 'unrecorded', 'ask']) await load(runner.url, flow, 400, 16);
    await load(bare.url, 'any', 400, 16);
    const latencies = async (url: string, flow: string): Promise<Percentiles> => percentiles((await load(url, flow, Math.round(count / 2), 4)).times);
    const [accept, callback, plain] = [await latencies(runner.url, 'ack'), await latencies(runner.url, 'ask'), await latencies(bare.url, 'any')];
    const full = await untilFinished(runner, 'ack', count);
    const none = await untilFinished(runner, 'unrecorded', count);
    const { seconds } = await load(bare.url, 'any', count, 64);
    return { acceptedPerSecond: full.accepted, finishedPerSecond: full.finished, finishedUnrecordedPerSecond: none.finished, expressPerSecond: count / seconds, accept, callback, express: plain };
  } finally {
    for (const { child } of [runner, bare]) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  }
}

export function describeQueue({ acceptedPerSecond, finishedPerSecond, finishedUnrecordedPerSecond, expressPerSecond, accept, callback, express: bare }: QueueResult): string {
  const ratio = (one: number, other: number): string => (one / other).toFixed(2);
  const times = ({ p50, p99 }: Percentiles): string => `p50 ${p50.toFixed(1)} ms (${ratio(p50, bare.p50)} x Express), p99 ${p99.toFixed(1)} ms (${ratio(p99, bare.p99)} x)`;
  return [
    `queue: ${acceptedPerSecond.toFixed(0)} runs accepted/s (${ratio(acceptedPerSecond, expressPerSecond)} of Express's ${expressPerSecond.toFixed(0)} requests/s), ${finishedPerSecond.toFixed(0)} runs finished/s`,
    `queue, recording none: ${finishedUnrecordedPerSecond.toFixed(0)} runs finished/s; a recording takes ${ratio(finishedUnrecordedPerSecond, finishedPerSecond)} times as long`,
    `webhook, accepted: ${times(accept)}`,
    `webhook, answered by a step: ${times(callback)}`,
    `Express: p50 ${bare.p50.toFixed(1)} ms, p99 ${bare.p99.toFixed(1)} ms`,
  ].map((line) => `${line}\n`).join('');
}

async function makeWorkspace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  const steps = { check: { shape: 'filter', settings: { conditions: [{ field: 'status', value: 'paid' }] }, next: { out: 'map' } }, map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'reference' }, { from: 'total', to: 'total' }] }, next: { out: 'end' } } };
  const flow = (settings: object, answer: string | undefined, end: object) => ({ version: 1, settings, start: 'check', triggers: { web: { trigger: 'webhook', settings: answer === undefined ? {} : { answer } } }, steps: { ...steps, end } });
  const files: Readonly<Record<string, unknown>> = {
    'patchbay.json': { version: 1 }, 'flows/ack.flow.json': flow({}, undefined, { shape: 'split' }), 'flows/unrecorded.flow.json': flow({ recording: 'none' }, undefined, { shape: 'split' }), 'flows/ask.flow.json': flow({}, 'callback', { shape: 'callback' }),
  };
  await mkdir(join(folder, 'flows'), { recursive: true });
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), JSON.stringify(content));
  return folder;
}

async function untilFinished({ url, token }: Served, flow: string, count: number): Promise<{ readonly accepted: number; readonly finished: number }> {
  const open = async (): Promise<number> => {
    const pages = await Promise.all(['queued', 'running'].map(async (status) => (await fetch(`${url}/api/v1/runs?filter[status]=${status}&per_page=1`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<{ total: number }>));
    return pages.reduce((sum, { total }) => sum + total, 0);
  };
  while ((await open()) > 0) await sleep(20);
  const begin = performance.now();
  const { seconds } = await load(url, flow, count, 64);
  while ((await open()) > 0) await sleep(20);
  return { accepted: count / seconds, finished: (count * 1_000) / (performance.now() - begin) };
}

function percentiles(times: number[]): Percentiles {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
  return { p50: at(0.5), p99: at(0.99) };
}
