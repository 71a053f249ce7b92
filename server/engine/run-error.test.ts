import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError, unasked } from '../../plugins/sdk/index.ts';
import { placed } from './place.ts';
import { asFlowError, toRunError } from './run-error.ts';

const ofPackage = (fields: object): Error => Object.assign(new Error('It is away.'), { name: 'FlowError', code: 'REMOTE_UNREACHABLE', ...fields });

test('an error of a package that knows only name and code gets what is missing', () => {
  const cause = new Error('refused');
  const given = ofPackage({ cause, retryAfter: 5, details: { reason: 'refused' } });
  const { code, message, remedy, retryAfter, details, cause: own } = asFlowError(given);
  assert.deepEqual([code, message, remedy, retryAfter, details, own], ['REMOTE_UNREACHABLE', 'It is away.', 'Check the address of the instance and that the other system is up.', 5, { reason: 'refused' }, given]);
  assert.deepEqual(toRunError(ofPackage({ remedy: 'Start it.' }), 'send'), { code: 'REMOTE_UNREACHABLE', message: 'It is away.', step: 'send', remedy: 'Start it.' });
});

test('and keeps it where it is told again', () => {
  const remedy = 'Check the address of the instance and that the other system is up.';
  assert.equal(toRunError(unasked(ofPackage({ details: {} }))).remedy, remedy);
  assert.equal(toRunError(placed(ofPackage({}), 'connectors/shop.connector.json', '/auth')).remedy, remedy);
  assert.equal(new FlowError('REMOTE_UNREACHABLE', 'It is away today.', { cause: ofPackage({}) }).remedy, remedy);
  assert.equal(toRunError(unasked(ofPackage({ remedy: 'Start it.' }))).remedy, 'Start it.');
});

test('one of a code that nobody knows is the failure of its plugin', () => {
  const { code, message, details } = asFlowError(ofPackage({ code: 'SHOP_CLOSED', details: { until: 9 } }));
  assert.deepEqual([code, message, details], ['PLUGIN_FAILED', 'SHOP_CLOSED: It is away.', { until: 9 }]);
});

test('one that is whole stays as it is', () => {
  const whole = new FlowError('REMOTE_TIMEOUT', 'Too long.');
  assert.equal(asFlowError(whole), whole);
});
