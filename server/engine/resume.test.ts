import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type Payload, type Shape } from '../../plugins/sdk/index.ts';
import { eventsOf, runDefaults, runFlow, shape, testHost, testShapes, type Story, type Told } from '../../test/support/engine-host.ts';
import { RecordReceiver, type Fate } from '../../test/support/record-receiver.ts';
import type { PayloadHead, RunEvent } from '../model/run-event.ts';
import { bodyOf, childId, createPayload } from './payload.ts';
import { planFlow } from './plan.ts';
import { resumeRun, unfinishedOf, type JournalRow } from './resume.ts';
import type { RunResume } from './run-scope.ts';

/** Effects by key, in order: what another system would have got. */
class Receiver {
  readonly calls: { readonly key: string; readonly body: unknown }[] = [];
  readonly records: RecordReceiver;

  constructor(fateOf: (body: unknown) => Fate = () => 'taken') {
    this.records = new RecordReceiver(fateOf);
  }

  shape(fails: (body: unknown) => boolean = () => false): Shape {
    return shape('send', () => async (payload) => {
      const body = await payload.json();
      if (fails(body)) throw new FlowError('REMOTE_REJECTED', `No ${JSON.stringify(body)}.`);
      this.calls.push({ key: payload.id, body });
      return [{ port: 'out', payload }];
    }, { retries: 0 });
  }

  /** What a receiver that honours the key has: each key once; one key never stands for two contents. */
  get kept(): unknown[] {
    const kept = new Map<string | undefined, unknown>();
    for (const { key, body } of [...this.calls, ...this.records.taken]) {
      if (kept.has(key)) assert.deepEqual(kept.get(key), body);
      kept.set(key, body);
    }
    return [...kept.values()];
  }
}

/** Pages of two from an endless list, by checkpoints: it never asks for a page twice that it was through with. */
const pages = (asked: number[]): Shape => shape('pages', () => async function* (payload, { checkpoint, resumed }) {
  for (let page = (resumed as { page: number } | undefined)?.page ?? 0; page < 4; page++) {
    asked.push(page);
    yield { port: 'out', payload: payload.with({ body: [page * 2, page * 2 + 1] }) };
    checkpoint({ page: page + 1 });
  }
});

/** A body of which nobody keeps more than its size: it has to be made again. */
const streamed = shape('streamed', () => async (payload) => [{ port: 'out', payload: payload.with({ body: [await payload.json()], meta: { streamed: 'yes' } }) }]);

/** Two of them. */
const twice = shape('twice', () => async (payload) => [1, 2].map((turn) => ({ port: 'out', payload: payload.with({ body: [turn], meta: { streamed: 'yes' } }) })));

/** Each payload down both ports, one port after the other. */
const turns = shape('turns', () => (payload) => ['first', 'second'].map((port) => ({ port, payload })), { ports: ['first', 'second'], inTurn: true });

/** All that came, by the step that it came from. */
const gather = shape('gather', () => {
  const kept: Record<string, unknown[]> = {};
  return {
    async payload(payload, { from }) {
      (kept[from?.step ?? ''] ??= []).push(await payload.json());
      return [];
    },
    end: ({ create }) => [{ port: 'out', payload: create(kept) }],
  };
}, { gathers: true });

/** Keeps in a variable what came last. */
const last = shape('last', () => ({
  async payload(payload, { variables }) {
    variables.set('seen', await payload.json());
    return [];
  },
  end: ({ create, variables }) => [{ port: 'out', payload: create(variables.get('seen')) }],
}), { gathers: true });

/** Keeps payloads as failed ones. */
const putAside = shape('put-aside', () => async (payload, { fail }) => {
  fail(payload, new FlowError('DEAD_LETTER', `Kept ${JSON.stringify(await payload.json())}.`));
  return [];
}, { ports: [], keeps: true });

interface Flow {
  readonly title: string;
  readonly steps: Story['steps'];
  readonly body?: unknown;
  readonly fails?: (body: unknown) => boolean;
  /** Of records that a connector sends, one by one. */
  readonly fateOf?: (body: unknown) => Fate;
  /** Records that may be on their way or wait for their turn at a time; default 1. */
  readonly inWork?: number;
}

const sending = (saveResponse: boolean): Flow['steps'][string] => ({ shape: 'connector', settings: { instance: 'shop', endpoint: 'it', saveResponse }, next: { out: 's' } });

const flows: readonly Flow[] = [
  { title: 'one after the other', steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'pass', next: { out: 's' } }, s: { shape: 'send' } }, body: [1, 2, 3, 4, 5] },
  { title: 'pages', steps: { p: { shape: 'pages', next: { out: 'e' } }, e: { shape: 'each', next: { out: 's' } }, s: { shape: 'send' } } },
  { title: 'batches across payloads', steps: { p: { shape: 'pages', next: { out: 'e' } }, e: { shape: 'each', next: { out: 'b' } }, b: { shape: 'batch', settings: { size: 3 }, next: { out: 's' } }, s: { shape: 'send' } } },
  { title: 'two branches and several at a time', steps: { e: { shape: 'list', next: { out: 'q' } }, q: { shape: 'parity', next: { odd: 's', even: 'w' } }, w: { shape: 'wait', concurrency: 3, next: { out: 's' } }, s: { shape: 'send', concurrency: 2 } }, body: [9, 2, 7, 4, 5, 6] },
  { title: 'failures that are caught', steps: { g: { shape: 'guard', next: { try: 'e', catch: 'c' } }, e: { shape: 'each', next: { out: 's' } }, s: { shape: 'send' }, c: { shape: 'pass' } }, body: [1, 2, 3, 4], fails: (body) => body === 2 || body === 4 },
  { title: 'failures that nobody catches', steps: { e: { shape: 'each', next: { out: 's' } }, s: { shape: 'send' } }, body: [1, 2, 3], fails: (body) => body === 2 },
  { title: 'records sent one by one, some refused', steps: { g: { shape: 'guard', next: { try: 'r', catch: 'c' } }, r: sending(true), s: { shape: 'send' }, c: { shape: 'pass' } }, body: [1, 2, 3, 4, 5, 6], fateOf: (body) => (body === 2 || body === 3 ? 'refused' : 'taken') },
  { title: 'records sent one by one until the other system is down', steps: { g: { shape: 'guard', next: { try: 'r', catch: 'c' } }, r: sending(true), s: { shape: 'send' }, c: { shape: 'pass' } }, body: [1, 2, 3, 4, 5], fateOf: (body) => (body === 1 ? 'refused' : body === 4 ? 'down' : 'taken') },
  { title: 'records sent one by one and passed on', steps: { g: { shape: 'guard', next: { try: 'r', catch: 'c' } }, r: sending(false), s: { shape: 'send' }, c: { shape: 'pass' } }, body: [1, 2, 3, 4, 5], fateOf: (body) => (body === 2 ? 'refused' : body === 4 ? 'locked' : 'taken') },
  { title: 'records of several payloads at a time', steps: { l: { shape: 'list', next: { out: 'g' } }, g: { shape: 'guard', next: { try: 'r', catch: 'c' } }, r: { ...sending(true), concurrency: 2 }, s: { shape: 'send' }, c: { shape: 'pass' } }, body: [[1, 2, 3, 4], [5, 6]], fateOf: (body) => (body === 5 ? 'refused' : 'taken'), inWork: 3 },
  { title: 'branches that take turns', steps: { e: { shape: 'each', next: { out: 't' } }, t: { shape: 'turns', next: { first: 'p', second: 's' } }, p: { shape: 'pass', next: { out: 'q' } }, q: { shape: 'send' }, s: { shape: 'send' } }, body: [1, 2, 3] },
  { title: 'a branch that fails, so that the next one does not begin', steps: { e: { shape: 'each', next: { out: 't' } }, t: { shape: 'turns', next: { first: 'q', second: 's' } }, q: { shape: 'send' }, s: { shape: 'pass', next: { out: 'r' } }, r: { shape: 'send' } }, body: [1, 2, 3], fails: (body) => body === 2 },
  { title: 'branches that are gathered', steps: { e: { shape: 'each', next: { out: 't' } }, t: { shape: 'turns', next: { first: 'p', second: 'm' } }, p: { shape: 'pass', next: { out: 'm' } }, m: { shape: 'gather', next: { out: 's' } }, s: { shape: 'send' } }, body: [1, 2, 3] },
  { title: 'variables that a gathering step sets', steps: { e: { shape: 'each', next: { out: 'l' } }, l: { shape: 'last', next: { out: 's' } }, s: { shape: 'send' } }, body: [1, 2, 3] },
  { title: 'payloads that a step keeps', steps: { g: { shape: 'guard', next: { try: 'e', catch: 'k' } }, e: { shape: 'each', next: { out: 's' } }, s: { shape: 'send' }, k: { shape: 'put-aside' } }, body: [1, 2, 3], fails: (body) => body === 2 },
  { title: 'bodies that nobody keeps, made of others', steps: { e: { shape: 'each', next: { out: 'm' } }, m: { shape: 'streamed', next: { out: 't' } }, t: { shape: 'twice', next: { out: 's' } }, s: { shape: 'send' } }, body: [1, 2] },
  { title: 'bodies that nobody keeps', steps: { e: { shape: 'each', next: { out: 'm' } }, m: { shape: 'streamed', next: { out: 's' } }, s: { shape: 'send' } }, body: [1, 2, 3] },
];

test('what a gathering step keeps again is no news: variables are what they were set to last', async () => {
  const flow: Flow = { title: '', steps: { e: { shape: 'each', next: { out: 'l' } }, l: { shape: 'last', next: { out: 's' } }, s: { shape: 'send' } }, body: [1, 2, 3] };
  const whole = await tell(flow, new Receiver());
  const cut = whole.journal.findIndex(({ event }) => event.type === 'payload-out' && event.step === 'l');
  const first = await tell(flow, new Receiver(), { cut: cut - 1 });
  const changed: RunEvent = { type: 'variable', step: 'e', name: 'seen', value: 'by another', at: 0 };
  const receiver = new Receiver();
  const { told } = await tell(flow, receiver, { resume: { ...first, journal: [...first.journal, { seq: 99, event: changed, isDone: false }] } });
  assert.deepEqual([told.error, eventsOf(told, 'variable'), receiver.kept], [undefined, [], ['by another']]);
});

describe('a run that is interrupted after any event goes on to the same end', () => {
  for (const flow of flows) {
    test(flow.title, async () => {
      const whole = await tell(flow, new Receiver(flow.fateOf));
      const cuts = whole.told.events.length;
      assert.ok(cuts > 10);
      for (let cut = 1; cut < cuts; cut++) {
        const receiver = new Receiver(flow.fateOf);
        const first = await tell(flow, receiver, { cut });
        const second = await tell(flow, receiver, { resume: first });
        const where = `interrupted after event ${cut}, ${first.journal.at(-1)?.event.type}`;
        assert.deepEqual([second.told.status, second.told.error?.message], [whole.told.status, whole.told.error?.message], where);
        assert.deepEqual(sorted(receiver.kept), sorted(whole.receiver.kept), where);
        // Only of those that were on their way nobody knows.
        assert.ok(receiver.records.taken.length <= whole.receiver.records.taken.length + (flow.inWork ?? 1), `${where}: sent again`);
        const journal = [...first.journal, ...second.told.events.map((event, index) => ({ seq: index + 1, event, isDone: false }))];
        assert.deepEqual(sorted(outsOf(journal)), sorted(outsOf(whole.told.events.map((event, index) => ({ seq: index + 1, event, isDone: false })))), where);
      }
    });
  }
});

test('an interruption of what went on goes on as well', async () => {
  const [, , flow] = flows as readonly [Flow, Flow, Flow];
  const whole = await tell(flow, new Receiver());
  const receiver = new Receiver();
  let last = await tell(flow, receiver, { cut: 12 });
  for (let turn = 0; turn < 6; turn++) last = await tell(flow, receiver, { resume: last, cut: last.journal.length + 9 });
  const end = await tell(flow, receiver, { resume: last });
  assert.equal(end.told.status, 'success');
  assert.deepEqual(sorted(receiver.kept), sorted(whole.receiver.kept));
});

test('pages that a run was through with are not asked for again', async () => {
  const asked: number[] = [];
  const receiver = new Receiver();
  const first = await tell(flows[1]!, receiver, { asked, afterOuts: 3 });
  const before = asked.length;
  await tell(flows[1]!, receiver, { resume: first, asked });
  assert.ok(asked.slice(before).every((page) => page >= 2), `asked again for ${asked.slice(before).join(', ')}`);
});

test('what did not get through is done in a run of its own, and nothing else', async () => {
  const flow = flows[4]!;
  const receiver = new Receiver();
  const first = await tell(flow, receiver);
  assert.equal(first.told.status, 'partial-success');
  const again = await tell({ ...flow, fails: () => false }, receiver, { unfinishedOf: first });
  assert.deepEqual([again.told.status, receiver.calls.map(({ body }) => body)], ['success', [1, 3, 2, 4]]);
  assert.deepEqual(eventsOf(again.told, 'payload-given').map(({ step, payload }) => [step, again.bodies.get(payload.body)]), [['s', 2], ['s', 4]]);
});

describe('records that did not get through are done in a run of their own', () => {
  const flow: Flow = { title: '', steps: { g: { shape: 'guard', next: { try: 'r', catch: 'c' } }, r: sending(true), s: { shape: 'send' }, c: { shape: 'pass' } }, body: [1, 2, 3, 4, 5] };
  const asked = ({ receiver }: Past): unknown[] => receiver.records.asked;

  test('those that were left', async () => {
    const first = await tell({ ...flow, fateOf: (body) => (body === 2 ? 'refused' : body === 4 ? 'down' : 'taken') }, new Receiver((body) => (body === 2 ? 'refused' : body === 4 ? 'down' : 'taken')));
    const again = await tell({ ...flow, fateOf: () => 'taken' }, new Receiver(), { unfinishedOf: first });
    assert.deepEqual([asked(first), asked(again)], [[1, 2, 3, 4], [2, 4, 5]]);
  });

  test('with the keys that they had: nobody knows what became of the one that was on its way', async () => {
    const keyOf = ({ receiver }: Past, record: number): unknown => receiver.records.taken.find(({ body }) => body === record)?.key;
    const tellWith = (down: number, past?: Past): Promise<Past> => {
      const fateOf = (body: unknown): Fate => (body === down ? 'down' : 'taken');
      return tell({ ...flow, fateOf }, new Receiver(fateOf), past && { unfinishedOf: past });
    };
    const whole = await tellWith(0);
    const first = await tellWith(3);
    const second = await tellWith(4, first);
    const third = await tellWith(0, second);
    for (const [past, record] of [[first, 2], [second, 3], [third, 4], [third, 5]] as const) assert.equal(keyOf(past, record), keyOf(whole, record), String(record));
  });

  const stories: readonly (readonly [what: string, fateOf: (body: unknown) => Fate])[] = [
    ['a record was refused', (body) => (body === 2 ? 'refused' : 'taken')],
    ['the other system was down', (body) => (body === 4 ? 'down' : 'taken')],
  ];
  for (const [what, fateOf] of stories) {
    test(`those that were left when the run was stopped, also where the new run is interrupted: ${what}`, async () => {
      const whole = await tell({ ...flow, fateOf }, new Receiver(fateOf));
      for (let cut = 1; cut < whole.told.events.length; cut++) {
        for (const then of [Infinity, 7]) {
          const first = await tell({ ...flow, fateOf }, new Receiver(fateOf), { cut });
          const begun = await tell({ ...flow, fateOf }, new Receiver(), { unfinishedOf: first, cut: then });
          const end = await tell({ ...flow, fateOf }, new Receiver(), { resume: begun });
          const sent = [first, begun, end].flatMap(({ receiver }) => receiver.records.taken.map(({ body }) => body));
          const given = eventsOf(first.told, 'payload-failed').length > 0 ? [1, 3, 5] : [1, 2, 3, 4, 5];
          assert.deepEqual([...new Set(sent)].filter((body) => given.includes(Number(body))).sort(), given, `stopped after event ${cut}`);
          // Only of the one that was on its way at each end nobody knows.
          assert.ok(sent.length <= (then === Infinity ? 6 : 7), `stopped after event ${cut}: sent ${sent.join()}`);
        }
      }
    });
  }
});

describe('what a gathering step had kept when the run was interrupted is not lost in a run of its own', () => {
  for (const flow of flows.filter(({ steps }) => Object.values(steps).some(({ shape }) => ['batch', 'gather', 'last'].includes(shape)))) {
    test(flow.title, async () => {
      const recordsOf = (receivers: readonly Receiver[]): string[] => [...new Set(receivers.flatMap((receiver) => receiver.kept.flatMap((body) => (Array.isArray(body) ? (body as unknown[]) : [body])).map((record) => JSON.stringify(record))))].sort();
      const whole = await tell(flow, new Receiver());
      for (let cut = 1; cut < whole.told.events.length; cut++) {
        for (const then of [Infinity, 9, 16, 25]) {
          const first = await tell(flow, new Receiver(), { cut });
          const begun = await tell(flow, new Receiver(), { unfinishedOf: first, cut: then });
          // One that had not yet taken up what was left begins anew.
          const hasTakenUp = eventsOf(begun.told, 'run-resumed').length > 0;
          const end = await tell(flow, new Receiver(), hasTakenUp ? { resume: begun } : { unfinishedOf: first });
          const got = recordsOf([first.receiver, begun.receiver, end.receiver]);
          assert.deepEqual(recordsOf([whole.receiver]).filter((record) => !got.includes(record)), [], `stopped after event ${cut}, then after ${then}`);
        }
      }
    });
  }
});

test('a payload that is not in the recording ends the run with a reason', async () => {
  const flow = { ...flows[0]!, steps: { a: { shape: 'list', next: { out: 's' } }, s: { shape: 'send' } } };
  const receiver = new Receiver();
  const first = await tell(flow, receiver, { cut: 8 });
  const { told } = await tell(flow, receiver, { resume: { ...first, bodies: new Map() } });
  assert.deepEqual([told.status, told.error?.code], ['failed', 'RUN_INTERRUPTED']);
});

interface Past {
  readonly told: Told;
  readonly receiver: Receiver;
  /** What would have been found of it. */
  readonly journal: readonly JournalRow[];
  readonly bodies: ReadonlyMap<string, unknown>;
  /** How many runs it took. */
  readonly generation: number;
}

interface Options {
  /** Events after which the process is gone. */
  readonly cut?: number;
  /** The same, payloads given by the first step. */
  readonly afterOuts?: number;
  readonly resume?: Past;
  readonly unfinishedOf?: Past;
  readonly asked?: number[];
}

async function tell({ steps, body = null, fails, fateOf }: Flow, receiver: Receiver, { cut = Infinity, afterOuts = Infinity, resume, unfinishedOf: over, asked = [] }: Options = {}): Promise<Past> {
  const plugins = [receiver.shape(fails), pages(asked), streamed, twice];
  const host = fateOf ? receiver.records.host({}, plugins) : testHost({ plugins: [...testShapes, turns, gather, last, putAside, ...plugins] });
  const past = resume ?? over;
  const generation = (past?.generation ?? 0) + 1;
  const bodies = new Map(past?.bodies);
  const events: RunEvent[] = [];
  const stop = new AbortController();
  const plan = await planFlow(host, { flow: { version: 1, start: Object.keys(steps)[0]!, steps }, flowId: 'test', file: 'flows/test.flow.json' });
  const input = createPayload({ id: 'p', body });
  const head: PayloadHead = { id: 'p', mediaType: 'application/json', body: '', size: 1 };
  const keep = host.bodies.keep.bind(host.bodies);
  const keeping = {
    ...host,
    bodies: {
      ...host.bodies,
      keep(payload: Payload) {
        if (payload.meta['streamed'] === 'yes') return { hash: '', size: 1 };
        const kept = keep(payload);
        const name = `${generation}-${kept.hash}`;
        const held = bodyOf(payload);
        bodies.set(name, held.kind === 'json' ? held.value : undefined);
        return { ...kept, hash: name };
      },
    },
  };
  const before = resume?.journal ?? [];
  const journal = { rows: () => past?.journal ?? [], load: async (wanted: PayloadHead) => (bodies.has(wanted.body) ? createPayload({ id: wanted.id, mediaType: wanted.mediaType, body: bodies.get(wanted.body), ...(wanted.meta && { meta: wanted.meta }) }) : undefined), value: async () => assert.fail('Nothing is sealed.') };
  const going: RunResume | undefined = past && {
    isNewRun: over !== undefined,
    read: (gathers) => (over ? unfinishedOf : resumeRun)({ plan, journal, input, gathers }),
    load: async (wanted) => (await journal.load(wanted))!,
  };
  let outs = 0;
  const told = await runFlow({
    host: keeping, steps, body,
    options: {
      signal: stop.signal, ...(going && { resume: going }),
      emit(event) {
        if (stop.signal.aborted) return;
        events.push(event);
        if (event.type === 'payload-out' && event.step === Object.keys(steps)[0]) outs++;
        // What is done after this is done by a process that is gone: `send` may have got through all the same.
        if (before.length + events.length >= cut || outs >= afterOuts) stop.abort(new FlowError('RUN_STOPPED', 'Gone.'));
      },
    },
  });
  const seen = resume ? events : [{ type: 'run-queued', run: { ...runDefaults().run, payload: head, ...(over && { origin: { kind: 'resume', run: 'run-1' } as const }) } } as const, ...events];
  const all = [...before.map(({ event }) => event), ...seen];
  const done = new Set(all.flatMap((event) => (event.type === 'payload-done' ? [`${event.step} ${event.payload}`] : [])));
  return {
    told: { ...told, events }, receiver, bodies, generation,
    journal: all.map((event, index) => ({ seq: index + 1, event, isDone: event.type === 'payload-in' && done.has(`${event.step} ${event.payload.id}`) && isFirst(all, event, index) })),
  };
}

/** The mark stands at the first attempt that was recorded. */
const isFirst = (all: readonly RunEvent[], { step, payload }: RunEvent & { readonly type: 'payload-in' }, index: number): boolean => all.findIndex((event) => event.type === 'payload-in' && event.step === step && event.payload.id === payload.id) === index;

const outsOf = (journal: readonly JournalRow[]): string[] => journal.flatMap(({ event }) => (event.type === 'payload-out' ? [`${event.step}.${event.port} ${event.payload.id}`] : []));
const sorted = (values: readonly unknown[]): string[] => values.map((value) => JSON.stringify(value)).sort();

test('a payload that was changed in a debugger goes on as it was changed', async () => {
  const host = testHost({ plugins: testShapes });
  const plan = await planFlow(host, { flow: { version: 1, start: 'a', steps: { a: { shape: 'pass', next: { out: 'b' } }, b: { shape: 'pass' } } }, flowId: 'test', file: 'flows/test.flow.json' });
  const head = (id: string, body: string): PayloadHead => ({ id, mediaType: 'application/json', body, size: 1 });
  const events: RunEvent[] = [
    { type: 'run-queued', run: { ...runDefaults().run, payload: head('p', 'one') } },
    { type: 'payload-in', step: 'a', payload: head('p', 'one'), attempt: 1, at: 0 }, { type: 'payload-out', step: 'a', port: 'out', payload: head('q', 'one'), from: 'p', at: 0 }, { type: 'payload-done', step: 'a', payload: 'p', at: 0, durationMs: 0 },
    { type: 'payload-in', step: 'b', payload: head('q', 'changed'), attempt: 1, at: 0 },
  ];
  const journal = {
    rows: () => events.map((event, index): JournalRow => ({ seq: index + 1, event, isDone: event.type === 'payload-in' && event.step === 'a' })),
    load: async ({ id, body }: PayloadHead): Promise<Payload> => createPayload({ id, body }), value: async () => undefined,
  };
  const { steps } = await resumeRun({ plan, journal, input: createPayload({ id: 'p', body: 'one' }), gathers: new Set() });
  assert.deepEqual([...steps].map(([id, { todo }]) => [id, todo.map(({ head: { body } }) => body)]), [['b', ['changed']]]);
});

test('however many wait whose bodies nobody has, all are made again', async () => {
  const host = testHost({ plugins: testShapes });
  const plan = await planFlow(host, { flow: { version: 1, start: 'a', steps: { a: { shape: 'pass', next: { out: 'b' } }, b: { shape: 'pass', next: { out: 'c' } }, c: { shape: 'pass' } } }, flowId: 'test', file: 'flows/test.flow.json' });
  const head = (id: string, body = ''): PayloadHead => ({ id, mediaType: 'application/json', body, size: 1 });
  const count = 20_000;
  const input = createPayload({ id: 'p', body: 'one' });
  function* rows(): Generator<JournalRow> {
    let seq = 0;
    const row = (event: RunEvent, isDone = false): JournalRow => ({ seq: ++seq, event, isDone });
    yield row({ type: 'run-queued', run: { ...runDefaults().run, payload: head('p', 'one') } });
    yield row({ type: 'payload-in', step: 'a', payload: head('p', 'one'), attempt: 1, at: 0 });
    for (let index = 0; index < count; index++) yield row({ type: 'payload-out', step: 'a', port: 'out', payload: head(`q${index}`), from: 'p', at: 0 });
    for (let index = 0; index < count / 2; index++) {
      yield row({ type: 'payload-in', step: 'b', payload: head(`q${index}`), attempt: 1, at: 0 });
      yield row({ type: 'payload-out', step: 'b', port: 'out', payload: head(`r${index}`), from: `q${index}`, at: 0 });
    }
  }
  const { steps } = await resumeRun({ plan, journal: { rows, load: async () => undefined, value: async () => undefined }, input, gathers: new Set() });
  const told = [...steps].map(([id, { todo, awaited }]) => [id, todo.map((item) => [item.head.id, item.outputs, item.again.size]), awaited.size, [...awaited.values()].filter(({ again }) => again.size > 0).length]);
  assert.deepEqual(told, [['a', [['p', count, count]], 0, 0], ['b', [], count, count / 2], ['c', [], count / 2, 0]]);
});

test('a failure that is caught is looked up, however many payloads are in work', async (t) => {
  const host = testHost({ plugins: testShapes });
  const plan = await planFlow(host, { flow: { version: 1, start: 'g', steps: { g: { shape: 'guard', next: { try: 's', catch: 'c' } }, s: { shape: 'pass' }, c: { shape: 'pass' } } }, flowId: 'test', file: 'flows/test.flow.json' });
  const head = (id: string): PayloadHead => ({ id, mediaType: 'application/json', body: id, size: 1 });
  const ids = Array.from({ length: 500 }, (_, index) => `q${index}`);
  const caught = (id: string): string => childId(id, 'g.catch', 0);
  const events: RunEvent[] = [
    { type: 'run-queued', run: { ...runDefaults().run, payload: head('p') } },
    ...ids.map((id): RunEvent => ({ type: 'payload-out', step: 'g', port: 'try', payload: head(id), from: 'p', at: 0 })),
    ...ids.map((id): RunEvent => ({ type: 'payload-failed', step: 's', payload: head(id), error: { code: 'REMOTE_REJECTED', message: 'No.' }, caughtBy: 'g', at: 0 })),
    // The first one has not come there.
    ...ids.slice(1).map((id): RunEvent => ({ type: 'payload-out', step: 'g', port: 'catch', payload: head(caught(id)), at: 0 })),
  ];
  const deletes = t.mock.method(Map.prototype, 'delete').mock;
  const { steps } = await resumeRun({ plan, journal: { rows: () => events.map((event, index) => ({ seq: index + 1, event, isDone: false })), load: async ({ id }) => createPayload({ id, body: id }), value: async () => undefined }, input: createPayload({ id: 'p', body: 1 }), gathers: new Set() });
  const count = deletes.callCount();
  t.mock.restoreAll();
  assert.deepEqual(steps.get('s')!.todo.flatMap(({ head: { id }, uncaught }) => (uncaught.length > 0 ? [id] : [])), ['q0']);
  assert.ok(count <= 4 * ids.length, `${count} look-ups`);
});
