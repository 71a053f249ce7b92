import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { annotations, FlowError, kinds, type AuthMethod, type ColumnOpenContext, type ColumnTransform, type Converter, type HttpResponse, type IncomingRequest, type Pagination, type Plugin, type Schema, type Script, type Shape, type Transform, type Trigger, type ValueContext } from '../plugins/sdk/index.ts';
import vm2 from '../plugins/scripts/vm2.ts';
import { compilePageExpressions } from '../server/engine/page-expressions.ts';
import { createPayload } from '../server/engine/payload.ts';
import { findPlugins, folders, loadPlugin } from '../server/runner/docs.ts';
import { memoryState } from './support/memory-state.ts';
import { collect, columnContext, inChunks, openContext, payloadContext, resolve, stepContext, type ExampleWorld } from './support/plugin-contexts.ts';

const root = join(import.meta.dirname, '..');
const files = await findPlugins(root);
const plugins = await Promise.all(files.map(async (file) => ({ file, plugin: await loadPlugin(root, file) })));
const ajv = addFormats.default(new Ajv2020({ strict: true, allErrors: true, useDefaults: true }));
ajv.addVocabulary([...annotations]);

type Example = Plugin['examples'][number] & { readonly error?: string };

after(() => vm2.close());

test('the walk found the plugins', () => {
  assert.ok(plugins.length > 40, `only ${plugins.length} plugins were found`);
  const all = globSync('plugins/{transforms,pagination,auth,converters,triggers,shapes}/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  for (const kind of ['transform', 'pagination', 'auth', 'converter', 'trigger']) assert.ok(plugins.some(({ plugin }) => plugin.kind === kind), `no ${kind} was found`);
  assert.ok(all.length >= plugins.filter(({ file }) => /\/(transforms|pagination|auth|converters|triggers|shapes)\//.test(file)).length);
});

test('no type or alias is used twice', () => {
  for (const kind of kinds) {
    const names = plugins.filter(({ plugin }) => plugin.kind === kind).flatMap(({ plugin }) => [plugin.type, ...(plugin.aliases ?? [])]);
    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), [], kind);
  }
});

for (const { file, plugin } of plugins) {
  describe(`${plugin.kind} ${plugin.type}`, () => {
    test('is named as its file and lies in the folder of its kind', () => {
      const [, folder, ...rest] = file.split('/');
      assert.equal(rest.at(-1), `${plugin.type}.ts`);
      assert.equal(folders[folder as keyof typeof folders], plugin.kind);
      assert.match(plugin.type, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    });
    test('says what it is', () => {
      assert.ok(plugin.title, 'title');
      assert.match(plugin.summary, /^[^\n]+\.$/, 'the summary is one sentence');
      if (plugin.kind !== 'connector') assert.ok(plugin.examples.length > 0, 'it has examples');
    });
    test('has a closed schema whose fields have a title and a description', () => {
      checkSchema(plugin.settings);
      if (plugin.kind === 'auth' || plugin.kind === 'connector') checkSchema(plugin.credentials);
      if (plugin.kind === 'connector') for (const { params } of Object.values(plugin.endpoints)) checkSchema(params);
    });
    const names = plugin.examples.map(({ title }) => title);
    if (plugin.kind === 'transform') test('its examples have null, something empty, values of another type, and one from practice', () => checkKinds(plugin));
    // What a script gives is its own affair.
    if (plugin.kind === 'transform' && plugin.type !== 'script') test('what is missing stays missing, and null null, unless it makes something of them', () => checkNothing(plugin));
    if (plugin.kind === 'transform' && plugin.type !== 'script') test('whatever comes, it gives a value that JSON has, or a named error', () => checkAnything(plugin));
    test('names each example differently', () => assert.equal(new Set(names).size, names.length));
    for (const example of plugin.examples as readonly Example[]) test(`example: ${example.title}`, () => check(plugin, example));
  });
}

interface Field {
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly additionalProperties?: unknown;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
}

function checkSchema(schema: Schema): void {
  ajv.compile(schema as object);
  checkFields(schema as Field, '');
  assert.equal((schema as Field).additionalProperties, false, 'the schema is closed');
}

function checkFields(schema: Field, where: string): void {
  if (schema.properties) assert.notEqual(schema.additionalProperties, undefined, `${where || 'the schema'} says whether further fields may stand there`);
  if (schema.enumDescriptions) assert.equal(schema.enumDescriptions.length, schema.enum?.length, `${where}: one description per value`);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    assert.ok(field.title, `${where}/${name} has a title`);
    assert.match(field.description ?? '', /[.?!)]$/, `${where}/${name} has a description that is a sentence`);
    checkFields(field, `${where}/${name}`);
  }
}

/** What nobody thinks of when a transform is made, but comes in real data. */
function checkKinds({ examples }: Transform): void {
  const inputs = examples.map(({ input }) => input);
  const isEmpty = (value: unknown): boolean => (typeof value === 'string' && value.trim() === '') || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  const types = new Set(inputs.filter((value) => value !== null && value !== undefined).map((value) => (Array.isArray(value) ? 'array' : typeof value)));
  const missing = [
    examples.length < 3 && 'three examples', !inputs.some((value) => value === null || value === undefined) && 'null', !inputs.some(isEmpty) && 'something empty',
    types.size < 2 && !examples.some(({ error }) => error !== undefined) && 'another type',
    !examples.some(({ title, error }) => title.startsWith('In practice: ') && error === undefined) && 'one from practice',
  ].filter(Boolean);
  assert.deepEqual(missing, []);
}

const anything: readonly unknown[] = [
  undefined, null, '', ' ', 'x', '0', '-0', '1e308', '9007199254740993', '9'.repeat(400), '\ud800', '<'.repeat(1000), '[1,2', '=', true, false, 0, -0, 1, -1, 0.1, 1e-320, 1e308, -1e308, 2 ** 53, Number.MAX_SAFE_INTEGER,
  8.64e15, -8.64e15, 8.64e12, '+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', '+275760-09-12T23:30:00', '2024-02-30', [], [undefined], [null], [[]], [1, undefined], [1e308, 1e308], [-1e308, 1e308, 1e308], [Number.MAX_SAFE_INTEGER, 2], ['2024-01-01', 8.64e15],
  [-8.64e15, 8.64e15], [{ a: undefined }, null, {}], {}, { a: undefined }, { a: { b: null } }, [{ price: 1e308 }, { price: 1e308 }], Array.from({ length: 500 }).reduce<unknown>((inner) => [inner], 1),
];

async function checkAnything(transform: Transform): Promise<void> {
  const values = { now: Date.parse('2024-01-31T12:00:00Z'), random: () => 0.5 };
  for (const example of transform.examples.filter(({ error = '' }) => !error.startsWith('CONFIG_'))) {
    const world: ExampleWorld = { plugins: plugins.map((entry) => entry.plugin), complete, ...(example.lookups && { lookups: example.lookups }) };
    const settings = complete(transform.settings, example.settings);
    const compiled = transform.column ? undefined : await transform.compile(settings, openContext(world));
    for (const input of anything) {
      const what = `${example.title}: ${JSON.stringify(input)?.slice(0, 80)}`;
      try {
        const output = transform.column ? await runColumn(transform, { ...example, input } as typeof example, settings, world, values) : compiled!(input, values);
        JSON.stringify(output, (_key, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? assert.fail(`${what} gives ${value}`) : value));
      } catch (error) {
        if (!FlowError.is(error)) throw new Error(what, { cause: error });
        assert.notEqual(error.code, 'INTERNAL', what);
        // One that has another do its work fails in its own name.
        assert.deepEqual([/transform "([\w-]+)"/.exec(error.message)?.[1] ?? transform.type, error.details['transform'] ?? transform.type], [transform.type, transform.type], what);
      }
    }
  }
}

/** What a transform says that it makes of a missing value, where it does not leave it so that nothing is written; of null the same, unless it says so. */
const ofNothing: Readonly<Record<string, (settings: Readonly<Record<string, unknown>>) => { readonly missing?: unknown; readonly null?: unknown }>> = {
  count: () => ({ missing: 0 }), 'contains-one-of-many': () => ({ missing: false }), 'does-not-contain-one-of-many': () => ({ missing: true }), 'parse-csv': () => ({ missing: [] }),
  'null-to-string': ({ text }) => ({ missing: text }), 'null-to-zero': () => ({ missing: 0 }), 'json-encode': () => ({ null: 'null' }),
  coalesce: ({ default: given = undefined }) => ({ missing: given }), default: ({ default: given = null }) => ({ missing: given }),
  'map-values': ({ otherwise, default: given = null }) => (otherwise === 'keep' ? {} : { missing: otherwise === 'default' ? given : null }),
  'cache-lookup': ({ otherwise, default: given }) => (otherwise === 'default' ? { missing: given } : {}), lookup: ({ otherwise, default: given }) => (otherwise === 'default' ? { missing: given } : {}),
  template: ({ text }) => (/\{[^{}]*\}/.test(String(text).replaceAll(/\{\{|\}\}/g, '')) ? {} : { missing: String(text).replaceAll('{{', '{').replaceAll('}}', '}') }),
};

async function checkNothing(transform: Transform): Promise<void> {
  const values = { now: Date.parse('2024-01-31T12:00:00Z'), random: () => 0.5 };
  if (transform.generates) return;
  let tried = 0;
  for (const example of transform.examples.filter(({ error = '' }) => !error.startsWith('CONFIG_'))) {
    const settings = complete(transform.settings, example.settings) as Readonly<Record<string, unknown>>;
    // They fail then, and say so.
    if (settings['otherwise'] === 'error' && ['map-values', 'cache-lookup'].includes(transform.type)) continue;
    const world: ExampleWorld = { plugins: plugins.map((entry) => entry.plugin), complete, ...(example.lookups && { lookups: example.lookups }) };
    const give = async (input: unknown): Promise<unknown> => (transform.column ? runColumn(transform, { ...example, input } as typeof example, settings as never, world, values) : (await transform.compile(settings as never, openContext(world)))(input, values));
    const made = ofNothing[transform.type]?.(settings) ?? {};
    assert.deepEqual([await give(undefined), await give(null)], [made.missing, made.null ?? made.missing ?? null], example.title);
    tried++;
  }
  assert.ok(tried > 0);
}

/** Runs the example as a flow would: settings validated and completed first, and compares what comes out. */
async function check(plugin: Plugin, example: Example): Promise<void> {
  const settings = complete(plugin.settings, example.settings);
  const run = (runners as Partial<Record<Plugin['kind'], unknown>>)[plugin.kind] as ((plugin: Plugin, example: Example, settings: unknown) => Promise<void>) | undefined;
  if (!run) return;
  if (example.error === undefined) return run(plugin, example, settings);
  await assert.rejects(() => run(plugin, example, settings), (error: unknown) => {
    if (!FlowError.is(error)) throw error;
    assert.equal(error.code, example.error);
    assert.match(error.message, /[.:!]/, 'the message is a sentence');
    if (plugin.kind === 'transform' && error.place?.pointer !== undefined) assert.ok(Object.hasOwn((plugin.settings as { readonly properties?: object }).properties ?? {}, error.place.pointer.split('/')[1] ?? ''), `it has the setting ${error.place.pointer}`);
    return true;
  });
}

function complete(schema: Schema, given: unknown): never {
  const settings = structuredClone(given);
  const validate = ajv.compile(schema as object);
  assert.ok(validate(settings), ajv.errorsText(validate.errors));
  return settings as never;
}

const runners = {
  async transform(plugin: Transform, example: Transform['examples'][number], settings: never) {
    const world: ExampleWorld = { plugins: plugins.map((entry) => entry.plugin), complete, ...(example.lookups && { lookups: example.lookups }) };
    const before = structuredClone(example.input);
    const values = { now: Date.parse(example.now ?? '2024-01-31T12:00:00Z'), random: () => 0.5 };
    const output = plugin.column ? await runColumn(plugin, example, settings, world, values) : (await plugin.compile(settings, openContext(world)))(example.input, values);
    assert.deepEqual(example.input, before, 'the input is not changed');
    if (!example.error) assert.deepEqual(output, example.output);
  },

  async pagination(plugin: Pagination, example: Pagination['examples'][number], settings: never) {
    const world: ExampleWorld = { plugins: plugins.map((entry) => entry.plugin), complete };
    const pageContextOf = await compilePageExpressions(settings, plugin.settings as object, openContext(world));
    const pageContext = pageContextOf({}, { now: Date.parse('2024-01-31T12:00:00Z'), random: () => 0.5 });
    const requests = [plugin.first(settings)];
    let total = 0;
    for (const [index, { response, records = [], url = 'https://api.test/records', scripted }] of example.pages.entries()) {
      total += records.length;
      const request = requests[index];
      assert.ok(request, 'the example has a page that is never asked for');
      if (plugin.ahead?.at(index, settings)) assert.deepEqual(plugin.ahead.at(index, settings), request, 'pages ahead are the same');
      const next = plugin.next({ request, url, response: { status: 200, headers: {}, body: undefined, ...response }, records, index, total, scripted }, settings, pageContext);
      if ('stop' in next) {
        assert.deepEqual([requests, next.stop], [example.requests, example.stop]);
        assert.equal(index, example.pages.length - 1, 'it stopped before the last page');
        return;
      }
      requests.push(JSON.parse(JSON.stringify(next.request)));
    }
    assert.fail('it asks for a page that the example does not have');
  },

  async auth(plugin: AuthMethod, example: AuthMethod['examples'][number], settings: never) {
    const credentials = complete(plugin.credentials, example.credentials);
    const { nonce = '0123456789abcdef0123456789abcdef', turn = 0, challenge, scripted, now = '2024-01-31T12:00:00Z' } = example;
    const context = { now: Date.parse(now), nonce: () => nonce, turn, ...(scripted !== undefined && { scripted }), ...(challenge && { challenge: { answer: { status: 401, headers: challenge, body: undefined }, uses: 1 } }) };
    assert.deepEqual(await plugin.sign(example.request, credentials, settings, example.token, context), example.signed);
  },

  async converter(plugin: Converter, example: Converter['examples'][number], settings: never) {
    const converter = plugin.open(settings);
    const bytes = new TextEncoder().encode(example.text);
    for (const size of [bytes.length || 1, 1, 3]) {
      const records = await collect(converter.decode(inChunks(bytes, size)));
      assert.deepEqual(records, example.records, `in chunks of ${size} bytes`);
    }
    const printed = Buffer.concat(await collect(converter.encode(example.records ?? []))).toString('utf8');
    assert.equal(printed, example.printed ?? example.text);
  },

  async shape(plugin: Shape, example: Shape['examples'][number], settings: never) {
    const world: ExampleWorld = { plugins: plugins.map((entry) => entry.plugin), complete, state: memoryState() };
    const given = await plugin.open(settings, stepContext(world, plugin, settings));
    const run = typeof given === 'function' ? { payload: given, end: undefined } : given;
    const outputs: unknown[] = [];
    const keep = async (from: Awaited<ReturnType<typeof run.payload>>) => {
      for await (const { port, payload } of from) outputs.push([port, await bodyOf(payload), payload.meta]);
    };
    for (const [index, body] of example.payloads.entries()) {
      const payload = createPayload({ id: `p${index}`, body });
      await keep(await run.payload(payload, (await payloadContext(world, await resolve(world, plugin, settings, payload), payload)) as never));
    }
    if (run.end) await keep(await run.end((await payloadContext(world, await resolve(world, plugin, settings, undefined), undefined)) as never));
    assert.deepEqual(outputs, example.outputs.map(({ port, body, meta }, index) => [port, body, meta ?? (outputs[index] as unknown[] | undefined)?.[2]]));
  },

  async trigger(plugin: Trigger, example: Trigger['examples'][number], settings: never) {
    const stop = new AbortController();
    const clock = { time: Date.parse(example.now ?? '2024-01-31T12:00:00Z') };
    const exchanges = (example.requests ?? []).map((request) => ({ request, answer: undefined as HttpResponse | undefined }));
    const times: string[] = [];
    const context = {
      signal: stop.signal, log: { debug() {}, info() {}, warn() {}, error() {} }, random: () => 0.5, secret: async () => example.secret ?? 'secret',
      memory: { get: async () => undefined, set: async () => undefined },
      async *listen() {},
      clock: { now: () => clock.time, sleep: async (ms: number) => void (clock.time += ms) },
      async *requests() {
        for (const exchange of exchanges) yield incoming(exchange, clock.time);
      },
    };
    if (exchanges.length === 0 && !example.times?.length) setImmediate(() => stop.abort());
    for await (const event of plugin.events(settings, context)) {
      const exchange = exchanges.find(({ answer, request }) => !answer && 'payload' in request);
      if (exchange) {
        assert.deepEqual([event.payload?.body, event.key], [exchange.request.payload, exchange.request.key]);
        event.accepted?.({ id: 'run-1' });
      } else {
        times.push(new Date(clock.time).toISOString());
        event.accepted?.({ id: 'run-1' });
      }
      if (example.times && times.length >= example.times.length) break;
    }
    for (const { request, answer } of exchanges) {
      assert.equal(answer?.status, request.answer.status);
      if (request.answer.body !== undefined) assert.deepEqual(answer.body, request.answer.body);
    }
    assert.deepEqual(times, example.times ?? []);
  },
};

/** A value in a column that has it twice, where each must become the same. */
/** The scripts of an example, in their sandbox. */
async function scriptOf(scripts: Readonly<Record<string, string>>, file: string): Promise<Script> {
  const text = scripts[file];
  if (text === undefined) throw new FlowError('CONFIG_UNKNOWN_SCRIPT', `There is no script ${file}.`);
  return vm2.compile({ file, text }, complete(vm2.settings, {}), { log: { debug() {}, info() {}, warn() {}, error() {} } });
}

async function runColumn(plugin: ColumnTransform, { input, caches = {}, scripts = {} }: Transform['examples'][number], settings: never, world: ExampleWorld, values: ValueContext): Promise<unknown> {
  const context: ColumnOpenContext = { ...columnContext({ ...world, state: memoryState() }), script: (file) => scriptOf(scripts, file) };
  for (const [name, documents] of Object.entries(caches)) for (const [key, body] of Object.entries(documents)) await context.cache(name, 'flow').put(key, [{ body, mediaType: 'application/json', meta: {} }]);
  const [first, second, ...more] = await (await plugin.compile(settings, context))([input, input], { ...values, signal: new AbortController().signal, log: { debug() {}, info() {}, warn() {}, error() {} } });
  assert.deepEqual([second, more], [first, []]);
  if (FlowError.is(first)) throw first;
  return first;
}

async function bodyOf(payload: { readonly mediaType: string; json(): Promise<unknown>; text(): Promise<string> }): Promise<unknown> {
  return /\bjson$/.test(payload.mediaType) && payload.mediaType !== 'application/x-ndjson' ? payload.json() : payload.text();
}

function incoming(exchange: { request: NonNullable<Trigger['examples'][number]['requests']>[number]; answer: HttpResponse | undefined }, now: number): IncomingRequest {
  const { method, url, headers = {}, body = '' } = exchange.request;
  return {
    method, url, headers, receivedAt: now, body: new TextEncoder().encode(body), query: Object.fromEntries(new URL(url, 'http://localhost').searchParams),
    respond: (response) => {
      assert.equal(exchange.answer, undefined, 'a request is answered once');
      exchange.answer = response;
    },
  };
}
