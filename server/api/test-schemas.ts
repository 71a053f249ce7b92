import type { Schema } from '../../plugins/sdk/index.ts';
import { runStatuses } from '../model/run-event.ts';
import { flag, integer, listOf, mapOf, number, object, text } from './schema-parts.ts';

/** Schemas of what the API says of tests, and of runs that are compared. `stepCounts`: that of the others. */
export const testSchemasOf = <const S extends object>(stepCounts: S) => {
  const failure = object({ message: text, pointer: text, line: integer, column: integer, place: text, expected: {}, actual: {}, step: text, remedy: text }, ['message', 'pointer', 'line', 'column']);
  const run = object({ status: { enum: ['success', 'partial-success', 'failed', 'stopped', 'interrupted'] }, steps: mapOf(stepCounts) }, ['status', 'steps']);
  const report = object(
    { file: text, name: text, row: integer, flow: text, line: integer, status: { enum: ['passed', 'failed', 'skipped'] }, durationMs: integer, failures: listOf(failure), reason: text, run, input: {} },
    ['file', 'name', 'flow', 'line', 'status', 'durationMs', 'failures'],
  );
  const outcomes = {
    conditions: listOf(object({ pointer: text, line: integer, text, holds: integer, fails: integer }, ['pointer', 'line', 'text', 'holds', 'fails'])),
    rules: listOf(object({ pointer: text, line: integer, to: text, value: integer, default: integer, nothing: integer, skipped: integer }, ['pointer', 'line', 'to', 'value', 'nothing'])),
  } as const;
  const coverage = object({ flow: text, file: text, steps: listOf(object({ id: text, line: integer, count: integer, ports: mapOf(integer), ...outcomes }, ['id', 'line', 'count', 'ports', 'conditions', 'rules'])) }, ['flow', 'file', 'steps']);
  const map = object({ map: text, file: text, ...outcomes }, ['map', 'file', 'conditions', 'rules']);
  const cases = listOf(object({ name: text, line: integer, skip: text }, ['name', 'line']));
  const compared = object({ run: text, flow: text, status: { enum: runStatuses }, error: object({ code: text, message: text, step: text }, ['code', 'message']) }, ['run', 'flow', 'status']);
  const change = object({ pointer: text, before: {}, after: {} }, ['pointer']);
  const records = {
    total: object({ same: integer, changed: integer, added: integer, removed: integer, moved: integer }, ['same', 'changed', 'added', 'removed', 'moved']), key: text,
    rows: listOf(object({ kind: { enum: ['changed', 'moved', 'added', 'removed'] }, key: {}, before: integer, after: integer, record: {}, changes: listOf(change), more: integer }, ['kind', 'key'])),
  } as const;
  const port = object({ port: text, ...records }, ['port', 'total', 'rows']);
  const side = object({ payloads: integer, records: integer, isCut: flag }, ['payloads', 'records', 'isCut']);
  const exchange = object({ id: text, attempt: integer, method: text, url: text, status: integer }, ['id', 'attempt', 'method', 'url']);
  const how = object({ by: { enum: ['same', 'records', 'rule', 'opaque', 'handed', 'read', 'constant'] }, shape: text, rule: integer, to: text, chain: listOf(text), fields: listOf(text), isLikely: { const: true } }, ['by']);
  const place = object(
    { id: integer, kind: { enum: ['payload', 'response', 'input', 'made'] }, step: text, side: { enum: ['in', 'out', 'failed'] }, port: text, payload: text, body: text, exchange, pointer: text, value: {}, from: listOf(integer), how },
    ['id', 'kind', 'pointer', 'from'],
  );
  const step = object({ step: text, counts: mapOf(object({ before: number, after: number }, ['before', 'after'])), ports: listOf(port), failed: object(records, ['total', 'rows']), errors: listOf(object({ code: text, message: text, before: integer, after: integer }, ['code', 'message', 'before', 'after'])) }, ['step', 'counts', 'ports']);
  return {
    RunDiff: object({ before: compared, after: compared, identical: flag, steps: listOf(step), cut: listOf(text) }, ['before', 'after', 'identical', 'steps', 'cut']),
    PayloadDiff: object({ before: side, after: side, ...records, lines: listOf(text) }, ['before', 'after', 'total', 'rows']),
    RunLineage: object({ run: text, places: listOf(place), isCut: flag }, ['run', 'places', 'isCut']),
    ImportedRun: object({ run: text, isNew: flag }, ['run', 'isNew']),
    TestReport: object({ passed: integer, failed: integer, skipped: integer, durationMs: integer, cases: listOf(report), coverage: listOf(coverage), maps: listOf(map), stale: listOf(object({ file: text, line: integer, column: integer, pointer: text, message: text, remedy: text }, ['file', 'line', 'column', 'pointer', 'message'])), written: listOf(text) }, ['passed', 'failed', 'skipped', 'durationMs', 'cases', 'coverage', 'maps', 'stale', 'written']),
    TestFiles: listOf(object({ file: text, flow: text, title: text, cases }, ['file', 'flow', 'cases'])),
    SavedCase: object({ file: text, name: text, written: listOf(text), notes: listOf(text) }, ['file', 'name', 'written', 'notes']),
  } as const satisfies Record<string, Schema>;
};
