import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretVariable, settingSecret } from './secret-variable.ts';

test('the variable of a name', () => assert.equal(secretVariable('shop-eu/token'), 'PATCHBAY_SECRET_SHOP_EU_TOKEN'));

test('a name of several words is one word of the command', () => assert.deepEqual(['shop-eu/token', 'Bad Name!'].map(settingSecret), ['patchbay secrets set shop-eu/token', "patchbay secrets set 'Bad Name!'"]));
