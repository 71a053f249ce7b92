import { Cron } from 'croner';
import { defineTrigger, FlowError } from '../sdk/index.ts';

export interface ScheduleSettings {
  readonly cron: string;
  readonly more?: readonly string[];
  readonly timeZone?: string;
}

export default defineTrigger({
  type: 'schedule',
  title: 'Schedule',
  summary: 'Starts runs at the times of one or more cron expressions.',
  description:
    'Five fields: minute, hour, day of the month, month, day of the week. Where the clocks go forward, a fixed time that is skipped fires right after the gap; where they go back, it fires once. Times that pass while Patchbay does not run, or while the machine sleeps, are not made up for, but the one it overslept last fires on waking. The payload is `{"time": …}`, the time it was due.',
  icon: 'watch',
  settings: {
    type: 'object',
    properties: {
      cron: { type: 'string', minLength: 9, title: 'Cron expression', description: 'Such as `0 6 * * 1-5`: at 6:00 from Monday to Friday.' },
      more: { type: 'array', items: { type: 'string', minLength: 9 }, default: [], title: 'Further expressions', description: 'Times of further expressions are added; a time that several name fires once.' },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone of the expressions, such as `Europe/London`.' },
    },
    required: ['cron'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Every hour', settings: { cron: '0 * * * *' }, now: '2024-01-01T10:30:00Z', times: ['2024-01-01T11:00:00.000Z', '2024-01-01T12:00:00.000Z'] },
    { title: 'At 1:30 in London, where the clocks go forward', settings: { cron: '30 1 * * *', timeZone: 'Europe/London' }, now: '2024-03-30T12:00:00Z', times: ['2024-03-31T01:00:00.000Z', '2024-04-01T00:30:00.000Z'] },
    { title: 'At 1:30 in London, where the clocks go back', settings: { cron: '30 1 * * *', timeZone: 'Europe/London' }, now: '2024-10-26T12:00:00Z', times: ['2024-10-27T00:30:00.000Z', '2024-10-28T01:30:00.000Z'] },
    { title: 'Two expressions that meet', settings: { cron: '0 12 * * *', more: ['0 6,12 * * *'] }, now: '2024-01-01T00:00:00Z', times: ['2024-01-01T06:00:00.000Z', '2024-01-01T12:00:00.000Z', '2024-01-02T06:00:00.000Z'] },
  ],
  async *events(settings, { signal, clock }) {
    for (;;) {
      const [due] = nextTimes(settings, clock.now(), 1);
      if (due === undefined) return;
      while (clock.now() < due) {
        // In portions, so that a clock that is set or a machine that slept is noticed.
        await clock.sleep(Math.min(due - clock.now(), 60_000)).catch(() => undefined);
        if (signal.aborted) return;
      }
      const time = new Date(due).toISOString();
      yield { payload: { body: { time }, mediaType: 'application/json' }, key: time };
    }
  },
});

/** The next `count` times after `from`, in milliseconds since the epoch, ascending. Fails with `CONFIG_INVALID`. Shorter where an expression has no further time. */
export function nextTimes(settings: ScheduleSettings, from: number, count: number): number[] {
  const times = [settings.cron, ...(settings.more ?? [])].flatMap((expression) => timesOf(expression, settings.timeZone ?? 'UTC', from, count));
  return [...new Set(times)].sort((left, right) => left - right).slice(0, count);
}

function timesOf(expression: string, timezone: string, from: number, count: number): number[] {
  try {
    return new Cron(expression, { timezone, mode: '5-part', paused: true }).nextRuns(count, new Date(from)).map((time) => time.getTime());
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The schedule ${JSON.stringify(expression)} in the time zone ${JSON.stringify(timezone)} cannot be read: ${(cause as Error).message}.`, { cause, place: { pointer: '/cron' } });
  }
}
