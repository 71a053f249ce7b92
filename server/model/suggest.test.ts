import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closest, listed, suggestion } from './suggest.ts';

for (const [given, expected] of [['retires', 'retries'], ['endpont', 'endpoint'], ['INSTANCE', 'instance'], ['tittle', 'title'], ['adn', 'and'], ['xyz', undefined], ['', undefined]] as const) {
  test(`what ${JSON.stringify(given)} may mean`, () => assert.equal(closest(given, ['retries', 'endpoint', 'instance', 'title', 'and']), expected));
}

for (const [given, expected] of [['pageParam', 'param'], ['page_param', 'param'], ['parm', 'param'], ['sizeParm', 'sizeParam'], ['flag', 'doneFlag'], ['id', undefined], ['in', undefined], ['path', undefined]] as const) {
  test(`which setting ${JSON.stringify(given)} may mean`, () => assert.equal(closest(given, ['param', 'sizeParam', 'doneFlag', 'recordId', 'morePath', 'donePath']), expected));
}

test('a remedy names one or all', () => {
  assert.equal(suggestion('ot', ['out']), 'Did you mean "out"?');
  assert.equal(suggestion('x', ['try', 'catch']), 'There are "try", "catch".');
  assert.equal(suggestion('x', []), undefined);
  assert.equal(listed(['a', 'b', 'c'], 2), '"a", "b" and 1 more');
});
