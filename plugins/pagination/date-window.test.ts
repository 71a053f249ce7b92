import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError, type Infer } from '../sdk/index.ts';
import dateWindow from './date-window.ts';

type Settings = Infer<typeof dateWindow.settings>;

const start = Date.parse('2024-01-01T00:00:00Z');
const hourMs = 3_600_000;
const at = (hours: number): string => new Date(start + hours * hourMs).toISOString();
const settings = (own: Partial<Settings>): Settings => ({ from: at(0), to: at(48), step: 1, unit: 'hour', fromParam: 'from', toParam: 'to', in: 'query', format: 'date-time', isEndIncluded: false, pageStart: 1, ...own });

interface Answer {
  readonly records: readonly unknown[];
  readonly total?: number;
}

/** All that is given, and the queries. */
function walk(own: Settings, server: (query: Readonly<Record<string, string>>) => Answer): { readonly received: unknown[]; readonly asked: Readonly<Record<string, string>>[]; readonly stop: string } {
  const received: unknown[] = [];
  const asked: Readonly<Record<string, string>>[] = [];
  let request = dateWindow.first(own);
  for (let index = 0; index < 5000; index++) {
    const query = request.query as Readonly<Record<string, string>>;
    asked.push(query);
    const { records, total } = server(query);
    const read = (document: unknown, path: string): unknown => (document as Record<string, unknown>)[path];
    const page = { request, url: 'https://api.test/', index, records, total: received.length + records.length, response: { status: 200, headers: {}, body: { total } } };
    const next = dateWindow.next(page, own, { read, evaluate: () => assert.fail('no expressions here') });
    if ('stop' in next || !next.again) received.push(...dateWindow.fresh!(page, own));
    if ('stop' in next) return { received, asked, stop: next.stop };
    request = next.request;
  }
  throw new Error('the walk does not end');
}

describe('each record once, in order', () => {
  /** Times of records in minutes, ascending. */
  const times = fc.array(fc.nat(48 * 60 - 1), { maxLength: 60 }).map((all) => all.sort((one, other) => one - other).map((minute, id) => ({ id, time: start + minute * 60_000 })));
  const windows = fc.record({ step: fc.integer({ min: 1, max: 40 }), unit: fc.constantFrom('hour', 'day', 'minute') }).map(({ step, unit }) => ({ step: unit === 'minute' ? step * 30 : step, unit }) as const);
  const between = (records: readonly { readonly time: number }[], query: Readonly<Record<string, string>>): { readonly time: number }[] => records.filter(({ time }) => time >= Date.parse(query['from']!) && time < Date.parse(query['to']!));

  test('whatever the windows', () => {
    fc.assert(fc.property(times, windows, (records, window) => {
      const { received, stop } = walk(settings(window), (query) => ({ records: between(records, query) }));
      assert.deepEqual([received, stop], [records, 'last-window']);
    }), { seed: 21, numRuns: 60 });
  });

  for (const isTold of [true, false]) {
    test(`where the server gives only so many of a window${isTold ? ' and names how many there are' : ''}`, () => {
      fc.assert(fc.property(times, windows, fc.integer({ min: 2, max: 8 }), (records, window, most) => {
        const server = (query: Readonly<Record<string, string>>): Answer => {
          const all = between(records, query);
          return { records: all.slice(0, most), ...(isTold && { total: all.length }) };
        };
        try {
          assert.deepEqual(walk(settings({ ...window, most, ...(isTold && { totalPath: 'total' }) }), server).received, records);
        } catch (error) {
          // Of one and the same time there are more than it gives.
          const isCrowded = records.some(({ time }) => records.filter((other) => other.time === time).length >= (isTold ? most + 1 : most));
          assert.ok(FlowError.is(error, 'REMOTE_FORMAT') && isCrowded, String(error));
        }
      }), { seed: 22, numRuns: 80 });
    });
  }

  test('where nobody may page deeper than so many records', () => {
    // Few moments, so that some are those of several records.
    const hours = fc.array(fc.nat(20), { maxLength: 30, size: 'max' }).map((all) => all.sort((one, other) => one - other).map((minute, id) => ({ id, time: start + minute * 8 * 60_000 })));
    fc.assert(fc.property(hours, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), (records, size, pages, isTold) => {
      const deepest = size * pages;
      const server = (query: Readonly<Record<string, string>>): Answer => {
        const all = between(records, query);
        const page = Number(query['page']);
        if (page * size > deepest) throw new Error(`page ${page} is too deep`);
        return { records: all.slice((page - 1) * size, page * size), ...(isTold && { total: all.length }) };
      };
      try {
        assert.deepEqual(walk(settings({ from: at(0), to: at(3), step: 3, pageParam: 'page', size, deepest, timePath: 'time', ...(isTold && { totalPath: 'total' }) }), server).received, records);
      } catch (error) {
        const isCrowded = records.some(({ time }) => records.filter((other) => other.time === time).length >= deepest);
        assert.ok(FlowError.is(error, 'REMOTE_FORMAT') && isCrowded, String(error));
      }
    }), { seed: 24, numRuns: 200 });
  });

  for (const [what, own, code] of [['no path of the time', { deepest: 2 }, 'CONFIG_INVALID'], ['a record without a time', { deepest: 2, timePath: 'at' }, 'REMOTE_FORMAT']] as const) {
    test(`a new window needs to know times: ${what}`, () => assert.throws(() => walk(settings({ ...own, pageParam: 'page', size: 2 }), () => ({ records: [{ id: 1 }, { id: 2 }] })), (error) => FlowError.is(error, code)));
  }

  test('in pages within the windows', () => {
    fc.assert(fc.property(times, windows, fc.integer({ min: 1, max: 5 }), fc.boolean(), (records, window, size, isTold) => {
      const server = (query: Readonly<Record<string, string>>): Answer => {
        const all = between(records, query);
        return { records: all.slice((Number(query['page']) - 1) * size, Number(query['page']) * size), ...(isTold && { total: all.length }) };
      };
      assert.deepEqual(walk(settings({ ...window, pageParam: 'page', size, ...(isTold && { totalPath: 'total' }) }), server).received, records);
    }), { seed: 23, numRuns: 60 });
  });
});

describe('the times', () => {
  const cases: readonly (readonly [what: string, own: Partial<Settings>, asked: readonly (readonly [from: string, to: string])[]])[] = [
    ['months, over the end of a short one', { from: '2024-01-31', to: '2024-04-01', unit: 'month', format: 'date' }, [['2024-01-31', '2024-03-02'], ['2024-03-02', '2024-04-01']]],
    ['seconds, the end belongs to it', { from: at(0), to: at(2), format: 'seconds', isEndIncluded: true }, [['1704067200', '1704070799'], ['1704070800', '1704074399']]],
    ['milliseconds', { from: at(0), to: at(1), format: 'milliseconds' }, [['1704067200000', '1704070800000']]],
    ['an offset', { from: '2024-01-01T01:00:00+01:00', to: '2024-01-01T01:00:00Z' }, [[at(0), at(1)]]],
    ['an end before the beginning', { from: at(5), to: at(0) }, [[at(5), at(5)]]],
    ['weeks', { from: at(0), to: at(24 * 8), unit: 'week', format: 'date' }, [['2024-01-01', '2024-01-08'], ['2024-01-08', '2024-01-09']]],
  ];
  for (const [what, own, asked] of cases) test(what, () => assert.deepEqual(walk(settings(own), () => ({ records: [] })).asked.map(({ from, to }) => [from, to]), asked));

  for (const own of [{ from: 'yesterday' }, { to: '31.01.2024' }]) {
    test(`none at all: ${JSON.stringify(own)}`, () => assert.throws(() => walk(settings(own), () => ({ records: [] })), (error) => FlowError.is(error, 'CONFIG_INVALID')));
  }
});
