import type { InboxDetail, InboxRow } from '../../server/model/inbox.ts';
import { statusLooks, type Tone } from '../shared/format.ts';
import type { IconName } from '../shared/kit.ts';

export const addressOf = ({ flow, trigger }: Pick<InboxRow, 'flow' | 'trigger'>): string => (trigger === undefined ? flow : `${flow}/${trigger}`);

/** How the check of the signature ended. */
export function signatureLook({ isValid }: Pick<InboxRow, 'isValid'>): { readonly label: string; readonly icon: IconName; readonly tone: Tone } {
  if (isValid === undefined) return { label: 'Unchecked', icon: 'circle-slash', tone: 'quiet' };
  return isValid ? { label: 'Right', icon: 'pass', tone: 'good' } : { label: 'Wrong', icon: 'error', tone: 'bad' };
}

/** What became of a request, in a few words. */
export function endOf({ answeredBy, run, runStatus, duplicateOf }: InboxRow): string {
  if (answeredBy === 'capture') return 'captured';
  if (answeredBy === 'failure') return 'failed on purpose';
  if (run === undefined) return 'no run';
  if (duplicateOf !== undefined) return `again ${duplicateOf}`;
  return runStatus === undefined ? 'run is gone' : `run ${statusLooks[runStatus].label.toLowerCase()}`;
}

/** With the status of the answer before it. */
export const outcomeOf = (row: InboxRow): string => `${row.status ?? '…'} · ${endOf(row)}`;

/** `2 new webhooks, latest POST orders/shop, failed` */
export function newsOf(rows: readonly InboxRow[]): string {
  const latest = rows.at(-1);
  if (!latest) return '';
  const end = latest.status !== undefined && latest.status < 400 ? 'answered' : 'failed';
  return `${rows.length} new ${rows.length === 1 ? 'webhook' : 'webhooks'}, latest ${latest.method} ${addressOf(latest)}, ${end}`;
}

export const headersText = (headers: Readonly<Record<string, string>>): string => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n');

/** Fails with a sentence about the first line that is no header. */
export function readHeaders(text: string): Record<string, string> {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
  return Object.fromEntries(lines.map((line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`${JSON.stringify(line)} is no header. Write each as “Name: value” in a line of its own.`);
    return [name, value];
  }));
}

/** Headers that a client, or the signature, makes anew. */
const madeAnew = new Set(['host', 'connection', 'content-length', 'accept-encoding', 'transfer-encoding']);
export const editableHeaders = ({ headers }: Pick<InboxDetail, 'headers'>): string => headersText(Object.fromEntries(Object.entries(headers).filter(([name]) => !madeAnew.has(name))));

export const reasonOf = (error: unknown): string => (error instanceof Error ? [error.message, (error as { readonly remedy?: string }).remedy].filter(Boolean).join(' ') : String(error));
