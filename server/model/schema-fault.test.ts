import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constant, constantFrom, dictionary, letrec, oneof, property, record } from 'fast-check';
import { checkSchema, schemaFault } from './validate.ts';

const cases: readonly (readonly [schema: object, fault: RegExp | undefined])[] = [
  [{}, undefined],
  [{ type: 'object', properties: { id: { type: 'string' }, nullable: { type: 'boolean' }, $ref: { type: 'string' } }, required: ['id'] }, undefined],
  [{ type: 'strin' }, /^"type" must be one of "array", .*"string"; it is "strin" \(string\)\. Did you mean "string"$/],
  [{ properties: { a: { type: ['strin', 'null'] } } }, /^Item 1 of "type" must be one of "array", .*"string"; it is "strin" \(string\)\. Did you mean "string"$/],
  [{ type: 'object', properties: { a: { minimum: '1' } } }, /"minimum" must be a number; it is "1"/],
  [{ type: 'string', pattern: '^(?!x)' }, /.+/],
  [{ type: 'object', patternProperties: { '(': {} } }, /.+/],
  [{ properties: { a: { pattern: '[' } } }, /.+/],
  [{ $ref: '#/$defs/none' }, /can't resolve reference/],
  [{ $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }, undefined],
  [{ nullable: true }, /nullable/],
  [{ required: ['a', 'a'] }, /"required" must not have an item twice \(items 2 and 1 are the same\)/],
  [{ enum: 'a' }, /"enum" must be a list; it is "a"/],
];
for (const [schema, fault] of cases) test(JSON.stringify(schema), () => {
  const found = schemaFault(schema);
  if (fault) assert.match(found ?? '', fault);
  else assert.equal(found, undefined);
});

test('what has no fault can be used, and what has one cannot', () => {
  const { schema } = letrec((tie) => ({
    schema: oneof({ maxDepth: 3 }, constant({}), record({
      type: constantFrom('string', 'object', 'array', 'number', ['string', 'null'], 'text', 7), pattern: constantFrom('a', '(', '^(?!b)', 7), minimum: constantFrom(1, 'x'), required: constantFrom(['a'], ['a', 'a'], 'a'), enum: constantFrom([1], [], 'a'),
      nullable: constantFrom(true, false), $ref: constantFrom('#', '#/none'), items: tie('schema'), anyOf: array(tie('schema'), { maxLength: 2 }), properties: dictionary(constantFrom('a', 'pattern', 'nullable', '$ref'), tie('schema'), { maxKeys: 2 }), patternProperties: dictionary(constantFrom('a', '('), tie('schema'), { maxKeys: 1 }),
    }, { requiredKeys: [] })),
  }));
  check(property(schema, (given) => {
    const isFound = checkSchema(structuredClone(given) as object, null).some(({ code }) => code === 'PLUGIN_FAILED');
    assert.equal(schemaFault(structuredClone(given) as object) !== undefined, isFound);
  }), { seed: 7, numRuns: 400 });
});
