import { errors, type ErrorCode, type Schema } from '../../plugins/sdk/index.ts';
import { anyObject, flag, integer, listOf, number, object, text } from './schema-parts.ts';

const side = object({ schema: anyObject, from: text, likely: anyObject }, ['schema']);
const fault = object({ pointer: text, message: text }, ['pointer', 'message']);
const path = listOf({ type: ['string', 'integer'] } as const);
const place = object({ file: text, line: integer, column: integer }, ['file', 'line', 'column']);
const codes = { enum: Object.keys(errors) as ErrorCode[] } as const;
const rule = object({ from: text, to: text, transforms: listOf(object({ type: text, settings: {} }, ['type'])) }, ['from', 'to']);
const ruleLineage = object({ rule: integer, sources: listOf(text), chain: listOf(text), default: {}, isConditional: flag, asked: listOf(text) }, ['sources', 'chain', 'isConditional']);
const sides = { source: side, target: side } as const;

/** Schemas of what the API says of mappings. `runError`, `quickFix`: those of the others. */
export const mapSchemasOf = <const E extends object, const Q extends object, const D extends object>(runError: E, quickFix: Q, diagnostic: D) => {
  const finding = object(
    {
      severity: { enum: ['error', 'warning', 'info'] }, code: codes, kind: { enum: ['dead-source', 'dead-condition', 'unknown-target', 'type-mismatch', 'value-mismatch', 'may-be-null', 'conflict', 'missing-target', 'may-be-missing'] },
      place: path, target: text, message: text, fix: text, quickFixes: listOf(quickFix), at: place,
    },
    ['severity', 'code', 'kind', 'place', 'target', 'message', 'fix', 'quickFixes'],
  );
  const field = object({ rule: integer, to: text, values: listOf({}), error: runError }, ['rule', 'to', 'values']);
  return {
    MapCheck: object({ ...sides, output: anyObject, findings: listOf(finding), faults: listOf(diagnostic) }, ['source', 'target', 'output', 'findings', 'faults']),
    MapLineage: object(
      { ...sides, targets: listOf(object({ path: text, rules: listOf(ruleLineage) }, ['path', 'rules'])), sources: listOf(object({ path: text, targets: listOf(text) }, ['path', 'targets'])) },
      ['source', 'target', 'targets', 'sources'],
    ),
    MapSuggestions: object({ ...sides, suggestions: listOf(object({ rule, score: number, why: text }, ['rule', 'score', 'why'])) }, ['source', 'target', 'suggestions']),
    MapTrial: object({ input: {}, from: text, records: integer, output: {}, fields: listOf(field), faults: listOf(fault), error: runError }, ['input', 'from', 'records', 'fields', 'faults']),
    MapTest: object({ ...sides, seed: integer, inputs: integer, asked: integer, ended: { type: 'string', enum: ['time', 'unfit'] }, unreached: listOf(object({ to: text, pointer: text, at: place }, ['to', 'pointer'])), counterexample: object({ input: {}, output: {}, faults: listOf(fault), error: runError }, ['input', 'faults']) }, ['source', 'target', 'seed', 'inputs', 'asked']),
  } as const satisfies Record<string, Schema>;
};
