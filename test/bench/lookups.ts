import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLookups } from '../../server/runner/lookup-files.ts';
import { lookupFiles } from '../../server/runner/lookup-store.ts';
import { readLookup } from '../../server/runner/lookups.ts';

// A lookup of many rows beside a plain `Map`, each in a process of its own, by turns: `node test/bench/lookups.ts 1000000 5`.

interface Figures {
  /** Read and indexed both ways. */
  readonly openMs: number;
  /** Of one look-up: of every key, in an order that has nothing to do with that of the rows. */
  readonly getNs: number;
  readonly backNs: number;
  /** Held when all is read and nothing else is alive. */
  readonly megabytes: number;
  readonly peakMegabytes: number;
  /** The longest time that nobody else got a turn while it was read. */
  readonly stallMs: number;
}

type Ask = (value: string) => unknown;

interface Candidate {
  open(path: string): Promise<{ readonly get: Ask; /** Where that is not done when it is opened. */ prepareBack(): void; readonly back: Ask }>;
}

const candidates: Readonly<Record<'ours' | 'map', Candidate>> = {
  ours: {
    async open(path) {
      const lookup = await readLookup({ name: 'many', file: 'lookups/many.csv', path });
      return { get: (value) => lookup.get(value), prepareBack: () => void lookup.get('', { reverse: true }), back: (value) => lookup.get(value, { reverse: true }) };
    },
  },
  map: {
    async open(path) {
      const there = new Map<string, string>();
      const back = new Map<string, string>();
      for (const line of readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)) {
        const comma = line.indexOf(',');
        const [key, value] = [line.slice(0, comma), line.slice(comma + 1)];
        there.set(key, value);
        back.set(value, key);
      }
      return { get: (value) => there.get(value), prepareBack: () => undefined, back: (value) => back.get(value) };
    },
  },
};

const sku = (index: number): string => `SKU-${String(index).padStart(8, '0')}`;
const code = (index: number): string => `item ${index}`;

async function measure(name: keyof typeof candidates, path: string, rows: number): Promise<Figures> {
  const order = shuffled(rows);
  const before = held();
  const stall = watchStalls();
  const begin = process.cpuUsage();
  const { get, prepareBack, back } = await candidates[name].open(path);
  // A stall that ends the work is only seen with the next turn.
  await new Promise<void>((resolve) => { setImmediate(resolve); });
  const stallMs = stall();
  prepareBack();
  const openMs = cpuMs(begin);
  const megabytes = (held() - before) / 1e6;
  const each = (ask: Ask, from: (index: number) => string, to: (index: number) => string): number => {
    const start = process.cpuUsage();
    for (const index of order) if (ask(from(index)) !== to(index)) throw new Error(`${from(index)} gives ${String(ask(from(index)))}.`);
    return (cpuMs(start) * 1e6) / rows;
  };
  const getNs = each(get, sku, code);
  const backNs = each(back, code, sku);
  if (get('nowhere') !== undefined) throw new Error('What is not there was found.');
  return { openMs, getNs, backNs, megabytes, peakMegabytes: process.resourceUsage().maxRSS / 1000, stallMs };
}

/** Of the processor: the time of a clock is that of whatever else runs on the machine. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Always the same order. */
function shuffled(length: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index);
  let seed = 1;
  for (let at = length - 1; at > 0; at--) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((seed / 2 ** 32) * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

function writeRows(path: string, rows: number): void {
  const file = openSync(path, 'w');
  writeSync(file, 'sku,code\n');
  for (let index = 0; index < rows; index += 10_000) writeSync(file, Array.from({ length: Math.min(10_000, rows - index) }, (_, more) => `${sku(index + more)},${code(index + more)}\n`).join(''));
  closeSync(file);
}

/** What people ask, in milliseconds. Each answer is checked. */
async function people(root: string, rows: number): Promise<Readonly<Record<string, number>>> {
  const lookups = createLookups(lookupFiles(root), () => undefined);
  const seen: Record<string, number> = {};
  const timed = async <T>(what: string, work: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> => {
    const begin = performance.now();
    const answer = await work();
    seen[what] = performance.now() - begin;
    if (!isRight(answer)) throw new Error(`${what}: ${JSON.stringify(answer).slice(0, 200)}`);
    return answer;
  };
  const text = '9999';
  const holding = Array.from({ length: rows }, (_, index) => index).filter((index) => sku(index).includes(text) || code(index).includes(text)).length;
  const { stamp } = await timed('first page', () => lookups.rows('many', {}), ({ items, total }) => items[0]?.[0] === sku(0) && total === rows);
  await timed('sorted, from the end', () => lookups.rows('many', { sort: '-sku' }), ({ items }) => items[0]?.[0] === sku(rows - 1));
  await timed('a later page of it', () => lookups.rows('many', { sort: '-sku', page: 100 }), ({ items }) => items[0]?.[0] === sku(rows - 1 - 99 * 50));
  await timed('filtered', () => lookups.rows('many', { text }), ({ total }) => total === holding);
  await timed('one row changed', () => lookups.edit('many', stamp, [{ change: 5, cells: { code: 'x' } }]), ({ changed }) => changed === 1);
  await timed('checked', () => lookups.check('many'), (findings) => findings.length === 0);
  return seen;
}

function watchStalls(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(look, 1);
  return () => {
    clearInterval(timer);
    look();
    return longest;
  };
}

function held(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;

/** Medians of rounds, and of their ratios. */
export async function describeLookups(rows: number, rounds: number): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-lookup-bench-'));
  try {
    mkdirSync(join(root, 'lookups'));
    const path = join(root, 'lookups', 'many.csv');
    writeRows(path, rows);
    const alone = (name: string): Figures => JSON.parse(execFileSync(process.execPath, [import.meta.filename, 'alone', name, path, String(rows)], { encoding: 'utf8' })) as Figures;
    const pairs = Array.from({ length: rounds }, (_, round) => {
      const [first, second] = round % 2 === 0 ? (['ours', 'map'] as const) : (['map', 'ours'] as const);
      const found = { [first]: alone(first), [second]: alone(second) } as Record<'ours' | 'map', Figures>;
      return found;
    });
    const line = (what: string, key: keyof Figures, unit: string): string => `  ${what}: ${median(pairs.map(({ ours, map }) => ours[key] / map[key])).toFixed(2)} × (${median(pairs.map(({ ours }) => ours[key])).toFixed(0)} ${unit}, ${median(pairs.map(({ map }) => map[key])).toFixed(0)} ${unit})\n`;
    const asked = Object.entries(await people(root, rows)).map(([what, ms]) => `  ${what}: ${ms.toFixed(0)} ms\n`);
    return `lookup of ${rows} rows, ${(statSync(path).size / 1e6).toFixed(0)} MB, beside two plain Maps; ${rounds} rounds\n${line('read and indexed both ways, processor time', 'openMs', 'ms')}${line('one look-up', 'getNs', 'ns')}${line('one look-up back', 'backNs', 'ns')}${line('memory held', 'megabytes', 'MB')}${line('peak of the process', 'peakMegabytes', 'MB')}${line('longest stall while it is read', 'stallMs', 'ms')}${asked.join('')}`;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [first = '1000000', second = '5', path = '', rows = ''] = process.argv.slice(2);
  process.stdout.write(first === 'alone' ? JSON.stringify(await measure(second as 'ours' | 'map', path, Number(rows))) : await describeLookups(Number(first), Number(second)));
}
