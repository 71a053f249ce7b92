import type { AuditFilter, AuditRow, FlowVersions, InsightRow, PageOf, QueueRow, RunAction, RunFilter, RunSummary, VersionDiff, VersionSummary } from '../../server/model/api.ts';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Runner } from '../../server/runner/contract.ts';
import { createLookups } from '../../server/runner/lookup-files.ts';
import { lookupTexts } from '../../server/runner/lookup-store.ts';
import { createStateAccess } from '../../server/runner/state-access.ts';
import { givenState } from '../../server/runner/workspace-state.ts';
import { openEmptyState } from '../../server/stores/state-database.ts';
import { detail, longName, runSummary } from './recorded-run.ts';

const hour = 3_600_000;
const day = 24 * hour;

export const pageOf = <T>(rows: readonly T[], { page = 1, perPage = 50 }: { readonly page?: number; readonly perPage?: number }): PageOf<T> => ({ items: rows.slice((page - 1) * perPage, page * perPage), page, perPage, total: rows.length });

/** What operators look at beside one run, from memory; what they change is changed in it. */
export async function recordedOperations(count: number, isEmpty = false) {
  let runs: readonly RunSummary[] = Array.from({ length: count }, (_, n) => runSummary(n));
  const audit: AuditRow[] = isEmpty ? [] : Array.from({ length: 130 }, (_, n) => auditRow(n)).toReversed();
  const note = (action: string, subject: string, extra: Readonly<Record<string, unknown>>): void => void audit.push({ id: audit.length + 1, at: Date.now(), actor: 'API', action, subject, detail: extra });
  const state = openEmptyState(Date.now);
  if (!isEmpty) await fill(state);
  const lookups = new Map(isEmpty ? [] : lookupFiles);
  const acted: { readonly action: RunAction; readonly runs: readonly string[]; readonly isProductionConfirmed: boolean }[] = [];
  let versions: FlowVersions = { ...recordedVersions };

  const outcome = (action: RunAction, id: string, isConfirmed: boolean) => {
    const run = runs.find((one) => one.id === id);
    if (!run) return { run: id, isDone: false, error: { code: 'API_NOT_FOUND', message: `There is no run "${id}".` } };
    if ((action === 'retry' || action === 'resume') && run.environment === 'production' && !isConfirmed) return { run: id, isDone: false, error: { code: 'PRODUCTION_UNCONFIRMED', message: 'The environment "production" is marked as production.' } };
    if (action === 'resume' && run.failedPayloads === 0) return { run: id, isDone: false, error: { code: 'RUN_STOPPED', message: `Everything of the run ${id} got through: there is nothing to go on with.` } };
    if (action === 'delete') runs = runs.filter((one) => one.id !== id);
    if (action === 'pin' || action === 'unpin') runs = runs.map((one) => (one.id === id ? pinned(one, action === 'pin') : one));
    note(`run.${action}`, `run ${id}`, {});
    return { run: id, isDone: true, ...((action === 'retry' || action === 'resume') && { started: `${id}-again` }) };
  };

  const parts = {
    state: createStateAccess({ state: givenState(state), config: () => ({ version: 1 }), audit: note }),
    lookups: createLookups(lookupTexts(lookups), note),
    queue: async ({ flow, ...range }) => {
      const rows = (isEmpty ? [] : queueRows).filter((row) => flow === undefined || row.flow === flow);
      const atWork = rows.filter((row) => row.isAtWork).length;
      return { ...pageOf(rows, range), atWork, waiting: rows.length - atWork, limit: 64 };
    },
    act: async (action, ids, { isProductionConfirmed = false } = {}) => {
      acted.push({ action, runs: ids, isProductionConfirmed });
      const outcomes = ids.map((id) => outcome(action, id, isProductionConfirmed));
      return { outcomes, done: outcomes.filter(({ isDone }) => isDone).length, failed: outcomes.filter(({ isDone }) => !isDone).length };
    },
    async search({ text, path, value, cursor }) {
      const at = Number(cursor ?? 0);
      const found = text === 'SO-100457' || (path === '$.number' && value === 'SO-100457') ? [runSummary(7 + at), runSummary(13 + at)] : [];
      const items = found.map((run) => ({ run, side: 'failed' as const, step: 'to-erp', payload: 'p2', body: 'order', mediaType: 'application/json' }));
      const { items: tracked } = await state.tracked.search({ ...(text !== undefined && { value: text }) });
      return { items, ...(at < 200 && { cursor: String(at + 100) }), runs: 100, skipped: at === 0 ? 1 : 0, tracked: cursor === undefined && text !== undefined ? tracked : [] };
    },
    async insights({ by, from = '', to = '', flow }) {
      const items = isEmpty ? [] : insightRows(by).filter((row) => flow === undefined || row.flow === undefined || row.flow === flow);
      const sum = (of: keyof InsightRow) => items.reduce((all, row) => all + Number(row[of] ?? 0), 0);
      return { from, to, by, items, total: { runs: sum('runs'), failedRuns: sum('failedRuns'), operations: sum('operations'), failures: sum('failures'), records: sum('records'), requests: sum('requests'), bytes: sum('bytes'), durationMs: sum('durationMs') } };
    },
    auditLog: async (filter) => pageOf(audit.filter((row) => fitsAudit(row, filter)).toReversed(), filter),
    versions: {
      list: async (flow) => (flow === 'import-orders' ? versions : { flow, enabled: true, versions: [], history: [] }),
      compare: async (flow, from, to) => ({ ...diff, flow, from: String(from), to: String(to), ...(from === to && { files: [], packages: [] }) }),
      async deploy(flow, { note: text }) {
        const version = { ...version0(versions.versions.length + 1), at: Date.now(), by: 'API', ...(text !== undefined && { note: text }) };
        versions = { ...versions, deployed: version.number, draftDiffers: false, versions: [version, ...versions.versions] };
        return { flow, ...version, isNew: true };
      },
      async rollback(flow, number) {
        if (number === 1) throw new FlowError('VERSION_DAMAGED', 'Version 1 is not what was deployed: flows/import-orders.flow.json was changed.');
        versions = { ...versions, deployed: number, history: [{ version: number, at: Date.now(), by: 'API', action: 'rollback' }, ...versions.history] };
        return { flow, ...versions.versions.find((one) => one.number === number)!, isNew: false };
      },
      detail: () => { throw new Error('The page does not ask this.'); },
    },
  } satisfies Partial<Runner>;
  return { parts, acted, runs: (filter: RunFilter & { readonly page?: number; readonly perPage?: number }) => pageOf(runs.filter((run) => fitsRun(run, filter)), filter) };
}

function fitsRun(run: RunSummary, { flow, status, trigger, environment, since = 0, until = Infinity, text, pinned: isPinned, error, origin }: RunFilter): boolean {
  const statuses: readonly string[] | undefined = typeof status === 'string' ? [status] : status;
  return (flow ?? run.flow) === run.flow && (statuses?.includes(run.status) ?? true) && (trigger ?? run.trigger) === run.trigger && (environment ?? run.environment) === run.environment && run.queuedAt >= since && run.queuedAt < until
    && (text === undefined || (run.error?.message.toLowerCase().includes(text.toLowerCase()) ?? false)) && (error ?? run.error?.code) === run.error?.code && (isPinned === undefined || isPinned === (run.pinned === true)) && (origin ?? run.origin?.kind) === run.origin?.kind;
}

const fitsAudit = (row: AuditRow, { actor, action, subject, since = 0, until = Infinity }: AuditFilter): boolean =>
  (actor ?? row.actor) === row.actor && (action === undefined || row.action === action || row.action.startsWith(`${action}.`)) && (subject === undefined || row.subject.includes(subject)) && row.at >= since && row.at < until;

function pinned(run: RunSummary, isPinned: boolean): RunSummary {
  const { pinned: wasPinned, ...rest } = run;
  return isPinned ? { ...run, pinned: true } : wasPinned ? rest : run;
}

const auditRow = (n: number): AuditRow => {
  const [action, subject, extra] = ([
    ['flow.deploy', 'flow import-orders', { version: 3, previous: 2, note: 'Retries for the ERP' }], ['run.retry', `run ${runSummary(n).id}`, { started: 'run_910001' }], ['pool.add', 'pool orders-seen', { added: 3 }], ['secret.set', 'secret shop/client-secret', {}], ['cache.clear', 'cache exchange-rates', { removed: 12 }],
  ] as const)[n % 5]!;
  return { id: n + 1, at: Date.now() - n * 1.3 * hour, actor: ['ada', 'API', 'editor'][n % 3]!, action, subject, detail: extra };
};

async function fill({ caches, pools, tracked }: ReturnType<typeof openEmptyState>): Promise<void> {
  const json = (body: unknown) => ({ body, mediaType: 'application/json', meta: { source: 'erp' } });
  const options = { ttlMs: 30 * day, maxBytes: 1_000_000 };
  const rates = { name: 'exchange-rates', scope: 'workspace', owner: '' } as const;
  for (const key of ['EUR', 'GBP', 'USD', 'PLN', 'SEK']) await caches.put(rates, key, [json({ base: 'EUR', currency: key, rate: 1.0843, at: '2026-11-24' })], options);
  await caches.put({ name: 'pages', scope: 'run', owner: 'run_900000' }, 'orders', [json({ page: 1 }), json({ page: 2 }), json({ page: 3 })], options);
  await caches.put({ name: 'a-cache-whose-name-somebody-made-of-a-whole-sentence', scope: 'flow', owner: 'import-orders' }, `a/key/${longName}`, [json([1, 2, 3])], options);
  const owner = { run: '', payload: 'p' };
  await pools.add('orders-seen', Array.from({ length: 1_200 }, (_, n) => `SO-${100_000 + n}`), { entity: 'order', owner, ttlMs: 90 * day });
  await pools.add('orders-seen', ['C-1', 'C-2'], { entity: 'customer', owner, ttlMs: 90 * day });
  await pools.add('stock', ['SKU-1'], { entity: 'sku', owner, ttlMs: day });
  for (let n = 0; n < 60; n++) {
    await tracked.add([{ value: `SO-${100_400 + n}`, entity: 'order', direction: n % 2 ? 'out' : 'in' }], { flow: 'import-orders', run: n === 57 ? detail.id : `run_${900_000 - n}`, step: n === 57 ? 'to-erp' : 'get-orders', payload: 'p4', at: Date.now() - n * hour }, { ttlMs: 90 * day });
  }
}

const lookupFiles: readonly (readonly [string, string])[] = [
  ['country-codes', `left_value,right_value,name\n${Array.from({ length: 240 }, (_, n) => `${String.fromCharCode(65 + (n % 26))}${String.fromCharCode(65 + Math.floor(n / 26))},X${n},Country ${n}\n`).join('')}`],
  ['half-written', 'left_value,right_value\nA,"x'],
  ['prices', 'sku,price\nA,1.5\nB,2\n"C, x",3\nA,9\n'],
  ['tax-codes', 'left_value,right_value\nstandard,T1\nreduced,T5\n'],
];

const queueRow = (n: number, more: Partial<QueueRow>): QueueRow => ({
  run: `run_${910_000 + n}`, flow: ['import-orders', 'order-webhook', 'stock-push'][n % 3]!, trigger: ['hourly', 'shop', 'manual'][n % 3]!, environment: 'dev', isAtWork: false, priority: 'regular', queuedAt: Date.now() - (200 - n) * 61_000, flowAtWork: 1, strikes: 0, waitsFor: 'turn', ...more,
});
const atWork = { isAtWork: true, waitsFor: undefined, owner: 'c0ffee00-1', isOwn: true, startedAt: Date.now() - 42_000 } as unknown as Partial<QueueRow>;
const queueRows: readonly QueueRow[] = [
  queueRow(0, { ...atWork, priority: 'highest' }), queueRow(1, { ...atWork, flowLimit: 2, flowAtWork: 1 }), queueRow(2, { ...atWork, isStopping: true }), queueRow(3, { ...atWork, owner: 'beef1234-9', isOwn: false, strikes: 1 }),
  queueRow(4, { priority: 'high' }), queueRow(5, { waitsFor: 'flow-limit', flowLimit: 2, flowAtWork: 2 }), queueRow(6, { waitsFor: 'earlier-run' }), queueRow(7, { waitsFor: 'time', notBefore: Date.now() + 20 * 60_000 }),
  ...Array.from({ length: 120 }, (_, n) => queueRow(8 + n, { priority: n % 9 === 0 ? 'low' : 'regular' })), queueRow(200, { priority: 'lowest', flow: 'a/folder/with-a-flow-whose-name-is-much-longer-than-any-column-could-ever-be' }),
];

const version0 = (number: number): VersionSummary => ({ number, hash: `${number}`.repeat(64).slice(0, 64), at: Date.now() - (4 - number) * 3 * day, by: number % 2 ? 'ada' : 'grace', ...(number === 3 && { note: 'Retries for the ERP, and the lookup of countries has a default value now' }) });
const recordedVersions: FlowVersions = { flow: 'import-orders', enabled: true, draftDiffers: true, deployed: 3, versions: [version0(3), version0(2), version0(1)], history: [{ version: 3, at: Date.now() - 3 * day, by: 'ada', action: 'deploy' }] };

const diff: VersionDiff = {
  flow: 'import-orders', from: '3', to: 'draft',
  files: [
    { file: 'flows/import-orders.flow.json', change: 'changed', values: [{ pointer: '/steps/send/retry/attempts', before: 3, after: 5 }, { pointer: '/steps/to-erp/settings/rules/11/default', after: 'GB' }, { pointer: '/steps/old-step', before: { shape: 'script', disabled: true } }] },
    { file: 'scripts/totals.ts', change: 'changed', lines: ['-const total = lines.reduce((sum, line) => sum + line.price, 0);', '+const total = lines.reduce((sum, line) => sum + line.price * line.quantity, 0);', '+// Shipping counts, too.'] },
    { file: 'lookups/tax-codes.csv', change: 'added' },
  ],
  packages: [{ name: 'left-pad', before: '1.2.0', after: '1.3.0' }],
};

function insightRows(by: string): InsightRow[] {
  const row = (n: number, place: Partial<InsightRow>): InsightRow => ({ ...place, ...((by === 'day' || by === 'flow') && { runs: 40 + ((n * 31) % 70), failedRuns: n % 4 }), operations: 1_000 + ((n * 7_919) % 90_000), failures: (n * 13) % 50, records: 1_200 + n * 90, requests: 120 + n, bytes: 1_000_000 + n * 7_300_000, durationMs: 4_000 + n * 61_000 });
  if (by === 'day') return Array.from({ length: 30 }, (_, n) => row(n, { day: new Date(Date.now() - (29 - n) * day).toISOString().slice(0, 10) }));
  if (by === 'connector') return ['shop', 'erp', 'courier'].map((connector, n) => row(n, { connector }));
  const flows = ['import-orders', 'order-webhook', 'stock-push', 'a/folder/with-a-flow-whose-name-is-much-longer-than-any-column-could-ever-be'];
  return by === 'step' ? ['get-orders', 'to-erp', 'send', longName].map((step, n) => row(n, { flow: 'import-orders', step })) : flows.map((flow, n) => row(n, { flow }));
}
