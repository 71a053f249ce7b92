import { FlowError, type ColumnOpenContext, type Lookup, type LookupColumns, type OpenContext, type Payload, type PayloadContext, type Plugin, type Schema, type Shape, type StepContext } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { portsOf, type CatalogEntry } from '../../server/model/catalog.ts';
import { compileValue } from '../../server/model/expression.ts';
import { compilePath } from '../../server/model/path.ts';
import { memoryState, type MemoryState } from './memory-state.ts';

/** What examples of plugins may reach: the plugins themselves and the lookups that the example brings. */
export interface ExampleWorld {
  readonly plugins: readonly Plugin[];
  /** Validates settings and adds the defaults. */
  complete(schema: Schema, given: unknown): never;
  readonly lookups?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Shared by the payloads of one example. */
  readonly state?: MemoryState;
}

const place = { run: 'run', flow: 'flow', step: 'step' };

export function openContext(world: ExampleWorld): OpenContext {
  const context: OpenContext = {
    path: compilePath,
    transform: async (type, settings, { as } = {}) => {
      const plugin = find(world, 'transform', type);
      if (plugin.column) throw new FlowError('CONFIG_INVALID', `The transform ${JSON.stringify(type)} works on many values at once.`);
      return plugin.compile(world.complete(plugin.settings, settings ?? {}), as === undefined ? context : { ...context, as });
    },
    lookup: async (name) => lookupOf(name, world.lookups?.[name]),
    secret: async () => 'secret',
  };
  return context;
}

/** What a transform of columns may reach when it is compiled. */
export function columnContext(world: ExampleWorld): ColumnOpenContext {
  const state = world.state ?? memoryState();
  return {
    ...openContext(world),
    script: async () => { throw new FlowError('CONFIG_UNKNOWN_SCRIPT', 'The examples of plugins have no scripts.'); },
    cache: (name, scope) => state.cache(name, scope, place),
  };
}

export function stepContext(world: ExampleWorld, shape: Shape, settings: unknown): StepContext {
  const none = (code: 'CONFIG_UNKNOWN_INSTANCE' | 'CONFIG_NOT_FOUND', what: string) => async () => {
    throw new FlowError(code, `The examples of plugins have no ${what}.`);
  };
  const state = world.state ?? memoryState();
  const context: StepContext = {
    ...columnContext(world),
    ruleTransform: async (type, given = {}) => {
      const plugin = find(world, 'transform', type);
      return plugin.column ? { column: await plugin.compile(world.complete(plugin.settings, given), context) } : { each: await context.transform(type, given) };
    },
    map: async (name) => {
      if (name !== 'address') throw new FlowError('CONFIG_NOT_FOUND', `The examples of plugins have only the mapping "address", not ${JSON.stringify(name)}.`);
      return { file: 'maps/address.map.json', passThrough: false, rules: [{ from: 'street', to: 'line1' }, { from: 'city', to: 'town' }] };
    },
    step: { id: 'step', ports: portsOf(shape as unknown as CatalogEntry, settings), sources: [] },
    run: { id: place.run, flow: place.flow, isAwaited: false },
    schema: none('CONFIG_NOT_FOUND', 'schemas'),
    endpoint: none('CONFIG_UNKNOWN_INSTANCE', 'instances'),
    converter: async (type, settings = {}) => {
      const found = world.plugins.find((plugin) => plugin.kind === 'converter' && (plugin.type === type || plugin.mediaTypes.includes(type)));
      if (found?.kind !== 'converter') throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no converter for ${JSON.stringify(type)}.`);
      return found.open(world.complete(found.settings, settings));
    },
    pool: (name) => state.pool(name, place),
    flow: async (id) => {
      if (id !== 'send-order') throw new FlowError('CONFIG_UNKNOWN_FLOW', `The examples of plugins have only the flow "send-order", not ${JSON.stringify(id)}.`);
      return { start: async (payload) => ({ run: 'other', done: async () => [payload] }) };
    },
  };
  return context;
}

/** The settings of a shape with every `{{ … }}` resolved for a payload, as the engine does it. */
export async function resolve(world: ExampleWorld, shape: Shape, settings: unknown, payload: Payload | undefined): Promise<unknown> {
  const open = openContext(world);
  const template = await compileValue(settings, { transform: open.transform, settingsOf: async (type) => find(world, 'transform', type).settings as object }, { schema: shape.settings as object });
  if ((template.roots.size === 0 && template.constant) || (!payload && (template.roots.has('payload') || template.roots.has('meta')))) return settings;
  return template.evaluate({ payload: await payload?.json(), meta: payload?.meta, now: '2024-01-31T12:00:00.000Z' }, { now: Date.parse('2024-01-31T12:00:00Z'), random: () => 0.5 });
}

export async function payloadContext(world: ExampleWorld, settings: unknown, payload: Payload | undefined): Promise<PayloadContext> {
  const state = world.state ?? memoryState();
  const where = { ...place, step: 'step', payload: payload?.id ?? 'step', at: 0 };
  const signal = new AbortController().signal;
  const now = Date.parse('2024-01-31T12:00:00Z');
  const variables = new Map<string, unknown>();
  let created = 0;
  return {
    signal, settings, now, startedAt: now, attempt: 1, checkpoint() {}, resumed: undefined,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    clock: { now: () => now, sleep: async () => undefined },
    random: () => 0.5,
    http: { send: async ({ url }) => { throw new FlowError('REMOTE_UNREACHABLE', `The examples of plugins reach no network, not even ${url}.`); } },
    variables: { get: (name) => variables.get(name), set: (name, value) => void variables.set(name, value), all: () => Object.fromEntries(variables) },
    create: (body, options) => createPayload({ id: `created-${created++}`, body, ...options }),
    reply: () => true,
    fail: (_failed, error) => { throw error; },
    track: (values) => state.track(values, where),
    notify: (group, message) => state.notify(group, message, where),
  };
}

export async function collect<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The bytes in pieces of the given sizes, over and over. */
export async function* inChunks(bytes: Uint8Array, size: number | readonly number[]): AsyncGenerator<Uint8Array> {
  const sizes = typeof size === 'number' ? [size] : size;
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

function find(world: ExampleWorld, kind: 'transform', type: string) {
  const found = world.plugins.find((plugin) => plugin.kind === kind && (plugin.type === type || plugin.aliases?.includes(type)));
  if (found?.kind !== kind) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no ${kind} ${JSON.stringify(type)}.`);
  return found;
}

function lookupOf(name: string, rows: readonly (readonly string[])[] | undefined): Lookup {
  const [header = [], ...values] = rows ?? [];
  if (!rows) throw new FlowError('CONFIG_UNKNOWN_LOOKUP', `There is no lookup ${JSON.stringify(name)}.`);
  const column = (wanted: string | undefined, index: number) => (wanted === undefined ? index : header.indexOf(wanted));
  const find = (value: unknown, { from, reverse }: LookupColumns = {}) => {
    if (typeof value === 'object' && value !== null) throw new FlowError('DATA_INVALID', 'The lookups of examples have a key of one column.');
    return values.find((row) => row[column(from, reverse ? 1 : 0)] === String(value));
  };
  return {
    name, missing: () => null, missingRow: () => null,
    get: (value, columns = {}) => find(value, columns)?.[column(columns.to, columns.reverse ? 0 : 1)],
    row: (value, columns) => {
      const row = find(value, columns);
      return row && Object.fromEntries(header.map((title, index) => [title, row[index] ?? '']));
    },
  };
}
