import type { PayloadRow, RunDetail } from '../model/api.ts';
import { compareRecords, guessKey, type DiffOptions, type RecordsDiff } from '../model/record-diff.ts';
import type { ComparedRun, PortDiff, RunDiff, StepDiff } from '../model/run-diff.ts';
import type { RunArchive } from './contract.ts';
import { payloadsAt, recordsOf } from './recorded-records.ts';
import { checkRun, checkStep } from './recorded-steps.ts';

/** `key`: default a field that looks like one; `''`: the order of the records. */
export interface DiffRequest extends DiffOptions {
  /** Only this step. */
  readonly step?: string;
}

/** Compares what two runs gave and how they failed, step by step, by what is recorded. Fails with `API_NOT_FOUND`, `CONFIG_PATH`. */
export async function diffRuns(archive: RunArchive, before: string, after: string, { step: only, ...options }: DiffRequest): Promise<RunDiff> {
  const runs = [before, after] as const;
  for (const run of runs) checkRun(archive, run);
  if (only !== undefined) checkStep(archive, runs, only);
  const [old, fresh] = [archive.run(before)!, archive.run(after)!];
  const cut: string[] = [];
  const steps: StepDiff[] = [];
  for (const step of new Set([...Object.keys(old.steps), ...Object.keys(fresh.steps)])) {
    if (only !== undefined && step !== only) continue;
    const counts = countsOf(old, fresh, step);
    const ports = await portsOf(archive, runs, step, options, cut);
    const failures = [old, fresh].some((run) => (run.steps[step]?.failed ?? 0) > 0) ? await failuresOf(archive, runs, step, options, cut) : {};
    if (Object.keys(counts).length + ports.length + Object.keys(failures).length > 0) steps.push({ step, counts, ports, ...failures });
    // Others get their turn.
    await new Promise(setImmediate);
  }
  const isSame = old.status === fresh.status && (only !== undefined || isSameError(old, fresh));
  return { before: compared(old), after: compared(fresh), identical: isSame && steps.length === 0 && cut.length === 0, steps, cut };
}

const compared = ({ id, flow, status, error }: RunDetail): ComparedRun => ({ run: id, flow, status, ...(error && { error: { code: error.code, message: error.message, ...(error.step !== undefined && { step: error.step }) } }) });

const isSameError = ({ error: old }: Pick<ComparedRun, 'error'>, { error: fresh }: Pick<ComparedRun, 'error'>): boolean => old?.code === fresh?.code && old?.message === fresh?.message && old?.step === fresh?.step;

const counted = ['in', 'out', 'failed', 'records', 'requests', 'pages'] as const;

function countsOf(old: RunDetail, fresh: RunDetail, step: string): StepDiff['counts'] {
  const of = (run: RunDetail, name: (typeof counted)[number]): number => run.steps[step]?.[name] ?? 0;
  return Object.fromEntries(counted.flatMap((name) => (of(old, name) === of(fresh, name) ? [] : [[name, { before: of(old, name), after: of(fresh, name) }]])));
}

async function portsOf(archive: RunArchive, runs: readonly [string, string], step: string, options: DiffOptions, cut: string[]): Promise<PortDiff[]> {
  const outputsOf = (run: string): ReadonlyMap<string, PayloadRow[]> => Map.groupBy(payloadsAt(archive, { run, step, side: 'out' }), ({ port = 'out' }) => port);
  const [old, fresh] = [outputsOf(runs[0]), outputsOf(runs[1])];
  const found: PortDiff[] = [];
  for (const port of new Set([...old.keys(), ...fresh.keys()])) {
    const sides = [old.get(port) ?? [], fresh.get(port) ?? []] as const;
    const diff = await rowsDiff(archive, runs, sides, options);
    if (diff.isCut) cut.push(`${step}.${port}`);
    if (diff.changes) found.push({ port, ...diff.changes });
  }
  return found;
}

/** What failed, and with which errors. */
async function failuresOf(archive: RunArchive, runs: readonly [string, string], step: string, options: DiffOptions, cut: string[]): Promise<Pick<StepDiff, 'failed' | 'errors'>> {
  const sides = [runs[0], runs[1]].map((run) => payloadsAt(archive, { run, step, side: 'failed' })) as [readonly PayloadRow[], readonly PayloadRow[]];
  const { changes, isCut } = await rowsDiff(archive, runs, sides, options);
  if (isCut) cut.push(`${step} (failed)`);
  const errors = new Map<string, { readonly code: string; readonly message: string; before: number; after: number }>();
  for (const [index, rows] of sides.entries()) {
    for (const { error: { code, message } = { code: '', message: '' } } of rows) {
      const key = JSON.stringify([code, message]);
      const known = errors.get(key) ?? { code, message, before: 0, after: 0 };
      errors.set(key, known);
      known[index === 0 ? 'before' : 'after']++;
    }
  }
  const other = [...errors.values()].filter(({ before, after }) => before !== after).slice(0, mostErrors);
  return { ...(changes && { failed: changes }), ...(other.length > 0 && { errors: other }) };
}

const mostErrors = 100;

async function rowsDiff(archive: RunArchive, runs: readonly [string, string], sides: readonly [readonly PayloadRow[], readonly PayloadRow[]], { key, ignore = [] }: DiffOptions): Promise<{ readonly changes?: RecordsDiff; readonly isCut: boolean }> {
  // The same bodies in the same order: nothing needs to be read.
  if (sides[0].length === sides[1].length && sides[0].every(({ body }, index) => body !== '' && body === sides[1][index]!.body)) return { isCut: false };
  const [left, right] = await Promise.all([recordsOf(archive, runs[0], sides[0]), recordsOf(archive, runs[1], sides[1])]);
  const by = key ?? guessKey(left.records, right.records);
  const diff = compareRecords(left.records, right.records, { ...(by !== undefined && by !== '' && { key: by }), ignore });
  const isSame = diff.total.changed + diff.total.added + diff.total.removed === 0;
  return { ...(!isSame && { changes: diff }), isCut: left.isCut || right.isCut };
}
