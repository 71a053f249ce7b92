import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError, withChanges, type FlowErrorChanges } from './errors.ts';
import { unasked } from './unasked.ts';

const given = new FlowError('REMOTE_STATUS', 'It is down.', { details: { status: 503 }, place: { file: 'a.json', pointer: '/b' }, remedy: 'Wait.', retryAfter: 5_000 });
const partsOf = ({ code, message, details, place, remedy, retryAfter }: FlowError) => ({ code, message, details, place, remedy, retryAfter });

function check(what: string, told: unknown, changed: object): void {
  test(what, () => {
    assert.ok(FlowError.is(told));
    assert.deepEqual(partsOf(told), { ...partsOf(given), ...changed });
    assert.equal(told.cause, given);
  });
}
for (const [what, changes, changed] of [
  ['nothing', {}, {}], ['a message', { message: 'Record 1: It is down.' }, { message: 'Record 1: It is down.' }], ['a place', { place: { pointer: '/c' } }, { place: { pointer: '/c' } }],
  ['one detail more', { details: { record: 1 } }, { details: { status: 503, record: 1 } }], ['another detail', { details: { status: 0 } }, { details: { status: 0 } }], ['a remedy', { remedy: 'Ask.' }, { remedy: 'Ask.' }],
] satisfies readonly (readonly [string, FlowErrorChanges, object])[]) check(`an error with ${what} changed`, withChanges(given, changes), changed);
check('an error before anybody was asked', unasked(given), { details: { status: 503, isUnasked: true } });

test('an error of another bundle, which may lack all but its code', () => {
  const foreign = Object.assign(new Error('no'), { name: 'FlowError', code: 'DATA_INVALID' }) as unknown as FlowError;
  assert.deepEqual(partsOf(withChanges(foreign, { details: { a: 1 } })), { ...partsOf(new FlowError('DATA_INVALID', 'no')), details: { a: 1 } });
});
