import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from '../../plugins/sdk/index.ts';
import { inEditor, secretVariable, settingSecret } from './secret-variable.ts';

test('the variable of a name', () => assert.equal(secretVariable('shop-eu/token'), 'PATCHBAY_SECRET_SHOP_EU_TOKEN'));

test('a name of several words is one word of the command', () => assert.deepEqual(['shop-eu/token', 'Bad Name!'].map(settingSecret), ['patchbay secrets set shop-eu/token', "patchbay secrets set 'Bad Name!'"]));

test('in VS Code no advice about secrets names the command line', () => {
  assert.equal(inEditor(`Set it with \`${settingSecret('a b')}\`, or in the environment variable A_B.`), 'Set it with *Patchbay: Set Secret…*, or in the environment variable A_B.');
  assert.deepEqual(Object.values(errors).map(({ fix }) => inEditor(fix)).filter((fix) => fix.includes('patchbay secrets')), []);
});
