import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowChange } from '../../server/model/flow-edit.ts';
import type { MapChange } from '../../server/model/map-edit.ts';
import { baseVersions } from './base-version.ts';

const inList: FlowChange = { op: 'set', step: 'map', path: ['settings', 'rules', 0, 'to'], value: 'x' };
const byId: FlowChange = { op: 'set', step: 'map', path: ['title'], value: 'x' };

for (const [what, changes, base, current, expected] of [
  ['the version that the page shows', [inList], 4, 4, true],
  ['a version that the page has made itself', [inList], 4, 6, true],
  ['a version that somebody else has made', [inList], 6, 7, false],
  ['one of each', [inList], 4, 7, false],
  ['an address by ids, whoever made the version', [byId, { op: 'set-start', step: 'map' }], 4, 7, true],
  ['an index among ids', [byId, inList], 6, 7, false],
  ['an item that is put into a list', [{ op: 'insert', path: ['rules'], index: 0, value: {} }], 6, 7, false],
  ['an item that goes to another place', [{ op: 'move', path: ['rules'], from: 0, to: 1 }], 6, 7, false],
  ['a place in a list of the flow', [{ op: 'set-flow', path: ['triggers', 'in', 'settings', 'times', 1], value: '' }], 6, 7, false],
] as const) {
  test(`changes for ${what} ${expected ? 'fit' : 'do not'}`, () => {
    const versions = baseVersions();
    versions.made(4, 6);
    assert.equal(versions.fits(changes as readonly (FlowChange | MapChange)[], base, current), expected);
  });
}
