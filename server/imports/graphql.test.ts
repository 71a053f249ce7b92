import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importGraphql } from './graphql.ts';

for (const [what, text, line, column] of [
  ['a type that is missing', 'type Query { a: String }\n\n# Nope\ntype X { b: [Nope!]! }', 4, 14],
  ['one that is missing in the arguments', 'type Query {\n  a(in: Nope): String\n}', 2, 9],
  ['what is no schema', 'type Query { a: String }\ntype X { b: }', 2, 13],
] as const) test(`${what} is named with its line`, () => assert.throws(() => importGraphql(text), ({ code, message, place }: { code: string; message: string; place: object }) => {
  assert.deepEqual([code, place], ['DATA_INVALID', { line, column }]);
  assert.match(message, new RegExp(`^The schema cannot be read: line ${line}, column ${column}: `));
  return true;
}));
