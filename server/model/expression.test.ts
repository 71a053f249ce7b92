import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError, type CompiledTransform, isHeld } from '../../plugins/sdk/index.ts';
import { binaryOperators, type Argument, type Expression } from './expression-syntax.ts';
import { compileTemplate, compileValue, hasExpression, parseTemplate, printTemplate, type ExpressionEnv } from './expression.ts';
import { expressionType } from './expression-types.ts';

const transforms: Record<string, (settings: Record<string, unknown>) => CompiledTransform> = {
  upper: () => (value) => String(value).toUpperCase(),
  round: ({ places }) => (value) => Number((value as number).toFixed(places as number)),
  pick: ({ from }) => (value) => (from as Record<string, unknown>)[value as string],
  vanish: () => () => undefined,
};
const env: ExpressionEnv = {
  transform: async (type, settings) => {
    const make = transforms[type];
    if (!make) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no transform ${type}.`);
    return make(settings as Record<string, unknown>);
  },
};
const context = { now: 0, random: () => 0.5 };
const payload = { total: 12.345, name: 'Ann', none: null, 'first name': 'A', 'x-total': 3, items: [{ sku: 'a', q: 1 }, { sku: 'b', q: 2 }], places: 1, yes: true, empty: {} };
const scope = { payload, flow: { since: '2024-01-01' }, meta: {} };

async function evaluate(text: string): Promise<unknown> {
  const compiled = await compileTemplate(text, env);
  return compiled.evaluate(scope, context);
}

for (const [text, wanted] of [
  ['no expression', 'no expression'],
  ['{{ payload }}', payload],
  ['{{payload.items[0].sku}}', 'a'],
  ['{{ payload.items[-1].q }}', 2],
  ['{{ payload.items[*].sku }}', ['a', 'b']],
  ["{{ payload.items[?@.q > 1].sku }}", ['b']],
  ["{{ payload['first name'] }}", 'A'],
  ['{{ payload.x-total }}', 3],
  ['{{ payload.x-total - 1 }}', 2],
  ['{{ payload.nothing[*] }}', []],
  ['{{ payload.none }}', null],
  ['{{ flow.since }}T00:00', '2024-01-01T00:00'],
  ['<{{ payload.none }}>', '<>'],
  ['{{ payload.items[0] }}!', '{"sku":"a","q":1}!'],
  ['{{ payload.yes }} {{ payload.total }}', 'true 12.345'],
  ['{"a":{{ payload.total }}}', '{"a":12.345}'],
  ['{{{ payload.total }}}', '{12.345}'],
  ["{{ '}} {{' }}", '}} {{'],
  [String.raw`{{ 'it\'s \u0041\n' }}`, "it's A\n"],
  ['{{ payload.total | round(places: 2) }}', 12.35],
  ['{{ payload.total | round(places: payload.places) }}', 12.3],
  ["{{ payload.name | pick(from: {'Ann': 'x', Bob: ['y', null]}) | upper }}", 'X'],
  ['{{ payload.missing | round(places: 2) ?? 0 }}', 0],
  ["{{ payload.missing ?? 'none' | upper }}", 'NONE'],
  ["{{ payload.none ?? 'none' }}", 'none'],
  ['{{ payload.a.b.c ?? payload.missing ?? 5 }}', 5],
  ['{{ payload.nothing[*].id ?? 4 }}', 4],
  ["{{ payload.items[?@.q > 5].sku ?? payload.nothing[*] ?? 'none' }}", 'none'],
  ["{{ payload.items[*].sku ?? 'none' }}", ['a', 'b']],
  ['{{ payload.missing ?? payload.nothing[*] }}', []],
  ['{{ (payload.missing + 1) ?? 2 }}', 2],
  ['{{ 1 + 2 * 3 - 4 / 2 % 2 }}', 7],
  ['{{ -(1 + 2) * -2 }}', 6],
  ["{{ 'a' + 'b' == 'ab' }}", true],
  ['{{ payload.items[0] == payload.items[0] && !false }}', true],
  ['{{ payload.total >= 12 || payload.missing }}', true],
  ["{{ payload.name < 'B' }}", true],
  ["{{ payload.items[?@.q > 5] && true }}", []],
  ["{{ !payload.items[?@.q > 5] }}", true],
  ["{{ !payload.items[?@.q > 1] }}", false],
  ["{{ payload.items[?@.q > 5] || 'none' }}", 'none'],
  ["{{ payload.empty || 'none' }}", 'none'],
  ["{{ !payload.empty || payload.items[0] && 0 }}", true],
  ["{{ '' || 0 || payload.none }}", null],
  ['{{ payload.missing == null }}', true],
  ['{{ payload.name != null }}', true],
  ['{{ false && payload.missing }}', false],
  ['{{ true ?? payload.name | pick(from: {a: payload.missing}) | vanish ?? 3 }}', new FlowError('DATA_MISSING', 'payload.missing, a setting of pick, is missing')],
  ['{{ payload.missing | pick(from: {a: payload.missing}) ?? 3 }}', 3],
  ['{{ payload.customer.name }}', new FlowError('DATA_MISSING', 'payload.customer.name is missing')],
  ['{{ env.x }}', new FlowError('DATA_MISSING', 'env.x is missing')],
  ['a {{ payload.name + payload.missing }}', new FlowError('DATA_MISSING', 'payload.missing is missing')],
  ['{{ payload.name | vanish }}', new FlowError('DATA_MISSING', 'payload.name | vanish is missing')],
  ['{{ payload.__proto__.x }}', new FlowError('DATA_MISSING', 'payload.__proto__.x is missing')],
  ['{{ payload.constructor }}', new FlowError('DATA_MISSING', 'payload.constructor is missing')],
  ['{{ payload.name.length }}', new FlowError('DATA_MISSING', 'payload.name.length is missing')],
  ["{{ payload.name * 2 }}", new FlowError('DATA_INVALID', 'cast-to-number')],
  ['{{ 9007199254740991 + 2 }}', new FlowError('DATA_INVALID', 'digits would be lost')],
  ['{{ 9007199254740991 * -3 }}', new FlowError('DATA_INVALID', 'digits would be lost')],
  ['{{ 9007199254740990 + 1 }}', 9_007_199_254_740_991],
  ['{{ 0.1 + 0.2 }}', 0.3],
  ['{{ 100.3 - 100.2 }}', 0.1],
  ['{{ 0.3 % 0.1 }}', 0],
  ['{{ 99999999999999.98 + 0.01 }}', new FlowError('DATA_INVALID', 'more digits than a number holds')],
  ['{{ 1 - 0.9 == 0.1 }}', true],
  ['{{ 1.005 * 3 }} GBP', '3.015 GBP'],
  ['{{ 1 / 0 }}', new FlowError('DATA_INVALID', 'divides by zero')],
  ["{{ 1 < '2' }}", new FlowError('DATA_INVALID', 'two numbers or two texts')],
  ["{{ '9007199254740993' < '10000000000000000' }}", true],
  ["{{ '-9007199254740993' > 5 }}", false],
  ["{{ '9' < '10' }}", false],
  ["{{ '9007199254740993' + '10000000000000000' }}", new FlowError('DATA_INVALID', 'adds "9007199254740993" (string) and "10000000000000000" (string), numbers of more digits than a number holds')],
  ["{{ '9007199254740993' + '-1' }}", '9007199254740993-1'],
  ["{{ '9007199254740993' + 1 }}", new FlowError('DATA_INVALID', 'calculates with "9007199254740993" (string), which has more digits than a number holds. No expression and no transform calculates with such numbers.')],
  ["{{ '12345678901234567890.125' * 3 }}", new FlowError('DATA_INVALID', 'which has more digits than a number holds')],
  ["{{ -'9007199254740993' }}", new FlowError('DATA_INVALID', 'which has more digits than a number holds')],
  ["{{ '12' * 3 }}", new FlowError('DATA_INVALID', 'which is no number. Use the transform cast-to-number.')],
  ['{{ unknown.x }}', new FlowError('CONFIG_EXPRESSION', 'unknown is not known; there are payload, meta')],
  ['{{ constructor.x }}', new FlowError('CONFIG_EXPRESSION', 'constructor is not known')],
  ['{{ payload.x', new FlowError('CONFIG_EXPRESSION', 'the closing }} is missing')],
  ['{{ }}', new FlowError('CONFIG_EXPRESSION', 'character 4: a value is missing')],
  ['{{ payload.items.0 }}', new FlowError('CONFIG_EXPRESSION', 'items[0]')],
  ['{{ payload.o.@total }}', new FlowError('CONFIG_EXPRESSION', "write a name with @ in brackets and quotes: ['@total']")],
  ['{{ payload. }}', new FlowError('CONFIG_EXPRESSION', 'a name is expected after the dot')],
  ['{{ payload.items[ }}', new FlowError('CONFIG_EXPRESSION', 'the closing ] is missing')],
  ['{{ payload.items[x] }}', new FlowError('CONFIG_EXPRESSION', 'no valid path')],
  ["{{ 'x }}", new FlowError('CONFIG_EXPRESSION', 'the closing quote is missing')],
  [String.raw`{{ '\x' }}`, new FlowError('CONFIG_EXPRESSION', 'an escape that JSON does not know')],
  ['{{ payload.a = 1 }}', new FlowError('CONFIG_EXPRESSION', 'at character 14: write == instead of =.')],
  ['{{ payload.a === 1 }}', new FlowError('CONFIG_EXPRESSION', 'write == instead of ===.')],
  ['{{ payload.a !== 1 }}', new FlowError('CONFIG_EXPRESSION', 'write != instead of !==.')],
  ['{{ payload.a <> 1 }}', new FlowError('CONFIG_EXPRESSION', 'write != instead of <>.')],
  ['{{ payload.a and payload.b }}', new FlowError('CONFIG_EXPRESSION', 'at character 14: write && instead of and.')],
  ['{{ (payload.a == 1 OR payload.b) && true }}', new FlowError('CONFIG_EXPRESSION', 'write || instead of OR.')],
  ['{{ payload.a & payload.b }}', new FlowError('CONFIG_EXPRESSION', 'write && instead of &.')],
  ['{{ not payload.a }}', new FlowError('CONFIG_EXPRESSION', 'write ! instead of not.')],
  ['{{ true && NOT (payload.a) }}', new FlowError('CONFIG_EXPRESSION', 'write ! instead of NOT.')],
  ['{{ payload.a android }}', new FlowError('CONFIG_EXPRESSION', 'an operator is expected, not "a"')],
  ['{{ payload.a | }}', new FlowError('CONFIG_EXPRESSION', 'the name of a transform is expected')],
  ['{{ payload.a | round(2) }}', new FlowError('CONFIG_EXPRESSION', 'name: value')],
  ['{{ payload.a | round(places: 1, places: 2) }}', new FlowError('CONFIG_EXPRESSION', 'places is there twice')],
  ['{{ payload.a | nope }}', new FlowError('CONFIG_UNKNOWN_PLUGIN', 'nope')],
  ['{{ payload.fetch(1) }}', new FlowError('CONFIG_EXPRESSION', 'not "("')],
  [`{{ ${'('.repeat(5_000)}1 }}`, new FlowError('CONFIG_EXPRESSION', 'nested too deeply')],
  [`{{ ${'!'.repeat(5_000)}true }}`, new FlowError('CONFIG_EXPRESSION', 'nested too deeply')],
  [`{{ 1${' + 1'.repeat(50_000)} }}`, new FlowError('CONFIG_EXPRESSION', 'longer than')],
  ['{{ 1e999 }}', new FlowError('CONFIG_EXPRESSION', 'too large')],
  ['{{ 9007199254740993 }}', new FlowError('CONFIG_EXPRESSION', '9007199254740993 is beyond 9007199254740991, up to which whole numbers are held: write it as a text, "9007199254740993"')],
  ['{{ payload.price * 1234567890123456.78 }}', new FlowError('CONFIG_EXPRESSION', 'more digits')],
  ['{{ payload.price | math(operation: "add", with: -9007199254740993) }}', new FlowError('CONFIG_EXPRESSION', '-9007199254740993 is beyond 9007199254740991')],
  ['{{ 1e-400 }}', new FlowError('CONFIG_EXPRESSION', '1e-400 is too small for a number')],
  ['{{ 1e18 }}', new FlowError('CONFIG_EXPRESSION', '1e18 is beyond 9007199254740991, up to which whole numbers are held: write it as a text, "1000000000000000000"')],
  ['{{ 9.007199254740992e15 }}', new FlowError('CONFIG_EXPRESSION', '9.007199254740992e15 is beyond 9007199254740991')],
  ['{{ 1000000000000000000 }}', new FlowError('CONFIG_EXPRESSION', '1000000000000000000 is beyond 9007199254740991')],
  ['{{ 1e21 }}', 1e21],
  ['at {{ 1e-7 }} and {{ 1e21 }}', 'at 0.0000001 and 1000000000000000000000'],
  ['{{ 9007199254740991 }}', 9_007_199_254_740_991],
  ['{{ 0.30000000000000004 }}', 0.1 + 0.2],
  ['{{ 1.50 }}', 1.5],
] as const) {
  test(`expression ${text.slice(0, 80)}`, async () => {
    if (wanted instanceof FlowError) await assert.rejects(() => evaluate(text), (error) => FlowError.is(error, wanted.code) && (error.message.includes(wanted.message) || assert.fail(error.message)));
    else assert.deepEqual(await evaluate(text), wanted);
  });
}

test('the place of a fault is the place in the text', () => {
  const text = 'a {{ payload.a | round(places 2) }}';
  assert.throws(() => parseTemplate(text), (error) => FlowError.is(error) && text.slice(error.details['start'] as number, error.details['end'] as number) === '2');
});

test('the type of a sum', () => {
  const { parts: [part] } = parseTemplate('{{ payload.a + payload.b }}');
  assert.ok(part?.kind === 'expression');
  for (const [a, b, sum] of [
    [['string'], ['string'], 'string'], [['integer'], ['number'], 'number'], [['string', 'number'], ['number'], 'number'], [['string'], ['string', 'null'], 'string'], [['string', 'number'], ['string', 'number'], ['number', 'string']], [undefined, ['string'], 'string'], [undefined, undefined, ['number', 'string']], [['string'], ['number'], ['number', 'string']],
  ] as const) {
    const schema = { type: 'object', properties: { a: a ? { type: a } : {}, b: b ? { type: b } : {} } };
    assert.deepEqual(expressionType(part.expression, { payload: { schema, description: '' } }, { plugins: [] } as never), { type: sum }, JSON.stringify([a, b]));
  }
});

test('a value that is cut is cut between characters', async () => {
  const compiled = await compileValue('{{ payload.x }}', env, { schema: { type: 'string', 'x-expression': true, 'x-longest': 5 } });
  for (const [given, shown] of [['abcdef', 'abcd…'], ['abc😀f', 'abc…'], ['ab😀😀f', 'ab😀…'], ['abcde', 'abcde']]) assert.equal(await compiled.evaluate({ payload: { x: given } }, context), shown);
});

test('a compiled value says what it needs', async () => {
  const compiled = await compileValue({ a: '{{ payload.x ?? 1 }}', b: ['x {{ flow.y | upper }}'] }, env);
  assert.deepEqual([[...compiled.roots], compiled.constant, compiled.async], [['payload', 'flow'], false, false]);
  assert.equal((await compileValue('{{ 1 + 1 }}', env)).constant, true);
  assert.equal((await compileValue('{{ 1 | upper }}', env)).constant, false, 'a transform may read the clock');
  assert.equal((await compileValue('{{ payload.a | round(places: payload.b) }}', env)).async, true);
});

test('a scope is read only where an expression needs it', async () => {
  const compiled = await compileValue(['{{ meta.a ?? 1 }}'], env);
  assert.deepEqual(compiled.evaluate({ meta: {}, get payload(): never { throw new Error('read'); } }, context), [1]);
});

test('a value without expressions stays the very same object, and so does every branch', async () => {
  const value = { a: { b: [1, 'x', null] }, c: 'y' };
  const compiled = await compileValue(value, env);
  assert.equal(compiled.evaluate({}, context), value);
  const mixed = { a: value, b: '{{ 1 }}' };
  const result = (await compileValue(mixed, env)).evaluate({}, context) as typeof mixed;
  assert.equal(result.a, value);
  assert.deepEqual(result, { a: value, b: 1 });
  assert.deepEqual(Object.keys((await compileValue(JSON.parse('{"__proto__":"{{ 1 }}"}'), env)).evaluate({}, context) as object), ['__proto__']);
});

test('a schema says where templates stand', async () => {
  const schema = { type: 'object', properties: { plain: { type: 'string' }, params: { 'x-expression': true, type: 'object' }, list: { type: 'array', items: { oneOf: [{ type: 'object', properties: { e: { type: 'string', 'x-expression': true } } }] } } } };
  const value = { plain: '{{ 1 }}', params: { deep: ['{{ 2 }}'] }, list: [{ e: '{{ 3 }}', f: '{{ 4 }}' }] };
  assert.deepEqual((await compileValue(value, env, { schema })).evaluate({}, context), { plain: '{{ 1 }}', params: { deep: [2] }, list: [{ e: '3', f: '{{ 4 }}' }] });
});

test('a schema says of what type a value must be, and a text field takes any as text', async () => {
  const field = (type: unknown): object => ({ type: 'object', properties: { a: { 'x-expression': true, type } } });
  const check = async (type: unknown, given: unknown): Promise<unknown> => ((await compileValue({ a: '{{ payload }}' }, env, { schema: field(type) })).evaluate({ payload: given }, context) as { a: unknown }).a;
  for (const [type, given, expected] of [['string', 7, '7'], ['string', null, ''], ['string', { b: 1 }, '{"b":1}'], ['number', 1.5, 1.5], ['integer', 3, 3], [['number', 'null'], null, null], ['array', [1], [1]], [undefined, 7, 7]] as const) assert.deepEqual(await check(type, given), expected, `${type} of ${JSON.stringify(given)}`);
  for (const [type, given] of [['number', '1'], ['integer', 1.5], ['boolean', 'true'], ['object', []], [['number', 'null'], 'x']] as const) {
    await assert.rejects(check(type, given), (error) => FlowError.is(error, 'DATA_INVALID') && error.place?.pointer === '/a' && error.message.includes(String(type).replace(',', ' or ')), `${type} of ${JSON.stringify(given)}`);
  }
});

test('the settings beside the name of a transform are templates where its own schema says so', async () => {
  const schema = { type: 'object', properties: { chain: { type: 'array', items: { type: 'object', properties: { type: { 'x-ui': { ref: 'transform' } }, settings: { type: 'object' } } } } } };
  const settingsOf = async (type: string): Promise<object | undefined> => (type === 'prefix' ? { properties: { prefix: { 'x-expression': true } } } : undefined);
  const value = { chain: [{ type: 'prefix', settings: { prefix: '{{ flow.x }}', other: '{{ flow.x }}' } }, { type: 'none', settings: { prefix: '{{ flow.x }}' } }] };
  const compiled = await compileValue(value, { ...env, settingsOf }, { schema });
  assert.deepEqual([compiled.evaluate({ flow: { x: 1 } }, context), [...compiled.roots]], [{ chain: [{ type: 'prefix', settings: { prefix: 1, other: '{{ flow.x }}' } }, value.chain[1]] }, ['flow']]);
});

test('faults name the place in the value', async () => {
  await assert.rejects(() => compileValue({ 'a/b': ['{{ ( }}'] }, env), (error) => FlowError.is(error, 'CONFIG_EXPRESSION') && error.place?.pointer === '/a~1b/0');
  const compiled = await compileValue({ a: ['{{ payload.x }}'] }, env);
  assert.throws(() => compiled.evaluate({ payload: {} }, context), (error) => FlowError.is(error, 'DATA_MISSING') && error.place?.pointer === '/a/0');
});

test('hasExpression', () => {
  assert.deepEqual(['a', 1, null, { a: ['{ {'] }, { a: ['{{'] }].map(hasExpression), [false, false, false, false, true]);
});

const span = { start: 0, end: 0 };
const literal = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => isHeld(value, String(value))), fc.boolean(), fc.constant(null)).map((value): Argument & Expression => ({ kind: 'literal', value, ...span }));
const path = fc.record({ root: fc.constantFrom('payload', 'flow'), path: fc.constantFrom('', '.a', '[0]', "['a }} b'].c", '[*].x', '..y', '.x-y', "[?@.a == ']']") }).map((value): Argument & Expression => ({ kind: 'path', ...value, ...span }));
const { argument } = fc.letrec<{ argument: Argument }>((tie) => ({
  argument: fc.oneof(
    { maxDepth: 2 }, literal, path,
    fc.array(tie('argument'), { maxLength: 3 }).map((items): Argument => ({ kind: 'list', items, ...span })),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a', 'b-c')), tie('argument'), { maxKeys: 3, noNullPrototype: true }).map((entries): Argument => ({ kind: 'object', entries, ...span })),
  ),
}));
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5 }, literal, path,
    fc.record({ input: tie('expression'), transform: fc.constantFrom('upper', 'round-number'), settings: fc.dictionary(fc.string(), argument, { maxKeys: 2, noNullPrototype: true }) }).map((value): Expression => ({ kind: 'pipe', ...value, name: span, ...span })),
    fc.record({ value: tie('expression'), fallback: tie('expression') }).map((value): Expression => ({ kind: 'default', ...value, ...span })),
    fc.record({ operator: fc.constantFrom(...binaryOperators.flat()), left: tie('expression'), right: tie('expression') }).map((value): Expression => ({ kind: 'binary', ...value, ...span })),
    fc.record({ operator: fc.constantFrom('!' as const, '-' as const), operand: tie('expression') }).map((value): Expression => ({ kind: 'unary', ...value, ...span })),
  ),
}));

test('what printTemplate writes, parseTemplate reads', () =>
  fc.assert(
    fc.property(fc.string().filter((text) => text !== '' && !text.includes('{{')), expression, (text, value) => {
      const template = { parts: [{ kind: 'text' as const, text, ...span }, { kind: 'expression' as const, expression: value, ...span }] };
      assert.deepEqual(withoutPlaces(parseTemplate(printTemplate(template))), withoutPlaces(template));
    }),
    { seed: 3, numRuns: 1_000 },
  ));

test('any text either parses or is refused with a place', () =>
  fc.assert(
    fc.property(fc.array(fc.constantFrom('{{', '}}', 'payload', '.', 'a', '[', ']', "'", '"', '|', '??', '(', ')', ':', ',', ' ', '-', '1', '*', '\\', '{', '&&', '=='), { maxLength: 20 }), (parts) => {
      const text = parts.join('');
      try {
        const template = parseTemplate(text);
        assert.deepEqual(withoutPlaces(parseTemplate(printTemplate(template))), withoutPlaces(template));
        assert.equal(template.parts.map(({ start, end }) => text.slice(start, end)).join(''), text);
      } catch (error) {
        assert.ok(FlowError.is(error, 'CONFIG_EXPRESSION'), String(error));
      }
    }),
    { seed: 4, numRuns: 3_000 },
  ));

const withoutPlaces = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'start' || key === 'end' || key === 'name' ? undefined : Object.is(item, -0) ? '-0' : item)));
