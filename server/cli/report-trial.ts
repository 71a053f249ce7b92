import { lookedText } from '../model/infer-schema.ts';
import { textBeside, type Detection, type Trial, type TrialExchange, type TrialPage, type TrialRequest } from '../model/trial.ts';
import { counted } from '../model/words.ts';
import { paint, withoutControls, type Terminal } from './terminal.ts';

/** What was asked, page by page, and why it ended: for people. */
export function writeTrial(terminal: Terminal, trial: Trial): void {
  const line = (text: string): void => terminal.out(`${withoutControls(text)}\n`);
  for (const [index, page] of trial.pages.entries()) {
    for (const exchange of page.before) line(`    ${outcomeOf(exchange)}`);
    line(`#${index + 1}  ${outcomeOf(page)}  ${counted(page.records, 'record')}`);
    if (index === 0) for (const detail of detailsOf(page.request)) line(`      ${detail}`);
    if (page.next) line(`      next: ${JSON.stringify(page.next)}`);
    if (page.response && page.response.status >= 400) line(`      answer: ${shown(page.response.body)}`);
  }
  for (const { level, message } of trial.log.filter((note) => note.level === 'warn' || note.level === 'error')) terminal.say(`${level}: ${withoutControls(message)}\n`);
  if (trial.stop) line(`Stopped: ${trial.stop.reason}${trial.stop.byGuess ? ', a guess: the server did not say so' : ''}.`);
  line(paint(terminal, 'bold', trial.pages.length === 0 ? nothingAsked(trial) : `${counted(trial.records, 'record')} in ${counted(trial.pages.length, 'request')}${textBeside(trial.pages)}.`));
  const fields = Object.entries((trial.schema?.['properties'] ?? {}) as Readonly<Record<string, { readonly type?: string | readonly string[] }>>);
  if (fields.length > 0) line(`Fields${lookedText(trial.looked)}: ${fields.slice(0, 30).map(([name, { type }]) => (type === undefined ? name : `${name} (${[type].flat().join(' or ')})`)).join(', ')}${fields.length > 30 ? ` and ${fields.length - 30} more` : ''}.`);
  if (trial.detected) writeDetection(terminal, trial.detected);
  if (trial.saved) terminal.say(`Kept as an example in ${trial.saved.file}.\n`);
}

export function writeDetection(terminal: Terminal, { records, pagination }: Detection): void {
  const rows = (title: string, proposals: readonly { readonly value: unknown; readonly score: number; readonly why: string }[]): void => {
    terminal.out(`${title}\n`);
    for (const { value, score, why } of proposals.slice(0, 5)) terminal.out(withoutControls(`  ${String(Math.round(score * 100)).padStart(3)} %  ${typeof value === 'string' ? value : JSON.stringify(value)}\n         ${why}\n`));
    if (proposals.length === 0) terminal.out('  nothing that tells\n');
  };
  rows('Records:', records);
  rows('Pagination:', pagination);
}

function outcomeOf({ request: { method, url }, response, ms, waitMs, ...rest }: TrialPage | TrialExchange): string {
  const error = 'error' in rest ? rest.error : undefined;
  const answer = response ? String(response.status) : error ? error.code : 'no answer';
  return [...(waitMs > 0 ? [`(waited ${(waitMs / 1000).toFixed(1)} s)`] : []), `${method} ${url}`, answer, `${Math.round(ms)} ms`].join('  ');
}

const detailsOf = ({ headers, body }: TrialRequest): string[] => [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...(body === undefined ? [] : [shown(body)])];

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 500 ? `${text.slice(0, 499)}…` : text;
};


const nothingAsked = ({ error }: Trial): string => (error ? 'No request was made.' : 'No request was made: there is nothing to send, and no slice to ask for.');
