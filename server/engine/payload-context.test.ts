import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Payload, PayloadContext } from '../../plugins/sdk/index.ts';
import { bodiesOf, eventsOf, pass, runDefaults, runFlow, shape, testHost, testShapes, transform, type Story, type Told } from '../../test/support/engine-host.ts';
import { createPayload, streamPayload } from './payload.ts';

const show = shape('show', () => (payload, { settings }) => [{ port: 'out', payload: payload.with({ body: (settings as { value: unknown }).value }) }]);
const transforms = [
  transform('upper', (value) => String(value).toUpperCase()),
  transform('add', (value, { n }) => Number(value) + Number(n)),
];
type More = Omit<Parameters<typeof testHost>[0], 'plugins'>;
const run = (story: Omit<Story, 'host'>, plugins: readonly ReturnType<typeof shape>[] = [], more: More = {}): Promise<Told> => runFlow({ host: testHost({ ...more, plugins: [...testShapes, show, ...transforms, ...plugins] }), ...story });

/** What a shape sees, when it takes a payload. */
const look = (see: (context: PayloadContext, payload: Payload) => unknown) => shape('look', () => async (payload, context) => [{ port: 'out', payload: payload.with({ body: await see(context, payload) }) }]);

const text = createPayload({ id: 'p', body: 'a,b', mediaType: 'text/csv', meta: { file: 'x.csv' } });
const bytes = (mediaType: string, content: string): Payload => streamPayload({ id: 'p', mediaType, size: -1, async* open() { yield new TextEncoder().encode(content); } });

const expressions: readonly (readonly [value: unknown, payload: Payload | undefined, expected: unknown])[] = [
  ['{{ payload.order.id }}', undefined, 7],
  ['{{ payload }}', undefined, { order: { id: 7 } }],
  ['No. {{ payload.order.id }}!', undefined, 'No. 7!'],
  [{ deep: ['{{ payload.order.id | add(n: 1) }}', 'as it is'] }, undefined, { deep: [8, 'as it is'] }],
  ['{{ payload.order.id | add(n: flow.n) }}', undefined, 12],
  ['{{ payload.missing ?? "none" }}', undefined, 'none'],
  ['{{ meta.file | upper }}', text, 'X.CSV'],
  ['{{ payload }}', text, 'a,b'],
  ['{{ payload.a }}', bytes('application/json', '{"a":[1]}'), [1]],
  ['{{ payload | upper }}', bytes('text/plain', 'abc'), 'ABC'],
  ['{{ flow.n }}', undefined, 5],
  ['{{ env.shop }}', undefined, 'https://shop.test'],
  ['{{ run.id }} {{ run.flow }} {{ run.trigger }}', undefined, 'run-1 test manual'],
  ['{{ now }}', undefined, '2024-01-31T12:00:00.000Z'],
];

for (const [value, payload, expected] of expressions) {
  test(`settings: ${JSON.stringify(value)}${payload ? ` of ${payload.mediaType}` : ''}`, async () => {
    const told = await run({
      steps: { a: { shape: 'show', settings: { value } } }, flow: { variables: { n: { type: 'number', default: 5 } } },
      body: { order: { id: 7 } }, ...(payload && { options: { payload } }),
    }, [], { env: { shop: 'https://shop.test' } });
    assert.deepEqual([told.status, told.error], ['success', undefined]);
    const [body] = bodiesOf(told);
    assert.deepEqual(typeof body === 'object' && body !== null && 'kind' in body ? (body as unknown as { text: string }).text : body, expected);
  });
}

test('settings without an expression are the very object given to open; a constant expression is resolved before', async () => {
  let opened: unknown;
  const same = shape('same', (settings) => {
    opened = settings;
    return (payload, context) => [{ port: 'out', payload: payload.with({ body: [context.settings === opened, settings] }) }];
  });
  const told = await run({ steps: { a: { shape: 'same', settings: { x: '{{ 1 + 1 }}' } } } }, [same]);
  assert.deepEqual(bodiesOf(told), [[true, { x: 2 }]]);
});

test('an expression without a value fails the payload, not the run of the others, and names its place', async () => {
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'show', settings: { value: { deep: '{{ payload.x }}' } } } }, body: [{ x: 1 }, {}, { x: 3 }] });
  assert.deepEqual([bodiesOf(told), told.error?.code, told.error?.place], [[{ deep: 1 }, { deep: 3 }], 'DATA_MISSING', { file: 'flows/test.flow.json', pointer: '/steps/b/settings/value/deep' }]);
});

test('an expression sees the variables as they are when its payload comes', async () => {
  const count = look(({ variables }) => {
    const next = Number(variables.get('n')) + 1;
    variables.set('n', next);
    return { before: next - 1, all: { ...variables.all() } };
  });
  const told = await run({
    steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'look', next: { out: 'c' } }, c: { shape: 'show', settings: { value: '{{ flow.n }}' } } },
    flow: { variables: { n: { type: 'number', default: 1 }, text: { default: 'x' } } }, options: { variables: { n: 10 } }, body: [1],
  }, [count]);
  assert.deepEqual(bodiesOf(told), [11]);
  assert.deepEqual(eventsOf(told, 'variable').map(({ step, name, value }) => [step, name, value]), [['b', 'n', 11]]);
});

test('a variable keeps its type', async () => {
  const told = await run({ steps: { a: { shape: 'look' } }, flow: { variables: { n: { type: 'number' } } } }, [look(({ variables }) => variables.set('n', 'x'))]);
  assert.deepEqual([told.error?.code, told.error?.message], ['DATA_INVALID', 'The variable "n" is of the type number, but the value given is of the type string.']);
});

test('a name of every object is a variable like others', async () => {
  const told = await run({ steps: { a: { shape: 'look' } } }, [look(({ variables }) => {
    const before = variables.get('constructor');
    variables.set('__proto__', { polluted: true });
    return [before ?? 'none', variables.get('__proto__'), ({} as Record<string, unknown>)['polluted'] ?? 'clean'];
  })]);
  assert.deepEqual(bodiesOf(told), [['none', { polluted: true }, 'clean']]);
});

test('the clock stands still for a payload, dates count from when the run was queued, and a given time is both', async () => {
  const see = look(async ({ now, clock }) => {
    await clock.sleep(1_000);
    return [now, clock.now()];
  });
  const start = Date.parse('2024-01-31T12:00:00Z');
  const story = { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'look' } }, body: [1, 2] };
  assert.deepEqual(bodiesOf(await run(story, [see])), [[start, start], [start, start + 1_000]]);
  assert.deepEqual(bodiesOf(await run({ ...story, options: { now: 5 } }, [see])), [[5, 5], [5, 5]]);
});

test('random numbers are those of the seed, the step and the payload', async () => {
  const see = look(({ random }) => [random(), random()]);
  const story = (seed: number) => ({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'look', next: { out: 'c' } }, c: { shape: 'look' } }, body: [1, 2], options: { seed } });
  const [first, again, other] = [bodiesOf(await run(story(1), [see])), bodiesOf(await run(story(1), [see])), bodiesOf(await run(story(2), [see]))] as [number[][], number[][], number[][]];
  assert.deepEqual(first, again);
  assert.equal(new Set([...first, ...other].flat()).size, 8);
});

test('what a shape takes out of its context works without it', async () => {
  const told = await run({ steps: { a: { shape: 'look' } } }, [look(({ log, create, reply, fail, random, attempt, signal, variables, http, clock }, payload) => {
    const { info } = { info: log.info.bind(log) };
    info('Hello', { n: 1 });
    fail(create('bad'), new Error('x'));
    return [reply(payload), typeof random(), attempt, signal.aborted, typeof variables.get, typeof http.send, typeof clock.now()];
  })]);
  assert.deepEqual(bodiesOf(told), [[false, 'number', 1, false, 'function', 'function', 'number']]);
  assert.deepEqual(eventsOf(told, 'payload-failed').length, 1);
});

test('log lines say where they come from and hide what is secret', async () => {
  const told = await run({ steps: { a: { shape: 'look' } } }, [look(({ log }) => {
    log.debug('d');
    log.info('key s3cret', { header: 'Bearer s3cret' });
    log.warn('w');
    log.error('e');
    return 1;
  })], { secrets: ['s3cret'] });
  assert.deepEqual(eventsOf(told, 'log').map(({ level, message, fields, step, payload }) => [level, message, fields, step, payload]), [
    ['debug', 'd', undefined, 'a', 'p'], ['info', 'key ***', { header: 'Bearer ***' }, 'a', 'p'], ['warn', 'w', undefined, 'a', 'p'], ['error', 'e', undefined, 'a', 'p'],
  ]);
});

test('errors, metadata and variables hide what is secret', async () => {
  const told = await run({ steps: { a: { shape: 'look', next: { out: 'b' } }, b: { shape: 'failing', settings: { message: 'It was s3cret.' } } } }, [shape('look', () => (payload, { variables }) => {
    variables.set('key', 's3cret');
    return [{ port: 'out', payload: payload.with({ meta: { key: 's3cret' } }) }];
  })], { secrets: ['s3cret'] });
  assert.equal(told.error?.message, 'It was ***.');
  assert.doesNotMatch(JSON.stringify(told.events), /s3cret/);
});

test('the first answer counts', async () => {
  const replies: unknown[] = [];
  const answers = shape('answers', () => async (payload, { reply }) => [{ port: 'out', payload: payload.with({ body: reply(payload, { status: 201, headers: { 'x-a': 'b' } }) }) }]);
  const story = { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'answers' } }, body: [1, 2] };
  const told = await run({ ...story, options: { onReply: async (payload, options) => void replies.push(await payload.json(), options) } }, [answers]);
  assert.deepEqual([replies, bodiesOf(told), eventsOf(told, 'reply').map(({ step, status }) => [step, status])], [[1, { status: 201, headers: { 'x-a': 'b' } }], [true, false], [['b', 201]]]);
  const nobody = await run(story, [answers]);
  assert.deepEqual([bodiesOf(nobody), eventsOf(nobody, 'reply').length], [[false, false], 1]);
});

test('what is created has the same ids on every attempt, and none twice', async () => {
  const ids: string[][] = [];
  const create = shape('create', () => (_, context) => {
    ids.push([context.create(1).id, context.create(2).id]);
    if (context.attempt < 2) throw Object.assign(new Error('503'), { name: 'FlowError', code: 'REMOTE_STATUS', details: {} });
    return [];
  });
  await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'create' } }, body: [1, 2] }, [create]);
  assert.deepEqual([ids[0], ids[2]], [ids[1], ids[3]]);
  assert.equal(new Set(ids.flat()).size, 4);
});

test('a step sees its ports and what it may open', async () => {
  const lookup = { name: 'countries', get: () => 'GB', row: () => undefined, missing: () => null, missingRow: () => null };
  const opens = shape('opens', async (_, { step, path, transform, lookup, converter }) => {
    const upper = await transform('upper', {});
    const { mediaType } = await converter('list');
    const found = [step.id, step.ports, path('a.b').get({ a: { b: 1 } }), upper('x', { now: 0, random: () => 0 }), (await lookup('countries')).get('x'), mediaType];
    return (payload) => [{ port: 'x', payload: payload.with({ body: found }) }];
  }, { ports: { each: 'routes', and: ['else'] } });
  const converter = { kind: 'converter' as const, type: 'list', title: '', summary: '', settings: { type: 'object' } as const, examples: [], mediaTypes: ['text/list'] as const, fileExtensions: [], open: () => ({ mediaType: 'text/list', decode: async function* () {}, encode: async function* () {} }) };
  const host = testHost({ plugins: [pass, opens, ...transforms, converter as never], lookups: { countries: lookup } });
  const told = await runFlow({ host, steps: { a: { shape: 'opens', settings: { routes: [{ name: 'x' }] } } }, options: runDefaults() });
  assert.deepEqual([told.error, bodiesOf(told)], [undefined, [['a', ['x', 'else'], 1, 'X', 'GB', 'text/list']]]);
});
