import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { validateXML } from 'xmllint-wasm';
import { junitSchema } from '../../test/support/junit-schema.ts';
import type { CaseReport, TestReport } from '../model/test-report.ts';
import { coverageText, reporters, reportText } from './test-reporters.ts';

const nasty = 'a <b> & "c" \u0007\u001b[31m, 50%: x\n]]>';
const failed: CaseReport = { file: 'flows/a,b.test.json', name: nasty, row: 2, flow: 'a', line: 4, status: 'failed', durationMs: 12, failures: [{ message: `It is ${nasty}`, pointer: '/cases/x/expect', line: 7, column: 3, expected: { a: nasty }, actual: null, remedy: 'Look.' }], input: { id: nasty } };
const report: TestReport = {
  passed: 1, failed: 1, skipped: 1, durationMs: 1_234, written: [], stale: [],
  maps: [{ map: 'address', file: 'maps/address.map.json', conditions: [], rules: [{ pointer: '/rules/0', line: 4, to: 'line1', value: 1, nothing: 0 }] }],
  cases: [{ ...failed, name: 'good', status: 'passed', failures: [] }, failed, { ...failed, file: 'flows/c.test.json', name: 'later', status: 'skipped', failures: [], reason: 'not yet' }],
  coverage: [{
    flow: 'a', file: 'flows/a.flow.json', steps: [
      { id: 'get', line: 3, count: 2, ports: { out: 2, failed: 0 }, conditions: [{ pointer: '/steps/get/settings/conditions/0', line: 4, text: 'total at-least 100', holds: 2, fails: 0 }], rules: [{ pointer: '/steps/get/settings/rules/0', line: 6, to: 'note', value: 2, default: 0, nothing: 0 }] },
      { id: 'put', line: 9, count: 0, ports: { out: 0 }, conditions: [], rules: [] },
    ],
  }],
};
const plain = { hasColour: false };

test('JUnit: valid whatever stands in it, with the counts of each suite and files as class names', async () => {
  const text = reportText('junit', report, plain);
  for (const xml of [text, reportText('junit', { ...report, cases: [] }, plain)]) assert.deepEqual((await validateXML({ xml, schema: junitSchema })).errors, []);
  const { testsuites } = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testsuite' || name === 'testcase' }).parse(text) as { testsuites: { testsuite: { testcase: Record<string, unknown>[] }[] } & Record<string, unknown> };
  assert.deepEqual(['@_tests', '@_failures', '@_errors', '@_time'].map((name) => testsuites[name]), ['3', '1', '0', '1.234']);
  assert.deepEqual(testsuites.testsuite.map((suite) => [(suite as never)['@_name'], (suite as never)['@_tests'], (suite as never)['@_failures'], (suite as never)['@_skipped'], (suite as never)['@_time']]), [['flows/a,b.test.json', '2', '1', '0', '0.024'], ['flows/c.test.json', '1', '0', '1', '0.012']]);
  const [good, bad] = testsuites.testsuite[0]!.testcase;
  assert.deepEqual([good!['failure'], bad!['@_classname']], [undefined, 'flows/a,b.test.json']);
  assert.match(JSON.stringify(bad!['failure']), /at flows\/a,b\.test\.json:7:3/);
  assert.match(text, /<skipped message="not yet"\/>/);
  assert.doesNotMatch(text, /(?![\t\n\r])\p{Cc}/u);
});

test('GitHub: one command for each failure, at its line, in one line', () => {
  const text = reportText('github', report, plain);
  assert.equal(text.split('\n').length, 2);
  assert.match(reportText('github', report, plain, 'integrations/shop'), /^::error file=integrations\/shop\/flows\/a%2Cb\.test\.json,line=7/);
  assert.match(reportText('github', { ...report, cases: [], stale: [{ file: 'flows/a.test.json', line: 3, column: 5, pointer: '/mocks/0', message: 'The record 1: 50%', remedy: 'Look.' }] }, plain, 'shop'), /^::warning file=shop\/flows\/a\.test\.json,line=3,col=5,title=stale mock::The record 1: 50%25%0ALook\.\n$/);
  assert.match(text, /^::error file=flows\/a%2Cb\.test\.json,line=7,col=3,title=a <b> .*50%25%3A x%0A/);
});

test('for people: what failed, where, what was expected; nothing of it steers the terminal', () => {
  const text = reportText('spec', report, plain);
  assert.match(text, /✔ good #2/);
  assert.match(text, /at flows\/a,b\.test\.json:7:3/);
  assert.match(text, /expected \{"a":"a <b>/);
  assert.match(text, /- later #2 \(skipped: not yet\)/);
  assert.doesNotMatch(text, /(?!\n)\p{Cc}/u);
});

test('HTML: nothing of it is markup', () => {
  const text = reportText('html', report, plain);
  assert.doesNotMatch(text, /<b>/);
  assert.match(text, /1 passed, 1 failed, 1 skipped/);
});

test('the payload with which a case failed that was made up stands in every format', () => {
  const made = { ...report, cases: [{ ...failed, input: { id: 'smallest', text: 'x'.repeat(2_000) } }] };
  for (const reporter of reporters) assert.match(reportText(reporter, made, plain).replaceAll(/&#34;|\\"/g, '"'), /smallest/, reporter);
  for (const reporter of ['spec', 'junit', 'github', 'html'] as const) assert.match(reportText(reporter, made, plain), /with the payload .*… \(\d+ characters\)/, reporter);
});

test('JSON: all of it', () => assert.deepEqual(JSON.parse(reportText('json', report, plain)), report));
test('each reporter gives something', () => { for (const reporter of reporters) assert.ok(reportText(reporter, { ...report, cases: [] }, plain) !== undefined); });
const covered = /^flow +steps +ports +conditions +rules +not run\na +50 % \(1\/2\) +33 % \(1\/3\) +50 % \(1\/2\) +50 % \(1\/2\) +put, get\.failed, get\.total at-least 100: does not hold, get\.note: default\nmaps\/address\.map\.json +none +none +none +100 % \(1\/1\) *\n$/;
test('coverage: steps, ports, conditions and rules, and those that were not run', () => assert.match(coverageText(report), covered));
test('coverage in HTML', () => assert.match(reportText('html', report, plain), /<td>a<\/td><td class="number">50 % \(1\/2\)<\/td>.*get\.total at-least 100: does not hold, get\.note: default<\/td>/));
