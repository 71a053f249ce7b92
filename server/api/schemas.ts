import type { Infer, Schema } from '../../plugins/sdk/index.ts';
import type * as api from '../model/api.ts';
import type { BodyFound, BodyResults } from '../model/body-find.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { InboxDetail, InboxRow, InboxSent, InboxState } from '../model/inbox.ts';
import type { Completions, HoverAnswer, LastPayloadAnswer } from '../model/flow-completion.ts';
import type { MapCheck, MapLineage, MapSuggestions, MapTest, MapTrial } from '../model/map-report.ts';
import { priorities } from '../model/flow.ts';
import { runStatuses, type ExchangeHead, type PageNote, type PayloadHead, type RunError, type StepCounts } from '../model/run-event.ts';
import type { PayloadDiff, RunDiff } from '../model/run-diff.ts';
import type { RunLineage } from '../model/run-lineage.ts';
import type { SavedCase, TestFileSummary, TestReport } from '../model/test-report.ts';
import type { Detection, Trial } from '../model/trial.ts';
import { anyObject, flag, integer, listOf, mapOf, number, object, pageOf, text, texts, time } from './schema-parts.ts';
import { inboxSchemasOf } from './inbox-schemas.ts';
import { operationSchemasOf } from './operation-schemas.ts';
import { stateSchemas } from './state-schemas.ts';
import { expressionSchemas } from './expression-schemas.ts';
import { mapSchemasOf } from './map-schemas.ts';
import { testSchemasOf } from './test-schemas.ts';
import { trialSchemasOf } from './trial-schemas.ts';

// JSON Schemas of what the API and the command line answer, for the OpenAPI description and for tests. `Checks` below holds them to the types of the model.

const runStatus = { enum: runStatuses } as const;
const severity = { enum: ['error', 'warning', 'info'] } as const;
const kind = { enum: ['object', 'array', 'string', 'number', 'boolean', 'null', 'text', 'binary'] } as const;
const side = { enum: ['in', 'out', 'failed'] } as const;
const level = { enum: ['debug', 'info', 'warn', 'error'] } as const;

const problem = object({ type: { const: 'about:blank' }, title: text, status: integer, code: text, detail: text, remedy: text, pointer: text }, ['type', 'title', 'status', 'code', 'detail']);
const place = object({ file: text, line: integer, column: integer, pointer: text }, []);
const runError = object({ code: text, message: text, step: text, remedy: text, place, details: anyObject }, ['code', 'message']);
const payloadHead = object({ id: text, mediaType: text, meta: texts, body: text, sealed: text, sealedMeta: text, size: integer, records: integer, isText: { const: true } }, ['id', 'mediaType', 'body', 'size']);
const pageNote = object({ index: integer, records: integer, stop: text, byGuess: flag, slice: text, endpoint: text, at: time }, ['index', 'records', 'at']);
const stepCounts = object(
  { in: integer, out: integer, failed: integer, records: integer, durationMs: number, ports: mapOf(integer), retries: integer, bytes: integer, requests: integer, connector: text, firstAt: time, lastAt: time, pages: integer, lastPages: listOf(pageNote), working: integer, workingSince: time, stopped: integer },
  ['in', 'out', 'failed', 'records', 'durationMs', 'ports', 'retries'],
);
const runOrigin = object({ kind: { enum: ['retry', 'resume', 'replay', 'flow'] }, run: text, root: text, times: integer }, ['kind', 'run']);
const summaryFields = { id: text, flow: text, status: runStatus, trigger: text, environment: text, version: integer, queuedAt: time, startedAt: time, durationMs: number, failedPayloads: integer, error: runError, origin: runOrigin, pinned: { const: true } } as const;
const runSummary = object(summaryFields, ['id', 'flow', 'status', 'trigger', 'queuedAt', 'failedPayloads']);
const runDetail = object(
  { ...summaryFields, flowVersion: text, seed: integer, input: payloadHead, steps: mapOf(stepCounts), flowText: text },
  ['id', 'flow', 'status', 'trigger', 'queuedAt', 'failedPayloads', 'flowVersion', 'steps', 'flowText'],
);
const runStarted = object({ run: text, status: runStatus }, ['run', 'status']);
const failureNote = object({ code: text, message: text, remedy: text, place, details: anyObject, step: text, payload: text, caughtBy: text }, ['code', 'message', 'step', 'payload']);
const runResult = object(
  { run: text, status: runStatus, durationMs: number, steps: mapOf(stepCounts), outputs: { type: 'array' }, moreOutputs: number, outputError: runError, failures: listOf(failureNote), error: runError },
  ['run', 'status', 'durationMs', 'steps', 'outputs', 'failures'],
);
const versionFields = { number: integer, hash: text, at: time, by: text, note: text } as const;
const versionSummary = object(versionFields, ['number', 'hash', 'at', 'by']);
const replayDifference = object({ kind: { enum: ['changed', 'missing', 'new', 'status', 'request'] }, step: text, port: text, payload: text, was: text, is: text, values: listOf(object({ pointer: text, before: {}, after: {} }, ['pointer'])), lines: listOf(text) }, ['kind']);
const replayResult = object(
  { run: text, status: runStatus, durationMs: number, steps: mapOf(stepCounts), outputs: { type: 'array' }, moreOutputs: number, outputError: runError, failures: listOf(failureNote), error: runError, identical: flag, differences: listOf(replayDifference) },
  ['run', 'status', 'durationMs', 'steps', 'outputs', 'failures', 'identical', 'differences'],
);
const flowSummary = object(
  { id: text, file: text, title: text, triggers: listOf(object({ id: text, type: text, url: text, next: listOf(text) }, ['id', 'type'])), enabled: flag, errors: integer, lastRun: runSummary, deployed: versionSummary, draftDiffers: flag },
  ['id', 'file', 'title', 'triggers', 'enabled', 'errors'],
);
const versionUse = object({ version: integer, at: time, by: text, action: { enum: ['deploy', 'rollback'] } }, ['version', 'at', 'by', 'action']);
const flowVersions = object({ flow: text, deployed: integer, enabled: flag, draftDiffers: flag, versions: listOf(versionSummary), history: listOf(versionUse) }, ['flow', 'enabled', 'versions', 'history']);
const versionDetail = object({ ...versionFields, flow: text, engine: text, packages: texts, flows: listOf(text), files: texts }, ['number', 'hash', 'at', 'by', 'flow', 'engine', 'packages', 'flows', 'files']);
const deployResult = object({ ...versionFields, flow: text, isNew: flag, previous: integer, undeployed: listOf(text) }, ['number', 'hash', 'at', 'by', 'flow', 'isNew']);
const fileChange = object({ file: text, change: { enum: ['added', 'removed', 'changed'] }, values: listOf(object({ pointer: text, before: {}, after: {} }, ['pointer'])), lines: listOf(text) }, ['file', 'change']);
const versionDiff = object({ flow: text, from: text, to: text, files: listOf(fileChange), packages: listOf(object({ name: text, before: text, after: text }, ['name'])) }, ['flow', 'from', 'to', 'files', 'packages']);
const payloadRow = object(
  { id: text, mediaType: text, meta: texts, body: text, sealed: text, sealedMeta: text, size: integer, records: integer, isText: { const: true }, side, step: text, port: text, from: text, at: time, durationMs: number, error: runError, caughtBy: text },
  ['id', 'mediaType', 'body', 'size', 'side', 'step', 'at'],
);
const exchangeFields = {
  id: text, method: text, url: text, requestHeaders: texts, requestBody: text, fingerprint: text, status: integer, responseHeaders: texts, responseBody: text, responseSealed: text, error: runError, attempt: integer, durationMs: number, waitedMs: number, connector: text, isUnrepeatable: { const: true },
} as const;
const exchangeHead = object(exchangeFields, ['id', 'method', 'url', 'requestHeaders', 'attempt', 'durationMs']);
const exchangeRow = object({ ...exchangeFields, step: text, payload: text, at: time }, ['id', 'method', 'url', 'requestHeaders', 'attempt', 'durationMs', 'at']);
const logRow = object({ seq: integer, step: text, payload: text, level, message: text, fields: anyObject, at: time }, ['seq', 'level', 'message', 'at']);
const bodyEntry = object({ key: text, kind, count: integer, value: {}, cut: flag }, ['key', 'kind']);
const bodyWindow = object(
  { hash: text, size: integer, mediaType: text, kind, count: integer, offset: integer, entries: listOf(bodyEntry), value: {}, faulty: object({ bytes: integer }, ['bytes']), cut: flag },
  ['hash', 'size', 'mediaType', 'kind', 'count', 'offset', 'entries'],
);
const bodyFound = object({ matches: listOf(object({ pointer: text, side: { enum: ['key', 'value', 'line'] }, line: integer, offset: integer, excerpt: text }, ['pointer', 'side', 'excerpt'])), skipped: integer, cursor: text }, ['matches', 'skipped']);
const bodyResults = object({ results: listOf(object({ pointer: text, kind, count: integer, value: {}, cut: flag }, ['pointer', 'kind'])), next: integer }, ['results']);
const pluginState = object({ source: text, state: { enum: ['loaded', 'failed'] }, provides: listOf(object({ kind: text, type: text }, ['kind', 'type'])), error: text, line: integer, column: integer }, ['source', 'state', 'provides']);
const workspaceInfo = object(
  {
    root: text, title: text, version: text, node: text, environment: text,
    environments: listOf(object({ id: text, production: flag }, ['id', 'production'])),
    instances: listOf(object({ id: text, connector: text, missingSecrets: listOf(text) }, ['id', 'connector', 'missingSecrets'])),
    connectors: listOf(object({ id: text, title: text, endpoints: listOf(object({ id: text, title: text, direction: text, params: anyObject }, ['id', 'title', 'direction', 'params'])) }, ['id', 'title', 'endpoints'])),
    flows: listOf(text), scripts: listOf(text), schemas: listOf(text), lookups: listOf(text), plugins: listOf(pluginState),
  },
  ['root', 'title', 'version', 'node', 'environments', 'instances', 'connectors', 'flows', 'scripts', 'schemas', 'lookups', 'plugins'],
);
const quickFix = object({ title: text, set: listOf(object({ path: listOf({ type: ['string', 'integer'] } as const), value: {} }, ['path'])) }, ['title', 'set']);
const diagnostic = object(
  { file: text, path: text, line: integer, column: integer, endLine: integer, endColumn: integer, severity, code: text, message: text, fix: text, meant: text, quickFixes: listOf(quickFix) },
  ['file', 'path', 'line', 'column', 'severity', 'code', 'message'],
);
/** Open: each kind of plugin has fields of its own. */
const catalogEntry = { type: 'object', properties: { kind: text, type: text, title: text, summary: text, source: text, settings: anyObject, examples: listOf(anyObject) }, required: ['kind', 'type', 'title', 'summary', 'source', 'settings', 'examples'], additionalProperties: true } as const;
const catalogAnswer = object({ plugins: listOf(catalogEntry) }, ['plugins']);
/** Open: `type` of the event says what else stands in it. */
const runEvent = object({ run: text, seq: integer, event: { type: 'object', properties: { type: text }, required: ['type'], additionalProperties: true } }, ['run', 'seq', 'event']);
const secretName = object({ name: text, origin: { enum: ['environment', 'store', 'editor'] } }, ['name', 'origin']);
const openMock = object({ connector: text, url: text, elsewhere: listOf(text) }, ['connector', 'url', 'elsewhere']);
const triggerTimes = object({ trigger: text, type: text, times: listOf(text), note: text }, ['trigger', 'type', 'times']);
const queueRow = object(
  {
    run: text, flow: text, trigger: text, environment: text, version: integer, isAtWork: flag, priority: { enum: priorities }, queuedAt: time, startedAt: time, notBefore: time, flowLimit: integer, flowAtWork: integer,
    owner: text, isOwn: flag, strikes: integer, isStopping: flag, waitsFor: { enum: ['time', 'flow-limit', 'earlier-run', 'turn'] },
  },
  ['run', 'flow', 'trigger', 'isAtWork', 'priority', 'queuedAt', 'flowAtWork', 'strikes'],
);
const queuePage = object({ items: listOf(queueRow), page: integer, perPage: integer, total: integer, atWork: integer, waiting: integer, limit: integer }, ['items', 'page', 'perPage', 'total', 'atWork', 'waiting', 'limit']);
const value = object({ value: {} }, []);
const loginStarted = object({ url: text, state: text }, ['url', 'state']);
const loginFinished = object({ instance: text, method: text }, ['instance']);
const loginState = object({ instance: text, method: text, state: { enum: ['in', 'ended', 'out', 'unknown'] } as const, until: time, isRenewed: flag, problem: text }, ['instance', 'state']);
const imported = object(
  {
    connector: text, manifest: anyObject, auth: listOf(object({ name: text, type: text, secrets: listOf(text) }, ['name', 'type', 'secrets'])), operations: integer,
    skipped: listOf(object({ what: text, why: text }, ['what', 'why'])), suggestions: listOf(object({ kind: { enum: ['pagination', 'auth', 'direction'] }, endpoint: text, value: {}, score: number, why: text }, ['kind', 'value', 'score', 'why'])),
    tags: { type: 'object', additionalProperties: listOf(text) },
  },
  ['connector', 'manifest', 'auth', 'operations', 'skipped', 'suggestions'],
);

/** By the name under which the OpenAPI description holds them. */
export const schemas = {
  Problem: problem, Place: place, RunError: runError, PayloadHead: payloadHead, PageNote: pageNote, StepCounts: stepCounts, RunSummary: runSummary, RunDetail: runDetail, RunStarted: runStarted, DebugSession: object({ session: text }, ['session']),
  FailureNote: failureNote, RunResult: runResult, ReplayResult: replayResult, ReplayDifference: replayDifference, FlowSummary: flowSummary, PayloadRow: payloadRow, ExchangeHead: exchangeHead, ExchangeRow: exchangeRow, LogRow: logRow, BodyEntry: bodyEntry, BodyWindow: bodyWindow, BodyFound: bodyFound, BodyResults: bodyResults,
  PluginState: pluginState, WorkspaceInfo: workspaceInfo, Diagnostic: diagnostic, CatalogEntry: catalogEntry, CatalogAnswer: catalogAnswer, RunEvent: runEvent, SecretName: secretName, Value: value, LoginStarted: loginStarted, LoginFinished: loginFinished, LoginState: loginState, LoginEnded: object({ instance: text, isEnded: flag }, ['instance', 'isEnded']), Logins: listOf(loginState), OpenMock: openMock, OpenMocks: listOf(openMock), Import: imported,
  VersionSummary: versionSummary, FlowVersions: flowVersions, VersionDetail: versionDetail, DeployResult: deployResult, FileChange: fileChange, VersionDiff: versionDiff,
  TriggerTimes: triggerTimes, FlowSchedule: listOf(triggerTimes), Flows: listOf(flowSummary), Plugins: listOf(pluginState), Diagnostics: listOf(diagnostic), Secrets: listOf(secretName),
  RunPage: pageOf(runSummary), PayloadPage: pageOf(payloadRow), ExchangePage: pageOf(exchangeRow), LogPage: pageOf(logRow), QueueRow: queueRow, QueuePage: queuePage,
  ...stateSchemas, ...trialSchemasOf(runError), ...expressionSchemas, ...mapSchemasOf(runError, quickFix, diagnostic), ...testSchemasOf(stepCounts), ...operationSchemasOf(runSummary), ...inboxSchemasOf(runStatus),
} as const satisfies Record<string, Schema>;

export type SchemaName = keyof typeof schemas;

/** Does not compile where a schema and the type of the model say different things. */
type Fits<S, T> = Infer<S> extends T ? (keyof T extends keyof Infer<S> ? true : false) : false;
type Assert<T extends true> = T;
type All = typeof schemas;
export type Checks = [
  Assert<Fits<All['Problem'], api.Problem>>,
  Assert<Fits<All['RunError'], RunError>>,
  Assert<Fits<All['PayloadHead'], PayloadHead>>,
  Assert<Fits<All['PageNote'], PageNote>>,
  Assert<Fits<All['StepCounts'], StepCounts>>,
  Assert<Fits<All['RunSummary'], api.RunSummary>>,
  Assert<Fits<All['RunDetail'], api.RunDetail>>,
  Assert<Fits<All['RunStarted'], api.RunStarted>>,
  Assert<Fits<All['FailureNote'], api.FailureNote>>,
  Assert<Fits<All['RunResult'], api.RunResult>>,
  Assert<Fits<All['ReplayResult'], api.ReplayResult>>,
  Assert<Fits<All['FlowSummary'], api.FlowSummary>>,
  Assert<Fits<All['TriggerTimes'], api.TriggerTimes>>,
  Assert<Fits<All['PayloadRow'], api.PayloadRow>>,
  Assert<Fits<All['ExchangeHead'], ExchangeHead>>,
  Assert<Fits<All['ExchangeRow'], api.ExchangeRow>>,
  Assert<Fits<All['LogRow'], api.LogRow>>,
  Assert<Fits<All['BodyEntry'], api.BodyEntry>>,
  Assert<Fits<All['BodyWindow'], api.BodyWindow>>,
  Assert<Fits<All['BodyFound'], BodyFound>>,
  Assert<Fits<All['BodyResults'], BodyResults>>,
  Assert<Fits<All['PluginState'], api.PluginState>>,
  Assert<Fits<All['WorkspaceInfo'], api.WorkspaceInfo>>,
  Assert<Fits<All['VersionSummary'], api.VersionSummary>>,
  Assert<Fits<All['FlowVersions'], api.FlowVersions>>,
  Assert<Fits<All['VersionDetail'], api.VersionDetail>>,
  Assert<Fits<All['DeployResult'], api.DeployResult>>,
  Assert<Fits<All['FileChange'], api.FileChange>>,
  Assert<Fits<All['VersionDiff'], api.VersionDiff>>,
  Assert<Fits<All['CacheSummary'], api.CacheSummary>>,
  Assert<Fits<All['CacheKeyRow'], api.CacheKeyRow>>,
  Assert<Fits<All['CachedRow'], api.CachedRow>>,
  Assert<Fits<All['PoolSummary'], api.PoolSummary>>,
  Assert<Fits<All['PoolValueRow'], api.PoolValueRow>>,
  Assert<Fits<All['TrackedRow'], api.TrackedRow>>,
  Assert<Fits<All['OpenMock'], api.OpenMock>>,
  Assert<Fits<All['LookupSummary'], api.LookupSummary>>,
  Assert<Fits<All['LookupPage'], api.LookupPage>>,
  Assert<Fits<All['LookupDetail'], api.LookupDetail>>,
  Assert<Fits<All['LookupFound'], api.LookupFound>>,
  Assert<Fits<All['StateChange'], api.StateChange>>,
  Assert<Fits<All['QueueRow'], api.QueueRow>>,
  Assert<Fits<All['QueuePage'], api.QueuePage>>,
  Assert<Fits<All['RunActionsResult'], api.RunActionsResult>>,
  Assert<Fits<All['PayloadSearch'], api.PayloadSearch>>,
  Assert<Fits<All['Insights'], api.Insights>>,
  Assert<Fits<All['AuditRow'], api.AuditRow>>,
  Assert<Fits<All['NotificationState'], api.NotificationState>>,
  Assert<Fits<All['NotificationTest'], api.NotificationTest>>,
  Assert<Fits<All['InboxRow'], InboxRow>>,
  Assert<Fits<All['InboxDetail'], InboxDetail>>,
  Assert<Fits<All['InboxState'], InboxState>>,
  Assert<Fits<All['InboxSent'], InboxSent>>,
  Assert<Fits<All['Trial'], Trial>>,
  Assert<Fits<All['Detection'], Detection>>,
  Assert<Fits<All['RunDiff'], RunDiff>>,
  Assert<Fits<All['PayloadDiff'], PayloadDiff>>,
  Assert<Fits<All['ImportedRun'], api.ImportedRun>>,
  Assert<Fits<All['RunLineage'], RunLineage>>,
  Assert<Fits<All['TestReport'], TestReport>>,
  Assert<Fits<All['TestFiles']['items'], TestFileSummary>>,
  Assert<Fits<All['SavedCase'], SavedCase>>,
  Assert<Fits<All['MapCheck'], MapCheck>>,
  Assert<Fits<All['MapLineage'], MapLineage>>,
  Assert<Fits<All['MapSuggestions'], MapSuggestions>>,
  Assert<Fits<All['MapTrial'], MapTrial>>,
  Assert<Fits<All['Completions'], Completions>>,
  Assert<Fits<All['HoverAnswer'], HoverAnswer>>,
  Assert<Fits<All['LastPayloadAnswer'], LastPayloadAnswer>>,
  Assert<Fits<All['MapTest'], MapTest>>,
  Assert<Fits<All['Diagnostic'], Diagnostic>>,
];
