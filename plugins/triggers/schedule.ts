import { defineTrigger, FlowError, type TriggerContext, type TriggerEvent } from '../sdk/index.ts';
import { nextTimes, timesBetween, type ScheduleTimes } from './schedule-times.ts';

const fiveFields = '^\\s*\\S+(\\s+\\S+){4}\\s*$';

export default defineTrigger({
  type: 'schedule',
  title: 'Schedule',
  summary: 'Starts runs at the times of one or more cron expressions.',
  description:
    'Five fields: minute, hour, day of the month, month, day of the week. Where the clocks go forward, a fixed time that is skipped fires right after the gap; where they go back, it fires once. Times with `*` or a step in minute or hour go by the time that passes, and fire in both of the two hours. Each time fires once, however many runners serve the workspace and however their clocks are set. The payload is `{"time": …}`, the time it was due; relative dates count from there.\n\nA time is missed where Patchbay does not run or the machine sleeps, until more than five minutes after it; what happens then is a setting. Times that pass while the flow or the trigger is switched off, or before the expressions were changed, are not missed.',
  icon: 'watch',
  settings: {
    type: 'object',
    properties: {
      cron: { type: 'string', pattern: fiveFields, title: 'Cron expression', description: 'Such as `0 6 * * 1-5`: at 6:00 from Monday to Friday.' },
      more: { type: 'array', items: { type: 'string', pattern: fiveFields }, default: [], title: 'Further expressions', description: 'Times of further expressions are added; a time that several name fires once.' },
      timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone of the expressions, such as `Europe/London`.' },
      missed: {
        type: 'string', enum: ['skip', 'last', 'all'], default: 'skip', title: 'Missed times', description: 'What happens to times that were missed.',
        enumDescriptions: ['They are left out.', 'The last of them fires as soon as possible.', 'All of them fire as soon as possible, in order.'],
      },
      missedLimit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, title: 'Limit', description: 'Of more missed times than this, the last ones fire.', 'x-ui': { visibleWhen: { field: 'missed', equals: 'all' } } },
      overlap: {
        type: 'string', enum: ['parallel', 'queue', 'skip'], default: 'parallel', title: 'Overlap', description: 'What happens when a time comes while a run of this trigger is queued or at work.',
        enumDescriptions: ['Another run starts beside it.', 'Another run starts when it is over.', 'No run starts.'],
      },
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
  times: nextTimes,
  async *events(settings, { signal, clock, memory, log }) {
    const of = JSON.stringify([settings.cron, settings.more, settings.timeZone]);
    let last = await lastTime(memory, of, clock.now());
    while (!signal.aborted) {
      const now = clock.now();
      let isTaken = true;
      for (const due of dueTimes(settings, last, now)) {
        const taken = Promise.withResolvers<boolean>();
        yield eventAt(due, settings.overlap, taken.resolve);
        isTaken = await taken.promise;
        if (!isTaken) break;
        last = due;
        await remember(memory, { last, of });
      }
      // What is left until now was missed. Where the clock was set back, its times come again: their keys see to it that none fires twice.
      if (isTaken) last = now;
      const [next] = nextTimes(settings, last, 1);
      if (next === undefined) return log.warn(`The schedule ${JSON.stringify(settings.cron)} has no further time.`);
      await clock.sleep(isTaken ? Math.min(Math.max(0, next - clock.now()), lookMs) : retryMs).catch(() => undefined);
    }
  },
});

interface Memory {
  /** When it last fired. */
  readonly last: number;
  /** By which expressions. */
  readonly of: string;
}

/** Later than this a time counts as missed: so long a restart may take. */
const graceMs = 300_000;
/** Sleeps are no longer than this, so that a clock that is set or a machine that slept is noticed. */
const lookMs = 60_000;
/** Where the run could not be recorded. */
const retryMs = 5_000;

/** When it last fired, or first began to listen. */
async function lastTime(memory: TriggerContext['memory'], of: string, now: number): Promise<number> {
  const known = (await memory.get()) as Memory | null | undefined;
  if (known?.of === of && typeof known.last === 'number') return known.last;
  await memory.set({ last: now, of } satisfies Memory);
  return now;
}

/** Another runner of the workspace may be ahead of this one. */
async function remember(memory: TriggerContext['memory'], { last, of }: Memory): Promise<void> {
  const known = (await memory.get()) as Memory | null | undefined;
  if (known?.of !== of || !(known.last >= last)) await memory.set({ last, of } satisfies Memory);
}

interface Policy extends ScheduleTimes {
  readonly missed: string;
  readonly missedLimit: number;
}

/** The times after `last` and up to now that fire. */
function dueTimes(settings: Policy, last: number, now: number): number[] {
  if (settings.missed === 'all') return timesBetween(settings, last, now, settings.missedLimit);
  const inTime = timesBetween(settings, Math.max(last, now - graceMs), now, graceMs / 60_000 + 1);
  return inTime.length > 0 || settings.missed === 'skip' ? inTime : timesBetween(settings, last, now, 1);
}

function eventAt(due: number, overlap: NonNullable<TriggerEvent['overlap']>, taken: (isTaken: boolean) => void): TriggerEvent {
  const time = new Date(due).toISOString();
  return {
    payload: { body: { time }, mediaType: 'application/json' }, key: time, at: due, overlap,
    accepted: () => taken(true), skipped: () => taken(true),
    // Of a flow that is wrong the time is over; where nothing can be recorded it is tried again.
    failed: (error) => taken(!FlowError.is(error, 'STORAGE_FAILED') && !FlowError.is(error, 'RUN_STOPPED')),
  };
}
