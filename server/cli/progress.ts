import { countEvent, type StepCounts } from '../model/run-event.ts';
import type { Runner } from '../runner/contract.ts';
import { paint, type Terminal } from './terminal.ts';

const drawMs = 100;
const lineMs = 10_000;

/** Shows how far a run has come: one line that is drawn again and again for people, a line now and then for logs. Gives what ends that. */
export function followRun(runner: Runner, run: string, terminal: Terminal, { isQuiet }: { readonly isQuiet: boolean }): () => void {
  if (isQuiet) return () => {};
  let counts: Readonly<Record<string, StepCounts>> = {};
  let shown = '';
  const draw = (): void => {
    const text = textOf(counts);
    if (text === shown) return;
    shown = text;
    terminal.say(terminal.isLive ? `\r\u{1B}[K${paint(terminal, 'dim', text)}` : `${text}\n`);
  };
  const unsubscribe = runner.subscribe(run, ({ event }) => { counts = countEvent(counts, event); }, { afterSeq: 0 });
  const timer = setInterval(draw, terminal.isLive ? drawMs : lineMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    unsubscribe();
    if (terminal.isLive && shown) terminal.say('\r\u{1B}[K');
  };
}

/** The steps at work, as much of them as a line holds. */
function textOf(counts: Readonly<Record<string, StepCounts>>): string {
  const steps = Object.entries(counts).map(([step, { in: into, out, failed }]) => `${step} ${into}→${out}${failed ? ` ✗${failed}` : ''}`);
  const text = steps.length ? steps.join('  ') : 'starting';
  return text.length > 100 ? `…${text.slice(-99)}` : text;
}
