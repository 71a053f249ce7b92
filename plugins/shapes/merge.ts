import { defineShape, FlowError, type Output, type PayloadContext, type StepContext } from '../sdk/index.ts';
import { takeFrame } from './each-frame.ts';
import { joinRecords, zipRecords } from './join.ts';
import { recordsAt, recordsSetting } from './records.ts';

export default defineShape({
  type: 'merge',
  title: 'Merge',
  summary: 'Waits for all payloads of the paths that lead here, and makes one of their records.',
  description: `Each step that leads here is an input, in the order in which they stand in the file; or name the inputs in their order: the steps right before this one, or steps before those where only one of the named leads there. The payload that goes on is a list, with the metadata of the first payload of the first input.

- *Concatenate*: all records, one input after the other.
- *Join*: records of the first input with those of the others that have the same key. Fields of both are put together, those of the first input win; or the other record stands under a field of its own. A key that is missing, null or empty fits none.
- *Zip*: the first record of each input, the second ones, and so on up to the longest.
- *Collect*: the items that a *For each* step took apart become one list per payload again.

Where no record is left nothing goes on, and the log says so.`,
  icon: 'git-merge',
  group: 'logic',
  ports: ['out'],
  gathers: true,
  settings: {
    type: 'object',
    properties: {
      how: {
        type: 'string', enum: ['concatenate', 'join', 'zip', 'collect'], default: 'concatenate', title: 'How', description: 'How the records are put together.',
        enumDescriptions: ['One input after the other.', 'By a key.', 'By their place.', 'As a loop took them apart.'],
      },
      inputs: { type: 'array', default: [], items: { type: 'string', minLength: 1, title: 'Input', description: 'Id of a step.', 'x-ui': { ref: 'step' } }, title: 'Inputs', description: 'Steps whose payloads are put together, in order; default all that lead here, as they stand in the file.' },
      key: { type: 'string', minLength: 1, title: 'Key', description: 'Path of the key in a record of the first input.', 'x-path': 'record', 'x-ui': { visibleWhen: { field: 'how', equals: 'join' } } },
      otherKey: { type: 'string', minLength: 1, title: 'Other key', description: 'Path of the key in records of the other inputs; default the same.', 'x-path': 'record', 'x-ui': { visibleWhen: { field: 'how', equals: 'join' } } },
      join: {
        type: 'string', enum: ['inner', 'left', 'outer'], default: 'inner', title: 'Join', description: 'What becomes of records without a partner.', 'x-ui': { visibleWhen: { field: 'how', equals: 'join' } },
        enumDescriptions: ['They are left out.', 'Those of the first input go on.', 'All go on.'],
      },
      matches: {
        type: 'string', enum: ['each', 'first', 'all'], default: 'each', title: 'Matches', description: 'What happens where several records of another input have the key.', 'x-ui': { visibleWhen: { field: 'how', equals: 'join' } },
        enumDescriptions: ['Each makes a record.', 'The first counts.', 'They become a list in the field `into`.'],
      },
      into: { type: 'string', minLength: 1, title: 'Into', description: 'Field under which the other record is put, by `join` and `zip`; without it the fields of both are put together.' },
      records: recordsSetting,
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'Pages to one list', settings: {}, payloads: [[1, 2], [3], []], outputs: [{ port: 'out', body: [1, 2, 3] }] },
    { title: 'Records in a wrapper', settings: { records: 'orders' }, payloads: [{ orders: [{ id: 1 }] }, { orders: { id: 2 } }], outputs: [{ port: 'out', body: [{ id: 1 }, { id: 2 }] }] },
    { title: 'No records', settings: {}, payloads: [[], []], outputs: [] },
    { title: 'A join without a key', settings: { how: 'join' }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
    { title: 'All matches without a field for them', settings: { how: 'join', key: 'id', matches: 'all' }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
    { title: 'Records to be joined that are no objects', settings: { how: 'join', key: 'id' }, payloads: [[1]], outputs: [], error: 'DATA_INVALID' },
    { title: 'A payload that is not of a loop', settings: { how: 'collect' }, payloads: [{ id: 1 }], outputs: [], error: 'DATA_INVALID' },
  ],
  open: (settings, context) => (settings.how === 'collect' ? collector() : merger(settings, context)),
});

interface Settings {
  readonly how: 'concatenate' | 'join' | 'zip' | 'collect';
  readonly inputs: readonly string[];
  readonly key?: string;
  readonly otherKey?: string;
  readonly join: 'inner' | 'left' | 'outer';
  readonly matches: 'each' | 'first' | 'all';
  readonly into?: string;
  readonly records: string;
}

function merger(settings: Settings, context: StepContext) {
  const path = context.path(settings.records);
  const { count, indexOf } = inputsOf(settings.inputs, context);
  const combine = combiner(settings, context);
  const lists: unknown[][] = Array.from({ length: count }, () => []);
  const metas: (Readonly<Record<string, string>> | undefined)[] = [];
  return {
    async payload(...[payload, { from }]: Parameters<Gather>): Promise<Output[]> {
      const { list } = recordsAt(path, await payload.json());
      const index = from === undefined ? 0 : indexOf(from.step, from.port);
      if (settings.how !== 'concatenate') for (const record of list) checkObject(record);
      metas[index] ??= payload.meta;
      for (const record of list) lists[index]!.push(record);
      return [];
    },
    end({ create, log }: PayloadContext): Output[] {
      const records = combine(lists);
      if (records.length > 0) return [{ port: 'out', payload: create(records, { meta: metas.find((meta) => meta !== undefined) ?? {} }) }];
      log.info(`Of ${lists.map((list) => list.length).join(' and ')} records none was left to pass on.`);
      return [];
    },
  };
}

type Gather = (payload: Parameters<typeof takeFrame>[0], context: PayloadContext) => unknown;

/** Which input a payload belongs to, by the port that it came by. */
function inputsOf(names: readonly string[], { step }: StepContext): { readonly count: number; indexOf(step: string, port: string): number } {
  const inputs = names.length > 0 ? names : [...new Set(step.sources.map((source) => source.step))];
  const places = new Map(step.sources.map((source) => {
    const named = inputs.includes(source.step) ? [source.step] : inputs.filter((name) => source.behind.has(name));
    if (named.length === 1) return [`${source.step} ${source.port}`, inputs.indexOf(named[0]!)];
    const why = named.length === 0 ? 'no input is behind it' : `${named.map((name) => JSON.stringify(name)).join(' and ')} are behind it`;
    throw new FlowError('CONFIG_INVALID', `The step ${JSON.stringify(source.step)} leads to ${JSON.stringify(step.id)}, but ${why}: name it, or the one step that leads to it.`, { place: { pointer: '/inputs' }, details: { step: source.step } });
  }));
  return { count: Math.max(1, inputs.length), indexOf: (from, port) => places.get(`${from} ${port}`) ?? 0 };
}

function combiner({ how, key, otherKey, join, matches, into }: Settings, context: StepContext): (lists: readonly (readonly unknown[])[]) => readonly unknown[] {
  if (how === 'concatenate') return (lists) => lists.flat(1);
  if (how === 'zip') return (lists) => lists.reduce((left, right) => zipRecords(left, right, into));
  if (key === undefined) throw new FlowError('CONFIG_INVALID', 'A join needs the path of a key.', { place: { pointer: '' } });
  if (matches === 'all' && into === undefined) throw new FlowError('CONFIG_INVALID', 'A list of matches needs a field to stand in.', { place: { pointer: '/matches' } });
  const keys = { left: context.path(key), right: context.path(otherKey ?? key) };
  return (lists) => lists.reduce((left, right) => joinRecords(left, right, { keys, join, matches, into }));
}

function checkObject(record: unknown): void {
  if (typeof record === 'object' && record !== null && !Array.isArray(record)) return;
  throw new FlowError('DATA_INVALID', `Records to be put together must be objects, but one is ${JSON.stringify(record)?.slice(0, 100) ?? 'missing'}.`);
}

interface Collected {
  readonly items: Map<number, unknown[]>;
  readonly meta: Readonly<Record<string, string>>;
}

/** Puts together what a loop took apart. */
function collector() {
  const loops = new Map<string, Collected>();
  return {
    async payload(...[payload]: Parameters<Gather>): Promise<Output[]> {
      const taken = takeFrame(payload);
      if (!taken) throw new FlowError('DATA_INVALID', 'The payload is not an item of a For each step: there is nothing to collect it by.');
      const { frame, outer } = taken;
      const { each: _, ...own } = payload.meta;
      const loop = loops.get(frame.payload) ?? { items: new Map<number, unknown[]>(), meta: { ...own, ...(outer !== undefined && { each: outer }) } };
      loops.set(frame.payload, loop);
      loop.items.set(frame.index, [...(loop.items.get(frame.index) ?? []), await payload.json()]);
      return [];
    },
    end: ({ create }: PayloadContext): Output[] => [...loops.values()].map(({ items, meta }) => ({
      port: 'out', payload: create([...items].sort(([left], [right]) => left - right).flatMap(([, bodies]) => bodies), { meta }),
    })),
  };
}
