import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { MapFinding } from '../../server/model/map-check.ts';
import { findProblems, worst } from './problems.ts';
import { readRules } from './rules.ts';

const rules = readRules([{ from: 'id', to: 'reference' }, { from: ['a', 'gone.b'], to: 'name' }]);
const finding = (kind: MapFinding['kind'], place: MapFinding['place'], target: string, severity: MapFinding['severity'] = 'warning'): MapFinding => ({ severity, code: 'CONFIG_PATH', kind, place, target, message: `${kind} of ${target}`, fix: 'Mend it.', quickFixes: [] });
const diagnostic = (path: string, message: string): Diagnostic => ({ severity: 'error', code: 'CONFIG_INVALID', message, path, file: 'flows/a.flow.json', line: 1, column: 1 }) as unknown as Diagnostic;

describe('problems stand where they belong', () => {
  const check = (what: string, { findings = [], diagnostics = [], faults = [] }: { readonly findings?: readonly MapFinding[]; readonly diagnostics?: readonly Diagnostic[]; readonly faults?: readonly { readonly pointer: string; readonly message: string }[] }, expected: object): void => void test(what, () => {
    const look = { source: { schema: {} }, target: { schema: {} }, findings, lineage: { targets: [], sources: [] } };
    const found = findProblems({ pointer: '/steps/m/settings', diagnostics }, look, { input: {}, from: 'given', records: 1, fields: [], faults }, rules);
    const messages = (map: ReadonlyMap<string | number, readonly { readonly message: string }[]>) => Object.fromEntries([...map].map(([key, problems]) => [key, problems.map(({ message }) => message)]));
    assert.deepEqual({ rules: messages(found.ofRule), sources: messages(found.ofSource), fields: messages(found.ofField) }, { rules: {}, sources: {}, fields: {}, ...expected });
  });
  check('a source that leads nowhere: at its rule and at the source, not at another', { findings: [finding('dead-source', ['rules', 1, 'from', 1], 'name')] }, { rules: { 1: ['dead-source of name'] }, sources: { 'gone.b': ['dead-source of name'] } });
  check('the only source', { findings: [finding('dead-source', ['rules', 0, 'from'], 'reference')] }, { rules: { 0: ['dead-source of reference'] }, sources: { id: ['dead-source of reference'] } });
  check('a target of another type: at its rule alone', { findings: [finding('type-mismatch', ['rules', 0, 'to'], 'reference')] }, { rules: { 0: ['type-mismatch of reference'] } });
  check('a required field without a rule', { findings: [finding('missing-target', ['rules'], "$['amount']")] }, { fields: { amount: ['missing-target of $[\'amount\']'] } });
  check('a rule of a mapping file: at the field', { findings: [finding('dead-source', ['map'], 'other')] }, { fields: { other: ['dead-source of other'] } });
  check('what the check of the file says, of rules only, and once', { findings: [finding('unknown-target', ['rules', 0, 'to'], 'reference')], diagnostics: [diagnostic('/steps/m/settings/rules/0/to', 'unknown-target of reference'), diagnostic('/steps/m/settings/rules/1/transforms/0', 'no such transform'), diagnostic('/steps/n/settings/rules/1', 'of another step'), diagnostic('/steps/m/settings/records', 'no rule')] }, { rules: { 0: ['unknown-target of reference'], 1: ['no such transform'] } });
  check('what the target says against the result: items of a list together', { faults: [{ pointer: '/lines/0/code', message: 'is missing' }, { pointer: '/lines/7/code', message: 'is missing' }, { pointer: '/odd name', message: 'is no number' }] }, { fields: { 'lines[*].code': ['is missing'], "['odd name']": ['is no number'] } });
});

test('the worst of them gives the tone', () => {
  const [info, warning, error] = (['info', 'warning', 'error'] as const).map((severity) => ({ word: undefined, severity, message: '', fix: undefined, quickFixes: [] }));
  assert.deepEqual([worst([], false), worst([info!], false), worst([info!, warning!], false), worst([warning!, error!], false), worst([], true)], ['good', 'good', 'warn', 'bad', 'bad']);
});
