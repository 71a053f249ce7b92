import type { RunResult } from '../model/api.ts';
import { sayError } from './report-error.ts';
import { paint, table, type Terminal } from './terminal.ts';

const shownFailures = 5;

/** Tells people how a run went: counts per step, what failed and why, and the error that ended it. */
export async function reportRun(terminal: Terminal, result: RunResult, { root, isQuiet }: { readonly root: string; readonly isQuiet: boolean }): Promise<void> {
  const { run, status, durationMs, steps, failures, outputs, moreOutputs = 0, error } = result;
  if (!isQuiet) {
    const style = status === 'success' ? 'green' : status === 'partial-success' ? 'yellow' : 'red';
    terminal.say(`${paint(terminal, 'bold', run)} ${paint(terminal, style, status)} in ${(durationMs / 1000).toFixed(1)} s\n`);
    const rows = Object.entries(steps).map(([step, counts]) => [step, counts.in, counts.out, counts.failed, counts.records, counts.pages, counts.retries, Math.round(counts.durationMs)]);
    if (rows.length) terminal.say(indented(table(['step', 'in', 'out', 'failed', 'records', 'pages', 'retries', 'ms'], rows)));
    for (const { step, lastPages = [] } of Object.entries(steps).map(([step, counts]) => ({ step, ...counts }))) {
      const stop = lastPages.at(-1)?.stop;
      if (stop !== undefined) terminal.say(indented(`${step} ended with page ${lastPages.at(-1)!.index + 1}: ${stop}${lastPages.at(-1)!.byGuess ? ', a guess: the server did not say so' : ''}\n`));
    }
    if (failures.length) terminal.say(`${failures.length === 1 ? 'A payload' : `${failures.length === 100 ? '100 and more' : failures.length} payloads`} did not get through:\n`);
    for (const { step, code, message, caughtBy, place } of failures.slice(0, shownFailures)) terminal.say(indented(`${step}: ${message} (${code}${place?.file === undefined ? '' : `, ${place.file}${place.line === undefined ? '' : `:${place.line}`}`}${caughtBy === undefined ? '' : `, caught by ${caughtBy}`})\n`));
    if (outputs.length) terminal.say(`${outputs.length === 1 ? 'Output' : `The first of ${outputs.length + moreOutputs} outputs`}: ${shortened(JSON.stringify(outputs[0]))}\n`);
    if (failures.length > shownFailures) terminal.say(indented(`and ${failures.length - shownFailures} more: patchbay runs show ${run}\n`));
  }
  if (error) await sayError(terminal, error, root);
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}… (--json prints all of it)` : text);
const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');
