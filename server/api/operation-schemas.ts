import type { Schema } from '../../plugins/sdk/index.ts';
import { insightsBy } from '../model/api.ts';
import { anyObject, flag, integer, listOf, number, object, pageOf, text, time } from './schema-parts.ts';
import { trackedRow } from './state-schemas.ts';

const note = object({ code: text, message: text, remedy: text }, ['code', 'message']);
const outcome = object({ run: text, isDone: flag, started: text, error: note }, ['run', 'isDone']);
const insightRow = object(
  { day: text, flow: text, step: text, connector: text, runs: integer, failedRuns: integer, operations: integer, failures: integer, records: integer, requests: integer, bytes: integer, durationMs: number },
  ['operations', 'failures', 'records', 'requests', 'bytes', 'durationMs'],
);
const auditRow = object({ id: integer, at: time, actor: text, action: text, subject: text, detail: anyObject }, ['id', 'at', 'actor', 'action', 'subject', 'detail']);
const channel = { enum: ['email', 'slack', 'log'] } as const;
const group = object({ name: text, channels: listOf(channel), isOnFailure: flag }, ['name', 'channels', 'isOnFailure']);
const trouble = object({ id: integer, group: text, channel, text, at: time, attempts: integer, error: text, nextAt: time }, ['id', 'group', 'channel', 'text', 'at', 'attempts', 'error']);
const sent = object({ channel, isSent: flag, error: text }, ['channel', 'isSent']);

/** Schemas of what the API says about actions on runs, searches, insights, the audit log and notifications. */
export const operationSchemasOf = <const S>(runSummary: S) => ({
  RunActionOutcome: outcome,
  RunActionsResult: object({ outcomes: listOf(outcome), done: integer, failed: integer }, ['outcomes', 'done', 'failed']),
  PayloadSearch: object(
    {
      items: listOf(object({ run: runSummary as S & object, side: { enum: ['in', 'out', 'failed', 'input', 'exchange'] }, step: text, payload: text, body: text, mediaType: text }, ['run', 'side', 'body', 'mediaType'])),
      cursor: text, runs: integer, skipped: integer, tracked: listOf(trackedRow),
    },
    ['items', 'runs', 'skipped', 'tracked'],
  ),
  InsightRow: insightRow,
  Insights: object({ from: text, to: text, by: { enum: insightsBy }, items: listOf(insightRow), total: insightRow }, ['from', 'to', 'by', 'items', 'total']),
  AuditRow: auditRow, AuditPage: pageOf(auditRow),
  NotificationState: object({ groups: listOf(group), waiting: integer, troubles: listOf(trouble) }, ['groups', 'waiting', 'troubles']),
  NotificationTest: object({ group: text, results: listOf(sent) }, ['group', 'results']),
}) as const satisfies Record<string, Schema>;
