import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { measuredRun } from './measured-run.ts';

// A document of hundreds of megabytes of which expressions want little: what the runner's process takes of memory.

const folder = join(import.meta.dirname, '..', '..', 'out', 'bench');

export interface ExpressionFigures {
  readonly megabytes: number;
  readonly what: string;
  readonly seconds: number;
  /** Highest resident memory of the process that ran the flow, in MB. */
  readonly peakMegabytes: number;
}

const asked: Readonly<Record<string, string>> = { 'no expression': 'none', 'a field of the head': '{{ payload.batch.id }}', 'a field of every item, counted': '{{ payload.orders[*].id | count }}' };

export async function runExpressions(megabytes: number): Promise<readonly ExpressionFigures[]> {
  const { file, orders } = await makeFile(megabytes);
  const expected: Readonly<Record<string, unknown>> = { 'no expression': 'none', 'a field of the head': 'B-7', 'a field of every item, counted': orders };
  const figures: ExpressionFigures[] = [];
  for (const [what, value] of Object.entries(asked)) {
    await makeWorkspace(value);
    const { code, text, seconds, peakMegabytes } = await measuredRun(['run', 'big', '--workspace', join(folder, 'expressions'), '--input', file, '--json']);
    const { outputs } = (code === 0 ? JSON.parse(text) : {}) as { outputs?: readonly unknown[] };
    if (JSON.stringify(outputs) !== JSON.stringify([{ seen: expected[what] }])) throw new Error(`${what}: the run ended with ${code}: ${text.slice(0, 2_000)}`);
    figures.push({ megabytes, what, seconds, peakMegabytes });
  }
  return figures;
}

const orderText = (index: number): string => JSON.stringify({ id: index, number: `ORD-${String(index).padStart(8, '0')}`, customer: { first: 'amber', last: 'birch', email: `c${index % 977}@example.org` }, lines: Array.from({ length: 5 }, (_, line) => ({ sku: `SKU-${index * 7 + line}`, qty: line + 1, price: 9.99 + line })), note: 'x'.repeat(500) });

async function makeFile(megabytes: number): Promise<{ readonly file: string; readonly orders: number }> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `document-${megabytes}.json`);
  const orders = Math.round((megabytes * 1e6) / (orderText(0).length + 1));
  if (existsSync(file)) return { file, orders };
  const stream = createWriteStream(file);
  stream.write('{"batch":{"id":"B-7"},"orders":[');
  for (let index = 0; index < orders; index++) if (!stream.write((index > 0 ? ',' : '') + orderText(index))) await once(stream, 'drain');
  stream.end('],"end":true}');
  await once(stream, 'close');
  return { file, orders };
}

async function makeWorkspace(value: string): Promise<void> {
  const at = join(folder, 'expressions');
  await mkdir(join(at, 'flows'), { recursive: true });
  await writeFile(join(at, 'patchbay.json'), JSON.stringify({ version: 1 }));
  await writeFile(join(at, 'flows/big.flow.json'), JSON.stringify({
    version: 1, settings: { recording: 'none' }, variables: { seen: {} }, start: 'look',
    steps: { look: { shape: 'set-variables', settings: { flow: [{ name: 'seen', value }] }, next: { out: 'tell' } }, tell: { shape: 'manual-payload', settings: { document: { seen: '{{ flow.seen }}' } } } },
  }));
}

export const describeExpressions = (figures: readonly ExpressionFigures[]): string => figures.map(({ megabytes, what, seconds, peakMegabytes }) => `expressions over a payload of ${megabytes} MB, ${what}: ${seconds.toFixed(1)} s, peak resident memory ${peakMegabytes.toFixed(0)} MB\n`).join('');

if (import.meta.main) process.stdout.write(describeExpressions(await runExpressions(Number(process.argv[2] ?? 200))));
