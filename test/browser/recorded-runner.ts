import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { NumberedRunEvent } from '../../server/model/run-event.ts';
import type { ReplayResult, RunDetail } from '../../server/model/api.ts';
import type { Runner, StartRun } from '../../server/runner/contract.ts';
import { serve } from '../../server/api/serve.ts';
import { recordedOperations } from './recorded-operations.ts';
import { catalog, detail, flows, recordedHost, replayed, runSummary } from './recorded-run.ts';
import { fakeInbox } from '../support/fake-inbox.ts';

const root = join(import.meta.dirname, '..', '..');
export const token = 'a-token-of-32-characters-or-more-';

export interface Served {
  /** Address of the page. */
  readonly url: string;
  readonly started: StartRun[];
  readonly state: { detail: RunDetail; flows: typeof flows; replay: ReplayResult };
  /** What was done with several runs. */
  readonly acted: Awaited<ReturnType<typeof recordedOperations>>['acted'];
  emit(event: NumberedRunEvent): void;
  close(): Promise<void>;
}

/** The real API and page over a runner that answers from memory. */
export async function serveRecorded(options: { readonly runs?: number; readonly detail?: RunDetail; /** Nothing has run or is kept. */ readonly isEmpty?: boolean } = {}): Promise<Served> {
  const webRoot = await mkdtemp(join(tmpdir(), 'patchbay-page-'));
  await build({ absWorkingDir: root, entryPoints: { operate: 'webview/operate/main.ts' }, outdir: webRoot, bundle: true, format: 'esm', platform: 'browser', target: 'es2024', logLevel: 'silent' });
  for (const name of ['codicon.css', 'codicon.ttf']) await cp(join(root, 'node_modules', '@vscode', 'codicons', 'dist', name), join(webRoot, name));
  const { isEmpty = false } = options;
  const { host, state: recorded } = recordedHost(options);
  const state = Object.assign(recorded, { flows: isEmpty ? [] : flows, replay: replayed as ReplayResult });
  const operations = await recordedOperations(isEmpty ? 0 : (options.runs ?? 40), isEmpty);
  const listeners = new Set<(event: NumberedRunEvent) => void>();
  const started: StartRun[] = [];
  const never = (): never => { throw new Error('The page does not ask this.'); };
  const runner: Runner = {
    root: '/home/ada/brook-and-co', publicUrl: () => undefined,
    info: async () => ({ root: '/home/ada/brook-and-co', title: 'Brook & Co', version: '0.1.0', node: 'v24.21.0', environment: 'dev', environments: [{ id: 'dev', production: false }, { id: 'production', production: true }], instances: [], connectors: [], flows: [], scripts: [], schemas: [], lookups: [], plugins: [] }),
    catalog: () => catalog, plugins: () => [], flows: async () => state.flows, schedule: async () => [], diagnostics: async () => [], scriptTypes: never,
    start: async (request) => {
      started.push(request);
      return { head: { id: 'run_new', flow: request.flow, flowVersion: 'sha', trigger: request.trigger, queuedAt: Date.now() }, isNew: true, done: new Promise(() => {}) };
    },
    past: {
      retry: async (run, { payload, version } = {}) => runner.start({ flow: state.detail.flow, trigger: state.detail.trigger, ...(payload && { payload }), ...(version === 'then' && { version: 1 }), origin: { kind: 'retry', run } }),
      resume: async (run, { payloads: only } = {}) => runner.start({ flow: state.detail.flow, trigger: state.detail.trigger, origin: { kind: 'resume', run }, ...(only && { only }) }),
      replay: async () => state.replay,
    },
    ...operations.parts, stop: async () => true, hook: async () => undefined, inbox: fakeInbox, listen: async () => {}, logins: { start: never, finish: never, list: async () => [], end: never }, debug: { open: never, events: never }, trials: { try: never, list: never }, expressions: { complete: never, hover: never, lastPayload: never }, maps: { check: never, lineage: never, suggest: never, try: never, test: never }, diff: never, diffPayloads: never, lineage: never, exportRun: never, importRun: never, tests: { list: never, run: never, save: never }, mocks: { start: never, check: never },
    setEnabled: async (flow, enabled) => { state.flows = state.flows.map((one) => (one.id === flow ? { ...one, enabled } : one)); },
    subscribe: (run, listener) => {
      const own = (event: NumberedRunEvent) => { if (run === undefined || event.run === run) listener(event); };
      listeners.add(own);
      return () => listeners.delete(own);
    },
    archive: {
      runs: operations.runs,
      run: (id) => (id === state.detail.id || id === 'run_new' ? { ...state.detail, id } : /^run_\d+$/.test(id) ? { ...detail, ...runSummary(900_000 - Number(id.slice(4))) } : undefined),
      payloads: (run, step, side, page) => host.payloads(run, step, side, page), exchanges: (run, step, page) => host.exchanges(run, step, page), logs: (run, filter) => host.logs(run, filter),
      body: (_run, hash) => ({ mediaType: 'application/json', size: 2, async *open() { yield Buffer.from(hash === 'input' ? '{}' : '[]'); } }),
      window: async (run, hash, window) => host.body(run, hash, window), find: async (run, hash, request) => host.findInBody(run, hash, request), query: async (run, hash, request) => host.queryBody(run, hash, request),
    },
    secrets: { list: async () => [], get: async () => undefined, set: never, remove: never },
    setEnvironment: never, notifications: { state: never, test: never },
    evaluate: never, transform: never, [Symbol.asyncDispose]: async () => {},
  };
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token, webRoot, drainMs: 100 });
  return {
    url: `${server.url}/`, started, state, acted: operations.acted,
    emit(event) { for (const listener of listeners) listener(event); },
    async close() { await server.close(); await rm(webRoot, { recursive: true, force: true }); },
  };
}
