import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { CaseReport, TestReport } from '../model/test-report.ts';
import { coverageText, reporters, reportText } from './test-reporters.ts';

const nasty = 'a <b> & "c" \u0007\u001b[31m, 50%: x\n]]>';
const failed: CaseReport = { file: 'flows/a,b.test.json', name: nasty, row: 2, flow: 'a', line: 4, status: 'failed', durationMs: 12, failures: [{ message: `It is ${nasty}`, pointer: '/cases/x/expect', line: 7, column: 3, expected: { a: nasty }, actual: null, remedy: 'Look.' }], input: { id: nasty } };
const report: TestReport = {
  passed: 1, failed: 1, skipped: 1, durationMs: 1_234, written: [], stale: [],
  cases: [{ ...failed, name: 'good', status: 'passed', failures: [] }, failed, { ...failed, file: 'flows/c.test.json', name: 'later', status: 'skipped', failures: [], reason: 'not yet' }],
  coverage: [{ flow: 'a', file: 'flows/a.flow.json', steps: [{ id: 'get', line: 3, count: 2, ports: { out: 2, failed: 0 } }, { id: 'put', line: 9, count: 0, ports: { out: 0 } }] }],
};
const plain = { hasColour: false };

test('JUnit: well formed whatever stands in it, with the counts of each suite and files as class names', () => {
  const text = reportText('junit', report, plain);
  assert.equal(XMLValidator.validate(text), true);
  const { testsuites } = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testsuite' || name === 'testcase' }).parse(text) as { testsuites: { testsuite: { testcase: Record<string, unknown>[] }[] } & Record<string, unknown> };
  assert.deepEqual(['@_tests', '@_failures', '@_errors', '@_skipped', '@_time'].map((name) => testsuites[name]), ['3', '1', '0', '1', '1.234']);
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

test('JSON: all of it', () => assert.deepEqual(JSON.parse(reportText('json', report, plain)), report));
test('each reporter gives something', () => { for (const reporter of reporters) assert.ok(reportText(reporter, { ...report, cases: [] }, plain) !== undefined); });
test('coverage: steps and ports, and those that were not run', () => assert.match(coverageText(report.coverage), /^flow +steps +ports +not run\na +50 % \(1\/2\) +33 % \(1\/3\) +put, get\.failed\n$/));
