import { createHash } from 'node:crypto';
import { FlowError, type HttpResponse, type IncomingRequest } from '../../plugins/sdk/index.ts';
import type { FlowSummary, QueueRow, RunDetail, RunResult, VersionSummary, WorkspaceInfo } from '../../server/model/api.ts';
import type { NumberedRunEvent, RunEvent } from '../../server/model/run-event.ts';
import type { Runner, StartRun } from '../../server/runner/contract.ts';
import { createLookups } from '../../server/runner/lookup-files.ts';
import { lookupTexts } from '../../server/runner/lookup-store.ts';
import { memoryStateAccess } from '../../server/runner/state-access.ts';
import { fakeInbox } from './fake-inbox.ts';

export interface FakeRunner extends Runner {
  /** What was started, in order. */
  readonly started: StartRun[];
  readonly hooked: IncomingRequest[];
  /** Says what happens in a run; recorded and handed to who listens. */
  emit(run: string, event: RunEvent): void;
  /** Number of listeners. */
  listeners(): number;
  addBody(text: string | Uint8Array, mediaType: string): string;
}

export interface FakeOptions {
  readonly root?: string;
  readonly flows?: readonly string[];
  /** Of runs that name none; `live` is production. */
  readonly environment?: string;
  /** Fails the start of a run. */
  readonly startError?: FlowError;
  readonly hook?: (request: IncomingRequest) => HttpResponse;
  /** Whether a started run ends at once; default true. */
  readonly isQuick?: boolean;
  readonly queue?: readonly QueueRow[];
}

/** A runner in memory, for tests of what stands on it: runs end at once and give their payload back. */
export function fakeRunner({ root = '/nowhere', flows = ['orders', 'shop/eu orders'], environment, startError, hook, isQuick = true, queue = [{ run: 'r1', flow: 'orders', trigger: 'in', isAtWork: false, priority: 'regular', queuedAt: 1, flowAtWork: 0, strikes: 0, waitsFor: 'turn' }] }: FakeOptions = {}): FakeRunner {
  const started: StartRun[] = [];
  const hooked: IncomingRequest[] = [];
  const events = new Map<string, NumberedRunEvent[]>();
  const runs = new Map<string, RunDetail>();
  const bodies = new Map<string, { bytes: Uint8Array; mediaType: string }>();
  const disabled = new Set<string>();
  const lookups = new Map([['countries', 'left_value,right_value\nDE,Germany\nAT,Austria\n']]);
  const listeners = new Set<{ run: string | undefined; listener: (event: NumberedRunEvent) => void; isOwn?: true }>();

  function emit(run: string, event: RunEvent): void {
    const list = events.get(run) ?? [];
    const numbered = { run, seq: list.length + 1, event };
    list.push(numbered);
    events.set(run, list);
    if (event.type === 'run-finished') runs.set(run, { ...runs.get(run)!, status: event.status, durationMs: event.durationMs });
    for (const entry of listeners) if (entry.run === run || (entry.run === undefined && event.type.startsWith('run-'))) entry.listener(numbered);
  }

  const finishOf = (run: string, outputs: readonly unknown[]): Promise<RunResult> =>
    new Promise((resolve) => {
      const look = (): void => {
        const { status, durationMs = 0 } = runs.get(run)!;
        if (status !== 'running') resolve({ run, status, durationMs, steps: {}, outputs, failures: [] });
      };
      listeners.add({ run, listener: ({ event }) => { if (event.type === 'run-finished') look(); }, isOwn: true });
      look();
    });

  const summaryOf = (id: string): FlowSummary => ({ id, file: `flows/${id}.flow.json`, title: id, triggers: [{ id: 'in', type: 'webhook', url: `/hooks/${id}/in` }], enabled: !disabled.has(id), errors: 0 });
  const pageOf = <T>(all: readonly T[], { page = 1, perPage = 50 }: { page?: number; perPage?: number }) => ({ items: all.slice((page - 1) * perPage, page * perPage), page, perPage, total: all.length });

  const known = (run: string): RunDetail => {
    const found = runs.get(run);
    if (!found) throw new FlowError('API_NOT_FOUND', `There is no run "${run}".`);
    return found;
  };
  const runner: FakeRunner = {
    root, started, hooked, emit, publicUrl: () => undefined,
    listeners: () => [...listeners].filter(({ isOwn }) => !isOwn).length,
    addBody(text, mediaType) {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text;
      const hash = createHash('sha256').update(bytes).digest('hex');
      bodies.set(hash, { bytes, mediaType });
      return hash;
    },
    info: async (): Promise<WorkspaceInfo> => ({ root, title: 'Fake', version: '0.0.0', node: process.version, ...(environment !== undefined && { environment }), environments: [{ id: 'live', production: true }], instances: [], connectors: [], flows: [], scripts: [], schemas: [], lookups: [], plugins: [] }),
    catalog: () => [],
    plugins: () => [{ source: 'built-in', state: 'loaded', provides: [] }],
    flows: async () => flows.map(summaryOf),
    async schedule(flow, { from = 0, count = 5 } = {}) {
      if (!flows.includes(flow)) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow "${flow}".`);
      return [{ trigger: 'hourly', type: 'schedule', times: Array.from({ length: count }, (_, index) => new Date(from + (index + 1) * 3_600_000).toISOString()) }];
    },
    scriptTypes: async () => '',
    diagnostics: async (files) => (files ?? ['flows/orders.flow.json']).map((file) => ({ file, path: '/steps', line: 3, column: 4, severity: 'warning', code: 'CONFIG_INVALID', message: 'Something is odd.' })),
    async start(request) {
      if (startError) throw startError;
      if (request.environment === 'live' && !request.isProductionConfirmed) throw new FlowError('PRODUCTION_UNCONFIRMED', 'The environment "live" is marked as production.');
      if (!flows.includes(request.flow)) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow "${request.flow}".`);
      started.push(request);
      const id = `r${started.length}`;
      const head = { id, flow: request.flow, flowVersion: 'v', trigger: request.trigger, queuedAt: 1 };
      runs.set(id, { id, flow: request.flow, status: 'running', trigger: request.trigger, queuedAt: 1, failedPayloads: 0, flowVersion: 'v', steps: {}, flowText: '{}' });
      emit(id, { type: 'run-queued', run: head });
      if (isQuick) emit(id, { type: 'run-finished', status: 'success', at: 2, durationMs: 1 });
      const outputs = request.payload && 'body' in request.payload ? [request.payload.body] : [];
      return { head, isNew: true, done: finishOf(id, outputs) };
    },
    past: {
      async retry(run) {
        const { flow, trigger } = known(run);
        return runner.start({ flow, trigger, origin: { kind: 'retry', run } });
      },
      async resume(run) {
        const { flow, trigger } = known(run);
        return runner.start({ flow, trigger, origin: { kind: 'resume', run } });
      },
      replay: async (run) => ({ run: known(run).id, status: 'success', durationMs: 0, steps: {}, outputs: [], failures: [], identical: true, differences: [] }),
    },
    queue: async ({ page = 1, perPage = 50 }) => ({ ...pageOf(queue, { page, perPage }), atWork: 0, waiting: 1, limit: 64 }),
    async stop(run) {
      if (runs.get(run)?.status !== 'running') return false;
      emit(run, { type: 'run-finished', status: 'stopped', at: 3, durationMs: 2 });
      return true;
    },
    async hook(flow, trigger, request) {
      if (!flows.includes(flow) || trigger !== 'in') return undefined;
      hooked.push(request);
      request.respond(hook?.(request) ?? { status: 200, headers: { 'content-type': 'application/json' }, body: { message: 'Flow initialised.' } });
      return true;
    },
    inbox: fakeInbox,
    listen: async () => {},
    versions: {
      async deploy(flow, { by, note }) {
        if (!flows.includes(flow)) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow "${flow}".`);
        return { flow, ...versionOf(2), by, ...(note !== undefined && { note }), isNew: true, previous: 1 };
      },
      async rollback(flow, version, by) {
        if (version > 2) throw new FlowError('VERSION_NOT_FOUND', `There is no version ${version}.`);
        return { flow, ...versionOf(version), by, isNew: false, previous: 2 };
      },
      list: async (flow) => ({ flow, deployed: 2, enabled: !disabled.has(flow), draftDiffers: true, versions: [versionOf(2), versionOf(1)], history: [{ version: 2, at: 2, by: 'ada', action: 'deploy' }] }),
      detail: async (flow, number) => ({ flow, ...versionOf(number), engine: '0.0.0', packages: {}, flows: [], files: { [`flows/${flow}.flow.json`]: 'h' } }),
      compare: async (flow, from, to) => ({ flow, from: String(from), to: String(to), files: [{ file: `flows/${flow}.flow.json`, change: 'changed', values: [{ pointer: '/steps/a/settings/size', before: 1, after: 2 }] }, { file: 'scripts/t.ts', change: 'changed', lines: ['-a', '+b'] }], packages: [{ name: 'acme', before: '1.0.0', after: '1.1.0' }] }),
    },
    setEnvironment: async () => {},
    async setEnabled(flow, enabled) { if (enabled) disabled.delete(flow); else disabled.add(flow); },
    subscribe(run, listener, { afterSeq } = {}) {
      const entry = { run, listener };
      if (run !== undefined && afterSeq !== undefined) for (const event of events.get(run) ?? []) if (event.seq > afterSeq) listener(event);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    archive: {
      runs: (filter) => {
        const found = [...runs.values()].filter(({ flow, status }) => (filter.flow ?? flow) === flow && (filter.status === undefined || [filter.status].flat().includes(status)));
        return pageOf(found.map(({ id, flow, status, trigger, queuedAt, failedPayloads }) => ({ id, flow, status, trigger, queuedAt, failedPayloads })), filter);
      },
      run: (id) => runs.get(id),
      payloads: (_run, step, side, page, perPage) => pageOf([{ side, step, at: 1, id: 'p', mediaType: 'application/json', body: 'h', size: 2 }], { page, ...(perPage && { perPage }) }),
      exchanges: (_run, step, page) => pageOf([{ ...(step && { step }), at: 1, id: 'e', method: 'GET', url: 'http://shop/', requestHeaders: {}, attempt: 1, durationMs: 1 }], { page }),
      logs: (_run, filter) => pageOf([{ seq: 1, level: 'info', message: filter.level ?? 'all', at: 1 }], filter),
      body(_run, hash) {
        const body = bodies.get(hash);
        return body && { mediaType: body.mediaType, size: body.bytes.length, open: async function* (range?: { readonly start: number; readonly end: number }) { yield range ? body.bytes.subarray(range.start, range.end) : body.bytes; } };
      },
      window: async (_run, hash, { offset }) => bodies.has(hash) ? { hash, size: 1, mediaType: 'application/json', kind: 'array', count: 1, offset, entries: [{ key: '0', kind: 'number', value: 1 }] } : undefined,
      find: async (_run, hash, { text }) => bodies.has(hash) ? { matches: [{ pointer: '/0', side: 'value', excerpt: text }], skipped: 0 } : undefined,
      query: async (_run, hash, { path }) => bodies.has(hash) ? { results: [{ pointer: `/${path}`, kind: 'number', value: 1 }] } : undefined,
    },
    debug: { open: () => { throw new FlowError('API_INVALID', 'Nothing can be debugged.'); }, events: async () => [] },
    mocks: {
      start: async ({ connector }) => {
        if (connector !== 'shop') throw new FlowError('CONFIG_UNKNOWN_CONNECTOR', 'There is no connector.');
        return { origin: 'http://127.0.0.1:1', url: 'http://127.0.0.1:1/api', overrides: {}, elsewhere: [], recorded: 0, async [Symbol.asyncDispose]() {} };
      },
      check: async () => [],
    },
    diff: async (before, after) => ({ before: { run: before, flow: 'orders', status: 'success' }, after: { run: after, flow: 'orders', status: 'success' }, identical: true, steps: [], cut: [] }),
    async *exportRun(run) { yield Buffer.from(`file of ${known(run).id}`); },
    importRun: async (bytes) => ({ run: Buffer.from(bytes).toString('utf8').replace('file of ', ''), isNew: true }),
    lineage: async (run, { step, pointer }) => ({ run, isCut: false, places: [{ id: 0, kind: 'payload', step, side: 'out', payload: 'p', body: 'h', pointer, value: 'WEB-1', from: [1], how: { by: 'rule', shape: 'map', rule: 0, to: 'reference', chain: ['prefix'] } }, { id: 1, kind: 'response', exchange: { id: 'e', attempt: 1, method: 'GET', url: 'http://shop/orders', status: 200 }, pointer: '/orders/0/id', value: 1, from: [] }] }),
    diffPayloads: async () => ({ before: { payloads: 1, records: 1, isCut: false }, after: { payloads: 1, records: 1, isCut: false }, total: { same: 0, changed: 1, added: 0, removed: 0, moved: 0 }, key: '$.id', rows: [{ kind: 'changed', key: 1, before: 0, after: 0, changes: [{ pointer: '/n', before: 1, after: 2 }] }] }),
    tests: {
      list: async () => [{ file: 'flows/orders.test.json', flow: 'orders', cases: [{ name: 'one', line: 3 }] }],
      save: async ({ run, name = 'saved' }) => ({ file: 'flows/orders.test.json', name, written: ['flows/orders.test.json'], notes: [`of ${run}`] }),
      async run({ onCase }) {
        const one = { file: 'flows/orders.test.json', name: 'one', flow: 'orders', line: 3, status: 'passed', durationMs: 5, failures: [] } as const;
        onCase?.(one);
        return { passed: 1, failed: 0, skipped: 0, durationMs: 5, cases: [one], coverage: [], maps: [], stale: [], written: [] };
      },
    },
    maps: {
      check: async () => ({ ...noSides, output: {}, findings: [], faults: [] }), lineage: async () => ({ ...noSides, targets: [], sources: [] }), suggest: async () => ({ ...noSides, suggestions: [] }),
      try: async ({ sample = null }) => ({ input: sample, from: 'given', records: 1, fields: [], faults: [] }), test: async ({ inputs = 1, seed = 1 }) => ({ ...noSides, inputs, asked: inputs, seed }),
    },
    expressions: {
      complete: async ({ offset }) => [{ kind: 'root', label: 'payload', insert: 'payload', start: offset, end: offset, detail: 'an object' }],
      hover: async ({ offset }) => ({ start: offset, end: offset, title: 'payload', last: '{}' }), lastPayload: async () => ({ body: {}, meta: {}, from: 'r1' }),
    },
    trials: { list: async () => [], try: async ({ instance, endpoint = 'check' }) => ({ instance, endpoint, pages: [], records: 0, log: [], refused: [] }) },
    logins: { start: async () => ({ url: 'https://login.test/authorize?state=s', state: 's' }), finish: async () => ({ instance: 'shop' }), list: async () => [{ instance: 'shop', state: 'in', isRenewed: true, until: 1_700_000_000_000 }], end: async () => true },
    secrets: { list: async () => [{ name: 'shop/token', origin: 'store' }], get: async () => 'secret-value', set: async () => {}, remove: async () => true },
    state: memoryStateAccess(),
    lookups: createLookups(lookupTexts(lookups), () => undefined),
    search: async ({ cursor }) => ({ items: [...runs.values()].slice(0, 1).map(({ flowVersion: _v, steps: _s, flowText: _t, ...run }) => ({ run, side: 'in', step: 's', payload: 'p', body: 'h', mediaType: 'application/json' })), ...(cursor === undefined && { cursor: '7' }), runs: 1, skipped: 0, tracked: [] }),
    async act(action, named) {
      const outcomes = named.map((run) => (runs.has(run) ? { run, isDone: true, ...(action === 'retry' && { started: 'r9' }) } : { run, isDone: false, error: { code: 'API_NOT_FOUND', message: `There is no run "${run}".`, remedy: 'Check the address.' } }));
      const done = outcomes.filter(({ isDone }) => isDone).length;
      return { outcomes, done, failed: outcomes.length - done };
    },
    insights: async ({ by, from = '2024-06-01', to = '2024-07-01' }) => ({ from, to, by, items: [{ [by]: by === 'day' ? from : 'orders', ...sums, ...(by === 'step' && { flow: 'orders' }) }], total: { runs: 1, failedRuns: 0, ...sums } }),
    auditLog: async (filter) => pageOf([{ id: 1, at: 1, actor: filter.actor ?? 'ada', action: filter.action ?? 'flow.deploy', subject: 'flow orders', detail: { version: 2 } }], filter),
    notifications: {
      state: async () => ({ groups: [{ name: 'ops', channels: ['email', 'log'], isOnFailure: true }], waiting: 1, troubles: [{ id: 1, group: 'ops', channel: 'email', text: 'A run failed.', at: 1, attempts: 2, error: 'Nobody answers.', nextAt: 3 }] }),
      async test(group) {
        if (group !== 'ops') throw new FlowError('CONFIG_UNKNOWN_GROUP', `There is no notification group "${group}".`);
        return { group, results: [{ channel: 'log', isSent: true }] };
      },
    },
    evaluate: async (expression, scope) => scope[expression],
    async transform(type, settings, input) {
      if (type !== 'echo') throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no transform "${type}".`, { place: { pointer: '/type' } });
      return { settings, input };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return runner;
}

const sums = { operations: 2, failures: 1, records: 3, requests: 4, bytes: 5, durationMs: 6 };

const versionOf = (number: number): VersionSummary => ({ number, hash: `hash${number}`, at: number, by: 'ada' });

const noSides = { source: { schema: {} }, target: { schema: {} } };
