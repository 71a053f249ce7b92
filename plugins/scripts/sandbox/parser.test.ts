import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseScript } from './parser.ts';

describe('names that are declared twice', () => {
  const cases: readonly (readonly [text: string, fault?: RegExp, sourceType?: 'module' | 'script'])[] = [
    ['let a; let a;', /'a' has already been declared/], ['let a; var a;', /'a' has already/], ['var a; let a;', /'a' has already/], ['const constructor = 1; const __proto__ = 2;'],
    ['function f() {} let f;', /'f' has already/], ['function f() {} function f() {}', /'f' has already/], ['function f() {} function f() {}', undefined, 'script'], ['let a; { let a; function b() { let a; } }'],
    ['let a; { var a; }', /'a' has already/], ['try {} catch (e) { var e; }'], ['try {} catch ({ e }) { var e; }', /'e' has already/], ['export { a }; let a;'], ['export { a };', /'a' is not defined/], ['export const a = 1; export { a };', /Duplicate export/],
  ];
  for (const [text, fault, sourceType = 'module'] of cases) {
    test(`${sourceType}: ${text}`, () => {
      if (fault) assert.throws(() => parseScript(text, { sourceType }), { name: 'SyntaxError', message: fault });
      else assert.equal(parseScript(text, { sourceType }).type, 'Program');
    });
  }
});

test('a hundred thousand declarations are read in seconds', () => {
  const before = performance.now();
  assert.equal(parseScript(Array.from({ length: 100_000 }, (_, index) => `const a${index} = 1;`).join('\n'), { sourceType: 'module' }).body.length, 100_000);
  assert.ok(performance.now() - before < 15_000);
});
