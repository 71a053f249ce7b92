import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { licencesOf } from './licences.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-licences-'));
after(() => rmSync(folder, { recursive: true }));

function packageOf(name: string, license: unknown, text = 'Do as you like.'): string {
  const path = join(folder, 'node_modules', name);
  mkdirSync(join(path, 'lib'), { recursive: true });
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...(Array.isArray(license) ? { licenses: license } : { license }) }));
  writeFileSync(join(path, 'LICENSE'), text);
  return join(path, 'lib', 'index.js');
}

const line = '-'.repeat(80);

test('each package stands once, by its name, with the text of its licence; files of ours have none', async () => {
  const files = [packageOf('b', 'MIT'), packageOf('b', 'MIT').replace('index', 'other'), packageOf('@a/a', '(GPL-2.0 OR ISC)', 'As you like it.'), packageOf('c', { type: 'Apache-2.0' }), 'server/main.ts'];
  assert.equal(await licencesOf(files), `What Patchbay is made with, and under which licences.\n\n${line}\n\n@a/a 1.0.0\nLicence: (GPL-2.0 OR ISC)\n\nAs you like it.\n\n${line}\n\nb 1.0.0\nLicence: MIT\n\nDo as you like.\n\n${line}\n\nc 1.0.0\nLicence: Apache-2.0\n\nDo as you like.\n`);
});

for (const [name, license, isTaken] of [['old', [{ type: 'MIT' }], true], ['tweetnacl', 'Unlicense', true], ['other', 'Unlicense', false], ['gpl', 'GPL-3.0', false], ['half', 'MIT AND GPL-3.0', false], ['none', undefined, false]] as const) {
  test(`${name} of ${JSON.stringify(license) ?? 'no licence'} is ${isTaken ? 'taken' : 'refused'}`, async () => {
    const made = licencesOf([packageOf(name, license)]);
    if (isTaken) await made;
    else await assert.rejects(made, { message: `The package ${name} 1.0.0 has the licence ${JSON.stringify(license ?? '')}, which may not go into what is shipped. Do without it, or add the licence to extension/licences.ts.` });
  });
}
