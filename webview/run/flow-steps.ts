import { findPlugin, portsOf, type CatalogEntry } from '../../server/model/catalog.ts';
import type { Flow, Step } from '../../server/model/flow.ts';
import type { RunDetail } from '../../server/model/api.ts';
import type { PageNote, StepCounts } from '../../server/model/run-event.ts';
import { formatCount } from '../shared/format.ts';

/** A step of the run's flow, with what happened in it. */
export interface RunStep {
  readonly id: string;
  readonly title: string;
  /** What kind of step it is, in words. */
  readonly kind: string;
  readonly icon: string | undefined;
  readonly disabled: boolean;
  readonly counts: StepCounts | undefined;
}

/** The steps of the flow as it was when the run began, along its links; steps which nothing leads to stand last. */
export function runSteps(detail: RunDetail, catalog: readonly CatalogEntry[]): RunStep[] {
  const flow = readFlow(detail.flowText);
  const steps = flow?.steps ?? {};
  const ids = [...(flow ? flowOrder(flow, catalog) : []), ...Object.keys(detail.steps).filter((id) => !Object.hasOwn(steps, id))];
  return ids.map((id) => {
    const step = steps[id];
    const entry = step && findPlugin({ plugins: catalog }, 'shape', step.shape);
    return { id, title: step?.title ?? id, kind: entry?.title ?? step?.shape ?? '', icon: entry?.icon, disabled: step?.disabled ?? false, counts: detail.steps[id] };
  });
}

export const flowTitle = (detail: RunDetail): string => readFlow(detail.flowText)?.title ?? detail.flow;

const stopWords: Readonly<Record<string, string>> = {
  'single-page': 'there is one page only',
  'short-page': 'the last page was not full',
  'empty-page': 'the last page was empty',
  'no-token': 'the last page had no token for a next one',
  'has-more-false': 'the server said that there are no more',
  'total-records': 'all records that the server announced were read',
  'total-pages': 'all pages that the server announced were read',
  'max-pages': 'the limit of pages was reached',
  'max-records': 'the limit of records was reached',
  'no-link': 'the last page had no link to a next one',
  status: 'the status of the answer ended it',
  script: 'the script ended it',
  'test-budget': 'a test reads no more pages',
};

/** `5 pages, ended as the last page had no link to a next one`. */
export function pagesSentence({ pages, lastPages }: StepCounts): string | undefined {
  if (!pages) return undefined;
  const end = lastPages?.findLast(({ stop }) => stop !== undefined);
  return `${formatCount(pages, 'page')}${end ? `; ended as ${stopSentence(end)}` : ''}`;
}

export const stopSentence = ({ stop = '', byGuess }: PageNote): string => `${stopWords[stop] ?? stop}${byGuess ? ' (concluded, the server did not say so)' : ''}`;

/** What a screen reader hears of a run while it goes on. */
export function runSentence({ steps, failedPayloads }: RunDetail): string {
  const counts = Object.values(steps);
  const sum = (of: (counts: StepCounts) => number) => counts.reduce((all, one) => all + of(one), 0);
  return [`${formatCount(sum((one) => one.out), 'payload')} passed on`, ...(failedPayloads ? [`${failedPayloads.toLocaleString('en-GB')} failed`] : []), ...(sum((one) => one.retries) ? [formatCount(sum((one) => one.retries), 'retry', 'retries')] : [])].join(', ');
}

function readFlow(text: string): Flow | undefined {
  try {
    const value = JSON.parse(text) as Flow;
    return typeof value?.steps === 'object' && value.steps !== null ? value : undefined;
  } catch {
    // The flow may have been a file with comments; the recording's counts still name its steps.
    return undefined;
  }
}

function flowOrder(flow: Flow, catalog: readonly CatalogEntry[]): string[] {
  const left = new Set(Object.keys(flow.steps));
  const last: string[] = [];
  // Depth first, ports from the last to the first, read backwards: each step after those that lead to it, the first port's path first.
  const visit = (id: string): void => {
    const step = flow.steps[id];
    if (!step || !left.delete(id)) return;
    for (const port of portOrder(step, catalog).toReversed()) visit(step.next![port]!);
    last.push(id);
  };
  if (flow.start) visit(flow.start);
  return [...last.toReversed(), ...left];
}

function portOrder(step: Step, catalog: readonly CatalogEntry[]): string[] {
  const linked = Object.keys(step.next ?? {});
  const ports = portsOf(findPlugin({ plugins: catalog }, 'shape', step.shape), step.settings).filter((port) => linked.includes(port));
  return [...ports, ...linked.filter((port) => !ports.includes(port))];
}
