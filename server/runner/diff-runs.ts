import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import { isJson } from '../engine/payload.ts';
import type { PayloadRow, RunDetail } from '../model/api.ts';
import { compareRecords, type DiffOptions, type PortDiff, type RunDiff, type StepDiff } from '../model/run-diff.ts';
import type { RunArchive } from './contract.ts';

export interface DiffRequest extends DiffOptions {
  /** Only this step. */
  readonly step?: string;
}

/** Of the payloads at a port of one run. */
const mostBytes = 8 * 1024 * 1024;
const mostPayloads = 2_000;
const perPage = 500;

/** Compares what two runs gave, step by step, by what is recorded. Fails with `API_NOT_FOUND`, `CONFIG_PATH`. */
export async function diffRuns(archive: RunArchive, before: string, after: string, { step: only, ...options }: DiffRequest): Promise<RunDiff> {
  const [old, fresh] = [runOf(archive, before), runOf(archive, after)];
  const cut: string[] = [];
  const steps: StepDiff[] = [];
  for (const step of new Set([...Object.keys(old.steps), ...Object.keys(fresh.steps)])) {
    if (only !== undefined && step !== only) continue;
    const counts = countsOf(old, fresh, step);
    const ports = await portsOf(archive, [before, after], step, options, cut);
    if (Object.keys(counts).length + ports.length > 0) steps.push({ step, counts, ports });
    // Others get their turn.
    await new Promise(setImmediate);
  }
  const compared = ({ id, flow, status }: RunDetail) => ({ run: id, flow, status });
  return { before: compared(old), after: compared(fresh), identical: old.status === fresh.status && steps.length === 0 && cut.length === 0, steps, cut };
}

function runOf(archive: RunArchive, run: string): RunDetail {
  const found = archive.run(run);
  if (!found) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { details: { run }, remedy: '`patchbay runs list` shows those that there are.' });
  return found;
}

const counted = ['in', 'out', 'failed', 'records', 'requests', 'pages'] as const;

function countsOf(old: RunDetail, fresh: RunDetail, step: string): StepDiff['counts'] {
  const of = (run: RunDetail, name: (typeof counted)[number]): number => run.steps[step]?.[name] ?? 0;
  return Object.fromEntries(counted.flatMap((name) => (of(old, name) === of(fresh, name) ? [] : [[name, { before: of(old, name), after: of(fresh, name) }]])));
}

async function portsOf(archive: RunArchive, runs: readonly [string, string], step: string, options: DiffOptions, cut: string[]): Promise<PortDiff[]> {
  const [old, fresh] = runs.map((run) => outputsOf(archive, run, step)) as [ReadonlyMap<string, PayloadRow[]>, ReadonlyMap<string, PayloadRow[]>];
  const found: PortDiff[] = [];
  for (const port of new Set([...old.keys(), ...fresh.keys()])) {
    const sides = [old.get(port) ?? [], fresh.get(port) ?? []] as const;
    // The same bodies in the same order: nothing needs to be read.
    if (sides[0].length === sides[1].length && sides[0].every(({ body }, index) => body !== '' && body === sides[1][index]!.body)) continue;
    const records = await Promise.all(sides.map((rows, index) => recordsOf(archive, runs[index]!, rows)));
    const [left, right] = records;
    if (left!.isCut || right!.isCut) cut.push(`${step}.${port}`);
    const diff = compareRecords(left!.records, right!.records, options);
    if (diff.total.changed + diff.total.added + diff.total.removed > 0) found.push({ port, ...diff });
  }
  return found;
}

function outputsOf(archive: RunArchive, run: string, step: string): ReadonlyMap<string, PayloadRow[]> {
  const rows: PayloadRow[] = [];
  for (let page = 1; rows.length < mostPayloads; page++) {
    const { items } = archive.payloads(run, step, 'out', page, perPage);
    rows.push(...items);
    if (items.length < perPage) break;
  }
  return Map.groupBy(rows, ({ port = 'out' }) => port);
}

async function recordsOf(archive: RunArchive, run: string, rows: readonly PayloadRow[]): Promise<{ readonly records: readonly unknown[]; readonly isCut: boolean }> {
  const records: unknown[] = [];
  let left = mostBytes;
  for (const { body: hash, mediaType, size } of rows) {
    const body = hash === '' ? undefined : archive.body(run, hash);
    left -= size;
    if (!body || left < 0) return { records, isCut: true };
    const chunks: Uint8Array[] = [];
    for await (const chunk of body.open()) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const value: unknown = isJson(mediaType) ? parseJson(text) : text;
    if (Array.isArray(value)) records.push(...(value as unknown[]));
    else records.push(value);
  }
  return { records, isCut: rows.length >= mostPayloads };
}
