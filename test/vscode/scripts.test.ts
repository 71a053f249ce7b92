import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './harness.ts';

const script = `export default (async ({ payload }, context) => {
  const name = await context.lookup('countries', payload.country);
  return { payload: { ...payload, name } };
}) satisfies Patchbay.PayloadScript<{ country: string }>;
`;
const workspace = { 'patchbay.json': '{ "version": 1, "scripts": { "hosts": ["api.shop.test"] } }\n', 'scripts/name.ts': script, 'lookups/countries.csv': 'code,name\nDE,Germany\n', 'flows/f.flow.json': '{ "version": 1, "start": "s", "steps": { "s": { "shape": "script", "settings": { "script": "name.ts" } } } }\n' };

story('what a script may use is declared as soon as it is open, and knows the lookups', { workspace }, async ({ workbench, folder }) => {
  await workbench.ready();
  const types = join(folder, '.patchbay/types/scripts.d.ts');
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    for (let left = 100; !holds(); left--) {
      assert.ok(left > 0, what);
      await workbench.page.waitForTimeout(200);
    }
  };
  assert.ok(!existsSync(types));
  await workbench.openFile('name.ts');
  await until('the declarations are there', () => existsSync(types) && existsSync(join(folder, 'scripts/tsconfig.json')));
  const declared = readFileSync(types, 'utf8');
  assert.match(declared, /type LookupName = "countries";/);
  assert.match(declared, /Hosts: api\.shop\.test\./);
  writeFileSync(join(folder, 'lookups/taxes.csv'), 'code,rate\nA,19\n');
  await until('a new lookup is known', () => readFileSync(types, 'utf8').includes('"countries" | "taxes"'));
});
