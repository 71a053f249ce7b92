import type { DatabaseSync } from 'node:sqlite';
import type { AuditRow } from '../model/api.ts';
import { doom } from './prune.ts';
import { statement } from './statements.ts';

/** What operators, and what tells them, ask of the writer: each is done within the transaction of its group. */
export type OperationCall =
  | { readonly type: 'pin'; readonly run: string; readonly isPinned: boolean }
  | { readonly type: 'delete'; readonly run: string }
  | { readonly type: 'audit'; readonly row: Omit<AuditRow, 'id'> }
  | { readonly type: 'send'; readonly messages: readonly NewMessage[]; readonly told?: { readonly runs: readonly string[]; readonly flow: string; readonly now: number } }
  | { readonly type: 'claim'; readonly most: number; readonly now: number; readonly againAt: number; /** A channel that is left to others. */ readonly except?: string }
  | { readonly type: 'sent'; readonly id: number }
  | { readonly type: 'unsent'; readonly id: number; readonly error: string; /** Absent where it is given up. */ readonly due?: number };

export interface OperationResults {
  readonly pin: boolean;
  /** `open`: it is not over. */
  readonly delete: 'deleted' | 'open' | 'pinned' | 'unknown';
  readonly audit: undefined;
  readonly send: undefined;
  readonly claim: readonly Message[];
  readonly sent: undefined;
  readonly unsent: undefined;
}

/** A message for one channel of one group. */
export interface NewMessage {
  readonly recipients: string;
  readonly channel: string;
  readonly level: string;
  readonly subject: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Message extends NewMessage {
  readonly id: number;
  /** With this one. */
  readonly attempts: number;
}

const types: Readonly<Record<OperationCall['type'], true>> = { pin: true, delete: true, audit: true, send: true, claim: true, sent: true, unsent: true };

export const isOperation = (call: { readonly type: string }): call is OperationCall => Object.hasOwn(types, call.type);

/** Does a call in SQLite, in the transaction of its caller. */
export function doOperation(database: DatabaseSync, call: OperationCall): OperationResults[OperationCall['type']] {
  switch (call.type) {
    case 'pin':
      return Number(statement(database, 'UPDATE runs SET pinned = ? WHERE id = ?').run(call.isPinned ? 1 : 0, call.run).changes) > 0;
    case 'delete':
      return remove(database, call.run);
    case 'audit':
      return add(database, call.row);
    case 'send':
      return send(database, call);
    case 'claim':
      // Whoever dies with it leaves it to others, some time later.
      return statement(database, `
        UPDATE outbox SET due = ?, attempts = attempts + 1 WHERE id IN (SELECT id FROM outbox WHERE due <= ? AND channel <> ? ORDER BY due LIMIT ?)
        RETURNING id, recipients, channel, level, subject, text, at, attempts`).all(call.againAt, call.now, call.except ?? '', call.most) as unknown as Message[];
    case 'sent':
      return void statement(database, 'DELETE FROM outbox WHERE id = ?').run(call.id);
    case 'unsent':
      return void statement(database, 'UPDATE outbox SET due = ?, error = ? WHERE id = ?').run(call.due ?? null, call.error, call.id);
  }
}

function remove(database: DatabaseSync, run: string): OperationResults['delete'] {
  const row = statement(database, 'SELECT number, pinned FROM runs WHERE id = ?').get(run) as { number: number; pinned: number } | undefined;
  if (!row) return 'unknown';
  if (row.pinned === 1) return 'pinned';
  return doom(database, row.number) ? 'deleted' : 'open';
}

function add(database: DatabaseSync, { at, actor, action, subject, detail }: Omit<AuditRow, 'id'>): undefined {
  statement(database, 'INSERT INTO audit (at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)').run(at, actor, action, subject, JSON.stringify(detail));
}

/** Keeps messages to be sent; with it, the failures that they tell of are told. */
function send(database: DatabaseSync, { messages, told }: OperationCall & { type: 'send' }): undefined {
  const insert = statement(database, 'INSERT INTO outbox (recipients, channel, level, subject, text, at, due) VALUES (?, ?, ?, ?, ?, ?, ?)');
  if (told) {
    // Another runner was faster where they are gone.
    const gone = told.runs.filter((run) => Number(statement(database, 'DELETE FROM failed_runs WHERE run = ?').run(run).changes) > 0);
    if (gone.length === 0) return;
    if (messages.length > 0) statement(database, 'INSERT INTO told VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at').run(told.flow, told.now);
  }
  for (const { recipients, channel, level, subject, text, at } of messages) insert.run(recipients, channel, level, subject, text, at, at);
}
