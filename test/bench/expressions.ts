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

interface Case {
  readonly start: string;
  readonly steps: Readonly<Record<string, object>>;
  /** What the flow gives, of a document with so many orders. */
  readonly expected: (orders: number) => readonly unknown[];
}

const tell = { shape: 'manual-payload', settings: { document: { seen: '{{ flow.seen }}' } } };
const look = (value: string): object => ({ shape: 'set-variables', settings: { flow: [{ name: 'seen', value }] }, next: { out: 'tell' } });
const counting = look('{{ payload.orders[*].id | count }}');
const seen = (value: unknown): readonly unknown[] => [{ seen: value }];
const conditions = [{ field: 'id', is: 'at-least', value: 1000 }, { field: 'lines[*].qty', value: 5 }];

const cases: Readonly<Record<string, Case>> = {
  'no expression': { start: 'look', steps: { look: look('none'), tell }, expected: () => seen('none') },
  'a field of the head': { start: 'look', steps: { look: look('{{ payload.batch.id }}'), tell }, expected: () => seen('B-7') },
  'a field of every item, counted': { start: 'look', steps: { look: counting, tell }, expected: (orders) => seen(orders) },
  'a filter, and its records counted': { start: 'filter', steps: { filter: { shape: 'filter', settings: { records: 'orders', conditions }, next: { out: 'look' } }, look: counting, tell }, expected: (orders) => seen(orders - 1000) },
  'a route, and the records of one way counted': {
    start: 'route', steps: { route: { shape: 'route', settings: { records: 'orders', routes: [{ name: 'few', when: [{ field: 'id', is: 'less-than', value: 10 }] }, { name: 'rest', when: conditions }] }, next: { rest: 'look' } }, look: counting, tell },
    expected: (orders) => [10, 990, { seen: orders - 1000 }],
  },
  'a filter, and batches of 500 mapped': {
    start: 'filter', steps: {
      filter: { shape: 'filter', settings: { records: 'orders', conditions }, next: { out: 'batch' } }, batch: { shape: 'flow-control', settings: { records: 'orders', size: 500 }, next: { out: 'map' } },
      map: { shape: 'map', settings: { rules: [{ from: 'number', to: 'reference' }] }, next: { out: 'last' } }, last: { shape: 'filter', settings: { conditions: [{ field: 'reference', value: 'ORD-00001000' }] } },
    },
    expected: () => [[{ reference: 'ORD-00001000' }]],
  },
};

export async function runExpressions(megabytes: number): Promise<readonly ExpressionFigures[]> {
  const { file, orders } = await makeFile(megabytes);
  const figures: ExpressionFigures[] = [];
  for (const [what, { start, steps, expected }] of Object.entries(cases)) {
    await makeWorkspace(start, steps);
    const { code, text, seconds, peakMegabytes } = await measuredRun(['run', 'big', '--workspace', join(folder, 'expressions'), '--input', file, '--json']);
    const { outputs } = (code === 0 ? JSON.parse(text) : {}) as { outputs?: readonly unknown[] };
    if (JSON.stringify(outputs?.map(counted)) !== JSON.stringify(expected(orders))) throw new Error(`${what}: the run ended with ${code}: ${text.slice(0, 2_000)}`);
    figures.push({ megabytes, what, seconds, peakMegabytes });
  }
  return figures;
}

/** A document of orders by their number. */
const counted = (output: unknown): unknown => (output as { orders?: readonly unknown[] }).orders?.length ?? output;

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

async function makeWorkspace(start: string, steps: Case['steps']): Promise<void> {
  const at = join(folder, 'expressions');
  await mkdir(join(at, 'flows'), { recursive: true });
  await writeFile(join(at, 'patchbay.json'), JSON.stringify({ version: 1 }));
  await writeFile(join(at, 'flows/big.flow.json'), JSON.stringify({ version: 1, settings: { recording: 'none' }, variables: { seen: {} }, start, steps }));
}

export const describeExpressions = (figures: readonly ExpressionFigures[]): string => figures.map(({ megabytes, what, seconds, peakMegabytes }) => `expressions over a payload of ${megabytes} MB, ${what}: ${seconds.toFixed(1)} s, peak resident memory ${peakMegabytes.toFixed(0)} MB\n`).join('');

if (import.meta.main) process.stdout.write(describeExpressions(await runExpressions(Number(process.argv[2] ?? 200))));
