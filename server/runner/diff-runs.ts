import type { PayloadRow, RunDetail } from '../model/api.ts';
import { compareRecords, guessKey, type DiffOptions } from '../model/record-diff.ts';
import type { PortDiff, RunDiff, StepDiff } from '../model/run-diff.ts';
import type { RunArchive } from './contract.ts';
import { checkRun } from './diff-payloads.ts';
import { payloadsAt, recordsOf } from './recorded-records.ts';

/** `key`: default a field that looks like one; `''`: the order of the records. */
export interface DiffRequest extends DiffOptions {
  /** Only this step. */
  readonly step?: string;
}

/** Compares what two runs gave, step by step, by what is recorded. Fails with `API_NOT_FOUND`, `CONFIG_PATH`. */
export async function diffRuns(archive: RunArchive, before: string, after: string, { step: only, ...options }: DiffRequest): Promise<RunDiff> {
  for (const run of [before, after]) checkRun(archive, run);
  const [old, fresh] = [archive.run(before)!, archive.run(after)!];
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

const counted = ['in', 'out', 'failed', 'records', 'requests', 'pages'] as const;

function countsOf(old: RunDetail, fresh: RunDetail, step: string): StepDiff['counts'] {
  const of = (run: RunDetail, name: (typeof counted)[number]): number => run.steps[step]?.[name] ?? 0;
  return Object.fromEntries(counted.flatMap((name) => (of(old, name) === of(fresh, name) ? [] : [[name, { before: of(old, name), after: of(fresh, name) }]])));
}

async function portsOf(archive: RunArchive, runs: readonly [string, string], step: string, { key, ignore = [] }: DiffOptions, cut: string[]): Promise<PortDiff[]> {
  const outputsOf = (run: string): ReadonlyMap<string, PayloadRow[]> => Map.groupBy(payloadsAt(archive, { run, step, side: 'out' }), ({ port = 'out' }) => port);
  const [old, fresh] = [outputsOf(runs[0]), outputsOf(runs[1])];
  const found: PortDiff[] = [];
  for (const port of new Set([...old.keys(), ...fresh.keys()])) {
    const sides = [old.get(port) ?? [], fresh.get(port) ?? []] as const;
    // The same bodies in the same order: nothing needs to be read.
    if (sides[0].length === sides[1].length && sides[0].every(({ body }, index) => body !== '' && body === sides[1][index]!.body)) continue;
    const [left, right] = await Promise.all(sides.map((rows, index) => recordsOf(archive, runs[index]!, rows)));
    if (left!.isCut || right!.isCut) cut.push(`${step}.${port}`);
    const by = key ?? guessKey(left!.records, right!.records);
    const diff = compareRecords(left!.records, right!.records, { ...(by !== undefined && by !== '' && { key: by }), ignore });
    if (diff.total.changed + diff.total.added + diff.total.removed > 0) found.push({ port, ...diff });
  }
  return found;
}
