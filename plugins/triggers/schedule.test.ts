import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type Infer, type TriggerContext } from '../sdk/index.ts';
import { nextTimes, timesBetween } from './schedule-times.ts';
import schedule from './schedule.ts';

const short = (time: number): string => new Date(time).toISOString().slice(0, 16);

describe('the days on which the clocks are changed', () => {
  for (const [title, cron, timeZone, from, expected] of [
    // London: 2024-03-31 01:00 → 02:00, 2024-10-27 02:00 → 01:00.
    ['a fixed time in the gap', '30 1 * * *', 'Europe/London', '2024-03-30T12:00', ['2024-03-31T01:00', '2024-04-01T00:30']],
    ['several in one gap fire once', '0,15,30 1 * * *', 'Europe/London', '2024-03-30T12:00', ['2024-03-31T01:00', '2024-04-01T00:00', '2024-04-01T00:15']],
    ['a list of hours, of which one falls into the gap', '0 1,14 * * *', 'Europe/London', '2024-03-30T20:00', ['2024-03-31T01:00', '2024-03-31T13:00', '2024-04-01T00:00']],
    ['a fixed time that comes twice', '30 1 * * *', 'Europe/London', '2024-10-26T12:00', ['2024-10-27T00:30', '2024-10-28T01:30']],
    ['a list of hours, of which one comes twice', '30 1,13 * * *', 'Europe/London', '2024-10-26T20:00', ['2024-10-27T00:30', '2024-10-27T13:30', '2024-10-28T01:30']],
    ['a range of hours, of which one comes twice', '0 0-2 * * *', 'Europe/London', '2024-10-26T20:00', ['2024-10-26T23:00', '2024-10-27T00:00', '2024-10-27T02:00', '2024-10-28T00:00']],
    ['every half hour, forward', '*/30 * * * *', 'Europe/London', '2024-03-31T00:00', ['2024-03-31T00:30', '2024-03-31T01:00', '2024-03-31T01:30']],
    ['every half hour, back', '*/30 * * * *', 'Europe/London', '2024-10-27T00:00', ['2024-10-27T00:30', '2024-10-27T01:00', '2024-10-27T01:30', '2024-10-27T02:00']],
    // New York: 2024-03-10 02:00 → 03:00, 2024-11-03 02:00 → 01:00.
    ['a fixed time in the gap', '15 2 * * *', 'America/New_York', '2024-03-09T12:00', ['2024-03-10T07:00', '2024-03-11T06:15']],
    ['weekly, in the gap', '30 2 * * 0', 'America/New_York', '2024-03-09T20:00', ['2024-03-10T07:00', '2024-03-17T06:30']],
    ['a fixed time that comes twice', '0,30 1 * * *', 'America/New_York', '2024-11-02T20:00', ['2024-11-03T05:00', '2024-11-03T05:30', '2024-11-04T06:00']],
    ['every hour, forward', '0 * * * *', 'America/New_York', '2024-03-10T05:30', ['2024-03-10T06:00', '2024-03-10T07:00', '2024-03-10T08:00']],
    ['every hour, back', '0 * * * *', 'America/New_York', '2024-11-03T04:30', ['2024-11-03T05:00', '2024-11-03T06:00', '2024-11-03T07:00']],
    // Lord Howe changes by half an hour: 2024-04-07 02:00 → 01:30, 2024-10-06 02:00 → 02:30.
    ['a fixed time in the gap', '15 2 * * *', 'Australia/Lord_Howe', '2024-10-05T00:00', ['2024-10-05T15:30', '2024-10-06T15:15']],
    ['a fixed time that comes twice', '45 1 * * *', 'Australia/Lord_Howe', '2024-04-05T20:00', ['2024-04-06T14:45', '2024-04-07T15:15']],
    ['every quarter, forward', '*/15 * * * *', 'Australia/Lord_Howe', '2024-10-05T15:00', ['2024-10-05T15:15', '2024-10-05T15:30', '2024-10-05T15:45']],
    ['every quarter, back', '*/15 * * * *', 'Australia/Lord_Howe', '2024-04-06T14:15', ['2024-04-06T14:30', '2024-04-06T14:45', '2024-04-06T15:00', '2024-04-06T15:15']],
    ['no change at all', '0 6 * * *', 'Asia/Kathmandu', '2024-03-30T12:00', ['2024-03-31T00:15', '2024-04-01T00:15']],
    ['leap day', '0 0 29 2 *', 'UTC', '2024-03-01T00:00', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['a day that does not exist', '0 0 31 2 *', 'UTC', '2024-03-01T00:00', []],
  ] as const) {
    test(`${timeZone}: ${title} (${cron})`, () => assert.deepEqual(nextTimes({ cron, timeZone }, Date.parse(`${from}Z`), expected.length || 1).map(short), expected));
  }
});

test('looking back finds the same times as looking forward', () => {
  let found = 0;
  for (const timeZone of ['UTC', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
    for (const cron of ['30 1 * * *', '0,15 2,14 * * *', '*/15 * * * *', '30 1-4 * * *', '45 1 * * 0', '*/30 1 * * *']) {
      for (const day of ['2024-03-09', '2024-03-30', '2024-04-06', '2024-10-05', '2024-10-26', '2024-11-02']) {
        const from = Date.parse(`${day}T00:00Z`);
        const until = from + 2 * 86_400_000;
        const forward = nextTimes({ cron, timeZone }, from, cron.startsWith('*/15') ? 200 : 20).filter((time) => time <= until);
        assert.deepEqual(timesBetween({ cron, timeZone }, from, until, 250), forward, `${cron} ${timeZone} ${day}`);
        found += forward.length;
      }
    }
  }
  assert.ok(found > 1_000);
});

test('the ends of a span: after the first, with the last', () => {
  const noon = Date.parse('2024-01-01T12:00Z');
  const between = (after: number, until: number, most = 9) => timesBetween({ cron: '0 * * * *' }, after, until, most).map(short);
  assert.deepEqual(between(noon, noon + 3_600_000), ['2024-01-01T13:00']);
  assert.deepEqual(between(noon - 1, noon), ['2024-01-01T12:00']);
  assert.deepEqual(between(noon - 1, noon + 500), ['2024-01-01T12:00']);
  assert.deepEqual(between(noon, noon + 3_599_999), []);
  assert.deepEqual(between(0, noon, 2), ['2024-01-01T11:00', '2024-01-01T12:00']);
});

describe('what cannot be read is said with its place', () => {
  for (const [settings, pointer] of [
    [{ cron: '61 * * * *' }, '/cron'], [{ cron: '0 25 * * *' }, '/cron'], [{ cron: '0 5-2 * * *' }, '/cron'], [{ cron: '0 0 * * * *' }, '/cron'], [{ cron: '0 0 * * *', more: ['0 0 * * *', '0 0 * *'] }, '/more/1'], [{ cron: '0 0 * * *', timeZone: 'Europe/Lodnon' }, '/timeZone'],
  ] as const) {
    test(JSON.stringify(settings), () => assert.throws(() => nextTimes(settings, 0, 1), (error) => FlowError.is(error, 'CONFIG_INVALID') && error.place?.pointer === pointer));
  }
});

type Settings = Infer<typeof schedule.settings>;

/** Runners on machines of their own, with one database: what fired (each key once), and what each remembers. Timers run on while clocks are set. */
class Fleet {
  readonly fired: string[] = [];
  readonly refused: string[] = [];
  readonly runs = new Set<string>();
  remembered: unknown;
  /** How a start ends; default it is recorded. */
  start: (key: string) => 'accepted' | 'skipped' | Error = () => 'accepted';
  readonly #settings: Settings;
  readonly #sleepers = new Set<{ readonly at: number; wake(): void }>();
  #elapsed = 0;
  #aborts: AbortController[] = [];

  constructor(settings: Partial<Settings>) {
    this.#settings = { cron: '0 * * * *', more: [], timeZone: 'UTC', missed: 'skip', missedLimit: 100, overlap: 'parallel', ...settings } as Settings;
  }

  /** Another runner, whose clock shows this time. Gives the function that sets its clock. */
  async join(time: string): Promise<(time: string) => Promise<void>> {
    const started = this.#elapsed;
    let offset = Date.parse(time);
    const abort = new AbortController();
    this.#aborts.push(abort);
    const context = {
      signal: abort.signal, log: { debug() {}, info() {}, warn() {}, error() {} }, random: () => 0.5,
      memory: { get: async () => this.remembered, set: async (value: unknown) => { this.remembered = value; } },
      clock: {
        now: () => offset + this.#elapsed - started,
        sleep: (ms: number) => new Promise<void>((wake, reject) => {
          this.#sleepers.add({ at: this.#elapsed + ms, wake });
          abort.signal.addEventListener('abort', () => reject(new Error('ended')), { once: true });
        }),
      },
    } as unknown as TriggerContext;
    void this.#consume(context);
    await settle();
    return async (to) => {
      offset = Date.parse(to) - (this.#elapsed - started);
      await settle();
    };
  }

  async #consume(context: TriggerContext): Promise<void> {
    for await (const event of schedule.events(this.#settings, context)) {
      if (context.signal.aborted) return;
      const key = event.key!;
      assert.deepEqual([event.payload?.body, event.at], [{ time: key }, Date.parse(key)]);
      const end = this.runs.has(key) ? 'accepted' : this.start(key);
      if (end instanceof Error) {
        this.refused.push(short(Date.parse(key)));
        event.failed?.(end);
      } else if (end === 'skipped') event.skipped?.();
      else {
        if (!this.runs.has(key)) this.fired.push(short(Date.parse(key)));
        this.runs.add(key);
        event.accepted?.({ id: key });
      }
    }
  }

  async pass(minutes: number): Promise<void> {
    for (const end = this.#elapsed + minutes * 60_000; ;) {
      const first = [...this.#sleepers].sort((left, right) => left.at - right.at)[0];
      if (!first || first.at > end) {
        this.#elapsed = end;
        return;
      }
      this.#sleepers.delete(first);
      this.#elapsed = Math.max(this.#elapsed, first.at);
      first.wake();
      await settle();
    }
  }

  /** All runners end at once. */
  async kill(): Promise<void> {
    for (const abort of this.#aborts.splice(0)) abort.abort();
    this.#sleepers.clear();
    await settle();
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const hours = (...which: number[]): string[] => which.map((hour) => `2024-01-01T${String(hour).padStart(2, '0')}:00`);

test('three runners whose clocks differ by seconds: each time fires once', async () => {
  const fleet = new Fleet({});
  for (const time of ['2024-01-01T09:30:00Z', '2024-01-01T09:30:05Z', '2024-01-01T09:29:55Z']) await fleet.join(time);
  await fleet.pass(300);
  assert.deepEqual(fleet.fired, hours(10, 11, 12, 13, 14));
  await fleet.kill();
});

describe('a clock that is set', () => {
  for (const [title, settings, to, expected] of [
    ['back: the hour comes again, but does not fire again', {}, '2024-01-01T09:35:00Z', [10, 11]],
    ['back by seconds, over the time that has fired', {}, '2024-01-01T09:59:57Z', [10, 11]],
    ['forward by seconds, over a time', {}, '2024-01-01T11:00:05Z', [10, 11, 12]],
    ['forward by hours: what lies between is missed', {}, '2024-01-01T13:40:00Z', [10, 14]],
    ['forward by hours, the last one counts', { missed: 'last' }, '2024-01-01T13:40:00Z', [10, 13, 14]],
    ['forward by hours, all count', { missed: 'all' }, '2024-01-01T13:40:00Z', [10, 11, 12, 13, 14]],
    ['forward by hours, only so many count', { missed: 'all', missedLimit: 2 }, '2024-01-01T13:40:00Z', [10, 12, 13, 14]],
  ] as const) {
    test(title, async () => {
      const fleet = new Fleet(settings);
      const setClock = await fleet.join('2024-01-01T09:30:00Z');
      await fleet.pass(31);
      await setClock(to);
      await fleet.pass(to < '2024-01-01T10' ? 90 : 70);
      assert.deepEqual(fleet.fired, hours(...expected));
      await fleet.kill();
    });
  }
  test('years ahead, and right again: nothing is lost for ever', async () => {
    const fleet = new Fleet({});
    const setClock = await fleet.join('2024-01-01T09:30:00Z');
    await setClock('2030-01-01T00:30:00Z');
    await fleet.pass(40);
    await setClock('2024-01-01T10:30:00Z');
    await fleet.pass(40);
    assert.deepEqual(fleet.fired, ['2030-01-01T01:00', ...hours(11)]);
    await fleet.kill();
  });
});

describe('a runner that was down', () => {
  for (const [title, settings, back, expected] of [
    ['for a minute', {}, '2024-01-01T11:01:00Z', [10, 11, 12]],
    ['for hours, missed times left out', {}, '2024-01-01T13:30:00Z', [10, 14]],
    ['for hours, the last one counts', { missed: 'last' }, '2024-01-01T13:30:00Z', [10, 13, 14]],
    ['for hours, all count', { missed: 'all' }, '2024-01-01T13:30:00Z', [10, 11, 12, 13, 14]],
  ] as const) {
    test(title, async () => {
      const fleet = new Fleet(settings);
      await fleet.join('2024-01-01T09:30:00Z');
      await fleet.pass(40);
      await fleet.kill();
      await fleet.join(back);
      await fleet.pass(60);
      assert.deepEqual(fleet.fired, hours(...expected));
      await fleet.kill();
    });
  }
  test('two that come back at once make up for the same times, once', async () => {
    const fleet = new Fleet({ missed: 'all' });
    await fleet.join('2024-01-01T09:30:00Z');
    await fleet.kill();
    await fleet.join('2024-01-01T13:30:00Z');
    await fleet.join('2024-01-01T13:30:02Z');
    await fleet.pass(1);
    assert.deepEqual(fleet.fired, hours(10, 11, 12, 13));
    await fleet.kill();
  });
  test('whose old runs are no longer kept, does not fire their times again', async () => {
    const fleet = new Fleet({ missed: 'all' });
    await fleet.join('2024-01-01T09:30:00Z');
    await fleet.pass(100);
    await fleet.kill();
    fleet.runs.clear();
    await fleet.join('2024-01-01T11:30:00Z');
    assert.deepEqual(fleet.fired, hours(10, 11));
    await fleet.kill();
  });
  test('that began to listen, and was down before it ever fired', async () => {
    const fleet = new Fleet({ missed: 'last' });
    await fleet.join('2024-01-01T09:30:00Z');
    await fleet.kill();
    await fleet.join('2024-01-01T10:30:00Z');
    assert.deepEqual(fleet.fired, hours(10));
    await fleet.kill();
  });
  test('whose expressions were changed in the meantime, or which was switched off, has missed nothing', async () => {
    for (const remembered of [{ last: 0, of: 'others' }, null, 'nonsense', { last: 'x', of: '["0 * * * *",[],"UTC"]' }]) {
      const fleet = new Fleet({ missed: 'all' });
      fleet.remembered = remembered;
      await fleet.join('2024-01-01T10:30:00Z');
      await fleet.pass(40);
      assert.deepEqual(fleet.fired, hours(11));
      await fleet.kill();
    }
  });
});

test('a time whose run could not be recorded is tried again until it is', async () => {
  const fleet = new Fleet({});
  let left = 3;
  fleet.start = () => (left-- > 0 ? new FlowError('STORAGE_FAILED', 'full') : 'accepted');
  await fleet.join('2024-01-01T09:59:00Z');
  await fleet.pass(3);
  assert.deepEqual([fleet.refused, fleet.fired], [hours(10, 10, 10), hours(10)]);
  await fleet.kill();
});

test('a time of a flow that is wrong, or that overlaps, is over', async () => {
  for (const end of [new FlowError('CONFIG_INVALID', 'no'), 'skipped'] as const) {
    const fleet = new Fleet({});
    fleet.start = (key) => (key.includes('T10') ? end : 'accepted');
    await fleet.join('2024-01-01T09:59:00Z');
    await fleet.pass(70);
    assert.deepEqual([fleet.refused.length, fleet.fired], [end === 'skipped' ? 0 : 1, hours(11)]);
    await fleet.kill();
  }
});
