import type { DatabaseSync } from 'node:sqlite';
import type { AuditFilter, AuditRow, InsightRow, InsightsBy, PageOf } from '../model/api.ts';
import type { Message, NewMessage, OperationResults } from './operation-calls.ts';
import { firstPage, pageSize, statement } from './statements.ts';
import type { Writer } from './writer.ts';

/** What operators do with runs and see of them, beside the recordings themselves. Everything that changes something fails with `STORAGE_FAILED`. */
export interface Operations {
  /** Says whether the run is there. */
  pin(run: string, isPinned: boolean): Promise<boolean>;
  /** Takes a run away that is over. What belongs to it goes in the background. */
  delete(run: string): Promise<OperationResults['delete']>;
  addAudit(row: Omit<AuditRow, 'id'>): Promise<void>;
  audit(filter: AuditFilter): PageOf<AuditRow>;
  /** Days such as `2024-07-01`, both included. */
  insights(query: { readonly by: InsightsBy; readonly from: string; readonly to: string; readonly flow?: string }): { readonly items: readonly InsightRow[]; readonly total: InsightRow };
  readonly outbox: Outbox;
}

/** Messages that are to be sent, and failures that somebody is to be told of. Several processes may send: each message belongs to who has claimed it. */
export interface Outbox {
  /** Automatic runs that have failed, the oldest first, and when somebody was last told of their flow's. */
  failures(): readonly Failure[];
  /** `told`: with the messages, these failures are told; where another process has done so already, nothing is added. */
  add(messages: readonly NewMessage[], told?: { readonly runs: readonly string[]; readonly flow: string; readonly now: number }): Promise<void>;
  /** Takes messages whose time has come. Each comes again at `againAt`, unless it is settled before. */
  claim(options: { readonly most: number; readonly now: number; readonly againAt: number; readonly except?: string }): Promise<readonly Message[]>;
  sent(id: number): Promise<void>;
  /** `due`: when it is tried again; absent where it is given up. */
  unsent(id: number, error: string, due?: number): Promise<void>;
  /** Cheap. */
  hasWork(now: number): boolean;
  /** How many wait, and those that had trouble, the newest first. */
  state(): { readonly waiting: number; readonly troubles: readonly (Message & { readonly error: string; readonly due: number | null })[] };
}

export interface Failure {
  readonly run: string;
  readonly flow: string;
  readonly at: number;
  readonly toldAt: number | null;
}

export function openOperations(reader: DatabaseSync, writer: Pick<Writer, 'call'>): Operations {
  const all = <T>(sql: string, ...values: (string | number)[]): T[] => statement(reader, sql).all(...values) as T[];
  return {
    pin: (run, isPinned) => writer.call({ type: 'pin', run, isPinned }),
    delete: (run) => writer.call({ type: 'delete', run }),
    addAudit: (row) => writer.call({ type: 'audit', row }),
    audit({ page, perPage, ...filter }) {
      const size = pageSize(perPage);
      const at = firstPage(page ?? 1);
      const conditions = auditConditions(filter);
      const where = conditions.length > 0 ? `WHERE ${conditions.map(([text]) => text).join(' AND ')}` : '';
      const values = conditions.flatMap(([, given]) => given);
      const [total] = all<{ n: number }>(`SELECT COUNT(*) AS n FROM audit ${where}`, ...values);
      const rows = all<Omit<AuditRow, 'detail'> & { readonly detail: string }>(`SELECT id, at, actor, action, subject, detail FROM audit ${where} ORDER BY id DESC LIMIT ? OFFSET ?`, ...values, size, (at - 1) * size);
      return { items: rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as AuditRow['detail'] })), page: at, perPage: size, total: total?.n ?? 0 };
    },
    insights: (query) => insightsOf(all, query),
    outbox: {
      failures: () => all<Failure>('SELECT run, flow, failed_runs.at AS at, told.at AS toldAt FROM failed_runs LEFT JOIN told USING (flow) ORDER BY failed_runs.at LIMIT 10000'),
      add: (messages, told) => writer.call({ type: 'send', messages, ...(told && { told }) }),
      claim: (options) => writer.call({ type: 'claim', ...options }),
      sent: (id) => writer.call({ type: 'sent', id }),
      unsent: (id, error, due) => writer.call({ type: 'unsent', id, error, ...(due !== undefined && { due }) }),
      hasWork: (now) => all('SELECT 1 FROM failed_runs UNION ALL SELECT 1 FROM outbox WHERE due <= ? LIMIT 1', now).length > 0,
      state: () => ({
        waiting: all<{ n: number }>('SELECT COUNT(*) AS n FROM outbox WHERE due IS NOT NULL')[0]?.n ?? 0,
        troubles: all('SELECT id, recipients, channel, level, subject, text, at, attempts, error, due FROM outbox WHERE error IS NOT NULL ORDER BY id DESC LIMIT 100'),
      }),
    },
  };
}

function auditConditions({ actor, action, subject, since, until }: AuditFilter): [text: string, values: readonly (string | number)[]][] {
  return [
    ...(actor === undefined ? [] : [['actor = ?', [actor]] as [string, string[]]]),
    ...(action === undefined ? [] : [["(action = ? OR substr(action, 1, length(?) + 1) = ? || '.')", [action, action, action]] as [string, string[]]]),
    ...(subject === undefined ? [] : [['instr(subject, ?) > 0', [subject]] as [string, string[]]]),
    ...(since === undefined ? [] : [['at >= ?', [since]] as [string, number[]]]),
    ...(until === undefined ? [] : [['at < ?', [until]] as [string, number[]]]),
  ];
}

const sums = 'SUM(operations) AS operations, SUM(failures) AS failures, SUM(records) AS records, SUM(requests) AS requests, SUM(bytes) AS bytes';
const ofRuns = "SUM(runs) AS runs, SUM(failed_runs) AS failedRuns, SUM(CASE step WHEN '' THEN duration_ms ELSE 0 END) AS durationMs";
const ofSteps = 'SUM(duration_ms) AS durationMs';

const groupings: Readonly<Record<InsightsBy, { readonly columns: string; readonly what: string; readonly where: string; readonly order: string }>> = {
  day: { columns: 'day', what: ofRuns, where: 'true', order: 'day' },
  flow: { columns: 'flow', what: ofRuns, where: 'true', order: 'operations DESC, flow' },
  step: { columns: 'flow, step', what: ofSteps, where: "step <> ''", order: 'operations DESC, flow, step' },
  connector: { columns: 'connector', what: ofSteps, where: "connector <> ''", order: 'operations DESC, connector' },
};

function insightsOf(all: <T>(sql: string, ...values: (string | number)[]) => T[], { by, from, to, flow }: Parameters<Operations['insights']>[0]): ReturnType<Operations['insights']> {
  const { columns, what, where, order } = groupings[by];
  const condition = `WHERE day BETWEEN ? AND ?${flow === undefined ? '' : ' AND flow = ?'}`;
  const values = [from, to, ...(flow === undefined ? [] : [flow])];
  const items = all<InsightRow>(`SELECT ${columns}, ${what}, ${sums} FROM insights ${condition} AND ${where} GROUP BY ${columns} ORDER BY ${order}`, ...values);
  const [total] = all<Record<string, number | null>>(`SELECT ${ofRuns}, ${sums} FROM insights ${condition}`, ...values);
  return { items: items.map((row) => ({ ...row })), total: Object.fromEntries(Object.entries(total ?? {}).map(([name, value]) => [name, value ?? 0])) as unknown as InsightRow };
}
