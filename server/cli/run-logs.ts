import type { LogRow } from '../model/api.ts';
import type { NumberedRunEvent } from '../model/run-event.ts';
import type { Runner } from '../runner/contract.ts';
import { noRun } from './run-errors.ts';
import type { Session } from './program.ts';
import { inWorkspace, time, type StateOptions } from './state-command.ts';
import { paint, withoutControls, writeJson, type Terminal } from './terminal.ts';

export interface LogsOptions extends StateOptions { readonly follow?: boolean; readonly level?: LogRow['level']; readonly step?: string }

const levels = ['debug', 'info', 'warn', 'error'];
const perPage = 500;

/** The log of a run; with `follow` also what is still to come, until the run has ended. */
export const showLogs = (session: Session, run: string, options: LogsOptions): Promise<void> => inWorkspace(session, options, async (runner) => {
  if (!runner.archive.run(run)) throw noRun(run);
  const { terminal } = session;
  const print = (row: LogRow): void => (options.json ? writeJson(terminal, row) : terminal.out(lineOf(terminal, row)));
  if (options.follow) return follow(runner, terminal, run, (row) => { if (isWanted(row, options)) print(row); });
  const { step, level } = options;
  for (let page = 1; ; page++) {
    const { items, total } = runner.archive.logs(run, { ...(step !== undefined && { step }), ...(level !== undefined && { level }), page, perPage });
    items.forEach(print);
    if (page * perPage >= total) return;
  }
});

function follow(runner: Runner, terminal: Terminal, run: string, print: (row: LogRow) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = ({ seq, event }: NumberedRunEvent): void => {
    if (event.type === 'log') {
      const { type: _, ...row } = event;
      print({ seq, ...row });
    } else if (event.type === 'run-finished') {
      terminal.say(`The run has ended: ${event.status}.\n`);
      resolve();
    }
  };
  // What another process records is looked for now and then, and that alone does not keep a process up.
  const timer = setInterval(() => undefined, 1_000);
  const unsubscribe = runner.subscribe(run, listener, { afterSeq: 0 });
  const release = terminal.onSignal(() => resolve());
  return promise.finally(() => {
    clearInterval(timer);
    unsubscribe();
    release();
  });
}

const isWanted = (row: LogRow, { level = 'debug', step }: LogsOptions): boolean => levels.indexOf(row.level) >= levels.indexOf(level) && (step === undefined || row.step === step);

const styles = { debug: 'dim', info: 'bold', warn: 'yellow', error: 'red' } as const;

function lineOf(terminal: Terminal, { at, level, step, message, fields }: LogRow): string {
  const more = fields && Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
  return `${time(at)} ${paint(terminal, styles[level], level.padEnd(5))} ${step === undefined ? '' : `${step}: `}${withoutControls(message + more)}\n`;
}
