import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import { annotations } from '../../plugins/sdk/index.ts';
import type { Catalog } from './catalog.ts';
import { buildSchemas } from './schemas.ts';
import { fileKinds, type FileKind } from './workspace.ts';

const schemas = buildSchemas(catalog as Catalog);
const words = [...annotations, 'markdownEnumDescriptions'];
const drafts = { 'draft-07': addFormats.default(new Ajv({ strict: true, strictTypes: false, strictRequired: false, strictTuples: false, allErrors: true })), '2020-12': addFormats.default(new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })) };

for (const [draft, ajv] of Object.entries(drafts)) {
  ajv.addVocabulary(words);
  for (const [kind, schema] of Object.entries(schemas)) test(`the schema of a ${kind} is valid as ${draft}`, () => void ajv.compile(schema));
}

const validate = (kind: FileKind, value: unknown): string => {
  const check = drafts['2020-12'].compile(schemas[kind]);
  return check(value) ? '' : drafts['2020-12'].errorsText(check.errors);
};

test('the files of the sample are valid', () => {
  const root = join(import.meta.dirname, '../../samples/brook-and-co');
  let count = 0;
  for (const [kind, { folder, ending }] of Object.entries(fileKinds)) {
    for (const file of existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((name) => name.endsWith(ending)) : []) {
      assert.equal(validate(kind as FileKind, JSON.parse(readFileSync(join(root, folder, file), 'utf8'))), '', file);
      count++;
    }
  }
  assert.ok(count > 5, `only ${count} files were found`);
});

for (const [name, value, expected] of [
  ['settings of a shape are closed', { version: 1, steps: { a: { shape: 'split', settings: { pat: 'x' } } } }, /additional properties/],
  ['what a shape needs must be there', { version: 1, steps: { a: { shape: 'connector' } } }, /required property 'settings'/],
  ['unknown keys are no errors', { version: 1, owner: 'me', steps: { a: { shape: 'split', color: 'red' } } }, /^$/],
  ['plugins of the workspace are no errors', { version: 1, steps: { a: { shape: 'own-shape', settings: { x: 1 } } } }, /^$/],
  ['settings of triggers', { version: 1, triggers: { t: { trigger: 'webhook', settings: { answer: 'never' } } }, steps: {} }, /allowed values/],
] as const) test(name, () => assert.match(validate('flow', value), expected));

test('shapes can be completed and explained', () => {
  const { anyOf } = (schemas.flow as { properties: { steps: { additionalProperties: { properties: { shape: { anyOf: { enum: string[]; markdownEnumDescriptions: string[] }[] } } } } } }).properties.steps.additionalProperties.properties.shape;
  assert.ok(anyOf[0]!.enum.includes('connector'));
  assert.equal(anyOf[0]!.enum.length, anyOf[0]!.markdownEnumDescriptions.length);
});
