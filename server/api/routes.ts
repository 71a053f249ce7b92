import { FlowError } from '../../plugins/sdk/index.ts';
import { priorities } from '../model/flow.ts';
import { answerBody } from './bodies.ts';
import { answerEvents } from './events.ts';
import { given, invalid, notFound, paging, readJson, type Call, type Route } from './route.ts';
import { auditRoutes } from './routes/audit.ts';
import { bodySearchRoutes } from './routes/body-search.ts';
import { debugRoutes } from './routes/debug.ts';
import { insightRoutes } from './routes/insights.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { importRoutes } from './routes/imports.ts';
import { loginRoutes } from './routes/logins.ts';
import { expressionRoutes } from './routes/expressions.ts';
import { lookupRoutes } from './routes/lookups.ts';
import { mapRoutes } from './routes/maps.ts';
import { mockRoutes } from './routes/mocks.ts';
import { testRoutes } from './routes/tests.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { findRunsRoutes } from './routes/find-runs.ts';
import { pastRunRoutes } from './routes/past-runs.ts';
import { queueRoutes } from './routes/queue.ts';
import { stateRoutes } from './routes/state.ts';
import { trialRoutes } from './routes/trials.ts';
import { versionRoutes } from './routes/versions.ts';
import { startRun } from './start-run.ts';

/** Every address of the API. `openapi.json` is written from this table. */
export const routes: readonly Route[] = [
  { method: 'get', path: '/workspace', summary: 'What the workspace holds', answer: { summary: 'The workspace', schema: 'WorkspaceInfo' }, handle: ({ runner }) => runner.info() },
  { method: 'get', path: '/catalog', summary: 'All plugins with their settings and examples', answer: { summary: 'The catalogue', schema: 'CatalogAnswer' }, handle: ({ runner }) => ({ plugins: runner.catalog() }) },
  { method: 'get', path: '/plugins', summary: 'Where plugins were loaded from, and which failed', answer: { summary: 'Sources of plugins', schema: 'Plugins' }, handle: ({ runner }) => runner.plugins() },
  {
    method: 'get', path: '/diagnostics', summary: 'Findings about the files of the workspace',
    query: { file: { summary: 'Only this file, relative to the root; may stand several times.', type: 'texts' } },
    answer: { summary: 'Findings', schema: 'Diagnostics' },
    handle: ({ runner, query: { file } }) => runner.diagnostics((file as readonly string[]).length ? (file as readonly string[]) : undefined),
  },
  { method: 'get', path: '/flows', summary: 'All flows', answer: { summary: 'Flows', schema: 'Flows' }, handle: ({ runner }) => runner.flows() },
  { method: 'get', path: '/flows/{flow}', summary: 'One flow', answer: { summary: 'The flow', schema: 'FlowSummary' }, handle: flowOf },
  {
    method: 'get', path: '/flows/{flow}/schedule', summary: 'When the triggers of a flow fire next, as its file is',
    query: { from: { summary: 'Times after this one, in milliseconds since the epoch; default now.', type: 'integer', minimum: 0 }, count: { summary: 'Times per trigger.', type: 'integer', minimum: 1, maximum: 100, default: 5 } },
    answer: { summary: 'The times, in UTC', schema: 'FlowSchedule' }, also: { 422: 'A trigger cannot be read.' },
    handle: ({ runner, path, query: { from, count } }) => runner.schedule(path.flow!, given({ from, count })),
  },
  { method: 'post', path: '/flows/{flow}/enable', summary: 'Lets the triggers of a flow start runs', answer: { summary: 'The flow', schema: 'FlowSummary' }, handle: (call) => setEnabled(call, true) },
  { method: 'post', path: '/flows/{flow}/disable', summary: 'Keeps the triggers of a flow from starting runs', answer: { summary: 'The flow', schema: 'FlowSummary' }, handle: (call) => setEnabled(call, false) },
  {
    method: 'post', path: '/flows/{flow}/runs', summary: 'Starts a run; the raw body is its payload',
    query: {
      wait: { summary: 'Answer with the finished run instead of the started one.', type: 'flag', default: false },
      environment: { summary: 'Name of the environment.' },
      confirm: { summary: 'Needed for a run against an environment that is marked as production.', values: ['production'] },
      version: { summary: 'Number of a deployed version, `deployed`, or `draft`: the files as they are. Default the deployed one on a server, where there is one.' },
      'var.': { summary: 'Value of a flow variable: `var.since=2024-01-01`. JSON for variables that are no text.', isPrefix: true },
      step: { summary: 'Run this step alone.' },
      from: { summary: 'Run the steps from here on.' },
      until: { summary: 'Run the steps up to here, with it.' },
      now: { summary: 'Time that the run sees, in milliseconds since the epoch.', type: 'integer', minimum: 0 },
      seed: { summary: 'Seed of the random numbers.', type: 'integer', minimum: 0 },
      key: { summary: 'Two starts with one key start one run.' },
      priority: { summary: 'Place in the queue; default that of the flow.', values: priorities },
    },
    body: { summary: 'The payload, read by its content type; without one the flow starts with none.', schema: 'any' },
    answer: { summary: 'The run is durably queued', status: 202, schema: 'RunStarted' },
    also: { 200: 'With `wait=true`: the finished run (`RunResult`).', 403: 'The environment is marked as production, and the run is not confirmed.', 413: 'The payload is too large.', 422: 'The flow cannot run: its first finding.' },
    handle: startRun,
  },
  ...findRunsRoutes,
  { method: 'get', path: '/runs/{run}', summary: 'One run', answer: { summary: 'The run', schema: 'RunDetail' }, handle: runOf },
  {
    method: 'post', path: '/runs/{run}/stop', summary: 'Stops a run', answer: { summary: 'The run is being stopped', schema: 'RunStarted', status: 202 }, also: { 409: 'The run has ended.' },
    handle: async (call) => {
      const { id, status } = runOf(call);
      if (!(await call.runner.stop(id))) throw new FlowError('RUN_STOPPED', `The run has already ended: ${status}.`);
      return { run: id, status };
    },
  },
  {
    method: 'get', path: '/runs/{run}/events', summary: 'What happens in a run, as server-sent events until it has finished',
    query: { after: { summary: 'Only events after this number; the header `Last-Event-ID` says the same.', type: 'integer', minimum: 0 } },
    answer: { summary: 'Events; `data` is a `RunEvent`', mediaType: 'text/event-stream', schema: 'RunEvent' },
    handle: (call) => answerEvents(call, runOf(call).id),
  },
  {
    method: 'get', path: '/events', summary: 'Queued, started and finished runs, as server-sent events', answer: { summary: 'Events; `data` is a `RunEvent`', mediaType: 'text/event-stream', schema: 'RunEvent' },
    handle: (call) => answerEvents(call, undefined),
  },
  {
    method: 'get', path: '/runs/{run}/steps/{step}/payloads', summary: 'Payloads that went into a step, came out of it or failed in it',
    query: { side: { summary: 'Which of them.', values: ['in', 'out', 'failed'], default: 'in' }, ...paging },
    answer: { summary: 'A page of payloads', schema: 'PayloadPage' },
    handle: (call) => call.runner.archive.payloads(runOf(call).id, call.path.step!, call.query.side as 'in', call.query.page as number, call.query.per_page as number),
  },
  {
    method: 'get', path: '/runs/{run}/exchanges', summary: 'Requests that a run made, with the answers', query: { step: { summary: 'Only of this step.' }, ...paging },
    answer: { summary: 'A page of exchanges', schema: 'ExchangePage' },
    handle: (call) => call.runner.archive.exchanges(runOf(call).id, call.query.step as string | undefined, call.query.page as number, call.query.per_page as number),
  },
  {
    method: 'get', path: '/runs/{run}/logs', summary: 'Log of a run',
    query: { step: { summary: 'Only of this step.' }, level: { summary: 'This level and graver ones.', values: ['debug', 'info', 'warn', 'error'] }, ...paging },
    answer: { summary: 'A page of log lines', schema: 'LogPage' },
    handle: (call) => call.runner.archive.logs(runOf(call).id, given({ step: call.query.step, level: call.query.level, page: call.query.page, perPage: call.query.per_page })),
  },
  {
    method: 'get', path: '/runs/{run}/bodies/{hash}', summary: 'A body that a run refers to, whole or a range of it', answer: { summary: 'The body', mediaType: '*/*' },
    also: { 206: 'The range that was asked for.', 304: 'The body is as it was.', 416: 'The range lies outside of the body.' },
    handle: (call) => answerBody(call, runOf(call).id),
  },
  {
    method: 'get', path: '/runs/{run}/bodies/{hash}/items', summary: 'A window of a body, so that nobody has to load a big one',
    query: {
      path: { summary: 'JSON pointer of the value; empty is the whole document.', default: '' },
      offset: { summary: 'First entry.', type: 'integer', minimum: 0, default: 0 },
      limit: { summary: 'Number of entries; of bytes in texts.', type: 'integer', minimum: 1, maximum: 65_536, default: 100 },
    },
    answer: { summary: 'The window', schema: 'BodyWindow' },
    handle: async (call) => {
      const { path, offset, limit } = call.query as { path: string; offset: number; limit: number };
      return (await call.runner.archive.window(runOf(call).id, call.path.hash!, { path, offset, limit })) ?? refuse('This run has no such body, or the body no such place.');
    },
  },
  ...bodySearchRoutes,
  {
    method: 'post', path: '/evaluate', summary: 'Evaluates an expression as a flow would',
    body: { summary: 'The expression, with or without braces, and what it can see', schema: { type: 'object', properties: { expression: { type: 'string' }, scope: { type: 'object' } }, required: ['expression'] } },
    answer: { summary: 'The value', schema: 'Value' },
    handle: async (call) => {
      const { expression, scope = {} } = await readJson(call);
      if (typeof expression !== 'string' || typeof scope !== 'object' || scope === null) throw invalid('The request is {"expression": text, "scope": object}.');
      return { value: await call.runner.evaluate(expression, scope as Record<string, unknown>) };
    },
  },
  {
    method: 'post', path: '/transform', summary: 'Applies a transform to a value',
    body: { summary: 'Type and settings of the transform, and the value', schema: { type: 'object', properties: { type: { type: 'string' }, settings: { type: 'object' }, input: {} }, required: ['type'] } },
    answer: { summary: 'The value', schema: 'Value' },
    handle: async (call) => {
      const { type, settings = {}, input } = await readJson(call);
      if (typeof type !== 'string') throw invalid('The request is {"type": text, "settings": object, "input": any value}.');
      return { value: await call.runner.transform(type, settings, input) };
    },
  },
  ...queueRoutes,
  ...pastRunRoutes,
  ...versionRoutes,
  ...loginRoutes,
  ...inboxRoutes, ...importRoutes,
  ...trialRoutes,
  ...mockRoutes,
  ...expressionRoutes,
  ...mapRoutes,
  ...testRoutes,
  ...debugRoutes,
  ...stateRoutes,
  ...lookupRoutes,
  ...insightRoutes,
  ...auditRoutes,
  ...notificationRoutes,
  { method: 'get', path: '/secrets', summary: 'Names of the secrets, never their values', answer: { summary: 'Names', schema: 'Secrets' }, handle: ({ runner }) => runner.secrets.list() },
];

async function flowOf({ runner, path }: Call) {
  return (await runner.flows()).find(({ id }) => id === path.flow) ?? refuse(`There is no flow "${path.flow}".`);
}

async function setEnabled(call: Call, enabled: boolean) {
  await flowOf(call);
  await call.runner.setEnabled(call.path.flow!, enabled);
  return flowOf(call);
}

function runOf({ runner, path }: Call) {
  return runner.archive.run(path.run!) ?? refuse(`There is no run "${path.run}".`);
}

function refuse(message: string): never {
  throw notFound(message);
}
