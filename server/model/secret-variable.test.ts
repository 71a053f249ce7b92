import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretVariable } from './secret-variable.ts';

test('the variable of a name', () => assert.equal(secretVariable('shop-eu/token'), 'PATCHBAY_SECRET_SHOP_EU_TOKEN'));
