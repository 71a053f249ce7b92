import { Temporal } from 'temporal-polyfill';
import { defineShape, FlowError } from '../sdk/index.ts';
import { checkZone, instantOf } from './dates.ts';

export default defineShape({
  type: 'wait',
  title: 'Wait',
  summary: 'Holds payloads back: for some time, until a time, or so that not too many pass at once.',
  description: 'A time may be a date (`2024-12-01T08:00`, an expression) or a time of day (`08:00`): the next one after the run was queued; where the clocks go forward, a time of day that is skipped is the one right after the gap. A time that has passed holds nothing back. Waiting payloads keep the run going: for hours, rather let a schedule start another flow.',
  icon: 'watch',
  group: 'control',
  ports: ['out'],
  retries: 0,
  timeoutMs: 691_200_000,
  settings: {
    type: 'object',
    properties: {
      mode: {
        type: 'string', enum: ['for', 'until', 'throttle'], default: 'for', title: 'Mode', description: 'How payloads are held back.',
        enumDescriptions: ['Each payload for some milliseconds.', 'Each payload until a time.', 'At most so many payloads per period.'],
      },
      forMs: { type: 'integer', minimum: 0, maximum: 604_800_000, default: 1_000, title: 'Milliseconds', description: 'How long each payload waits; at most 7 days.', 'x-expression': true, 'x-ui': { visibleWhen: { field: 'mode', equals: 'for' } } },
      until: { title: 'Until', description: 'Date, time of day (`08:00`) or milliseconds since 1970; at most 7 days from the begin.', 'x-expression': true, 'x-ui': { visibleWhen: { field: 'mode', equals: 'until' } } },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone of a time without one.', 'x-ui': { visibleWhen: { field: 'mode', equals: 'until' } } },
      payloads: { type: 'integer', minimum: 1, maximum: 100_000, default: 1, title: 'Payloads', description: 'How many pass in a period.', 'x-ui': { visibleWhen: { field: 'mode', equals: 'throttle' } } },
      periodMs: { type: 'integer', minimum: 1, maximum: 86_400_000, default: 1_000, title: 'Period', description: 'Milliseconds of a period; it slides.', 'x-ui': { visibleWhen: { field: 'mode', equals: 'throttle' } } },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'A second', settings: {}, payloads: [{ id: 1 }], outputs: [{ port: 'out', body: { id: 1 } }] },
    { title: 'A time that has passed', settings: { mode: 'until', until: '{{ payload.at }}' }, payloads: [{ at: '2024-01-01' }], outputs: [{ port: 'out', body: { at: '2024-01-01' } }] },
    { title: 'Two per second', settings: { mode: 'throttle', payloads: 2 }, payloads: [1, 2, 3], outputs: [{ port: 'out', body: 1 }, { port: 'out', body: 2 }, { port: 'out', body: 3 }] },
    { title: 'No time', settings: { mode: 'until' }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
    { title: 'A text that is no time', settings: { mode: 'until', until: '{{ payload.at }}' }, payloads: [{ at: 'soon' }], outputs: [], error: 'DATA_INVALID' },
    { title: 'A time too far away', settings: { mode: 'until', until: '2030-01-01' }, payloads: [1], outputs: [], error: 'DATA_INVALID' },
  ],
  open: (settings) => {
    const { mode, timeZone, payloads, periodMs } = settings;
    if (mode === 'until' && settings.until === undefined) throw new FlowError('CONFIG_INVALID', 'A time is needed to wait until.', { place: { pointer: '/until' } });
    checkZone(timeZone, '/timeZone');
    /** When the last payloads passed or will pass, oldest first. */
    const passes: number[] = [];
    const dueAt = (startedAt: number): number => {
      const due = passes.length < payloads ? startedAt : Math.max(startedAt, passes.shift()! + periodMs);
      passes.push(due);
      return due;
    };
    return async (payload, { settings: current, clock, now, startedAt }) => {
      const ms = mode === 'for' ? current.forMs : mode === 'until' ? timeOf(current.until, timeZone, now) - startedAt : dueAt(startedAt) - startedAt;
      if (ms > LONGEST_MS) throw new FlowError('DATA_INVALID', `The payload would wait for ${Math.round(ms / 3_600_000)} hours; 7 days are possible.`, { details: { ms } });
      if (ms > 0) await clock.sleep(ms);
      return [{ port: 'out', payload }];
    };
  },
});

function timeOf(value: unknown, timeZone: string, now: number): number {
  const [, time] = /^\s*(\d{1,2}:\d\d(?::\d\d)?)\s*$/.exec(typeof value === 'string' ? value : '') ?? [];
  try {
    const found = time === undefined ? instantOf(value, timeZone, '/until') : nextTimeOfDay(time.padStart(time.length + (time.indexOf(':') === 1 ? 1 : 0), '0'), timeZone, now);
    if (found !== undefined) return found;
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `${JSON.stringify(value)} is not a time: ${(cause as Error).message}.`, { cause });
  }
  throw new FlowError('DATA_INVALID', `${JSON.stringify(value) ?? 'Nothing'} is not a time: write a date such as 2024-12-01T08:00 or a time of day such as 08:00.`);
}

function nextTimeOfDay(text: string, timeZone: string, now: number): number {
  const time = Temporal.PlainTime.from(text);
  const begin = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  const today = begin.withPlainTime(time);
  return (today.epochMilliseconds >= now ? today : begin.add({ days: 1 }).withPlainTime(time)).epochMilliseconds;
}

const LONGEST_MS = 604_800_000;
