import { Cron } from 'croner';
import { FlowError } from '../sdk/index.ts';

export interface ScheduleTimes {
  readonly cron: string;
  readonly more?: readonly string[];
  readonly timeZone?: string;
}

/** The next `count` times after `from`, in milliseconds since the epoch, ascending. Shorter where there is no further time. Fails with `CONFIG_INVALID`. */
export function nextTimes(schedule: ScheduleTimes, from: number, count: number): number[] {
  const times = cronsOf(schedule).flatMap((cron) => cron.nextRuns(count, new Date(from)).map((time) => time.getTime()));
  return inOrder(times).slice(0, count);
}

/** The last `most` times after `after` and up to `until`, with it; ascending. Fails with `CONFIG_INVALID`. */
export function timesBetween(schedule: ScheduleTimes, after: number, until: number, most: number): number[] {
  const times = cronsOf(schedule).flatMap((cron) => {
    const found: number[] = [];
    for (let before = until + 1; found.length < most;) {
      const time = cron.previousRuns(1, new Date(before))[0]?.getTime();
      if (time === undefined || time <= after) break;
      found.push(time);
      before = time;
    }
    return found;
  });
  return inOrder(times).slice(-most);
}

/** A time that several expressions name is one. */
const inOrder = (times: readonly number[]): number[] => [...new Set(times)].sort((left, right) => left - right);

function cronsOf({ cron, more = [], timeZone = 'UTC' }: ScheduleTimes): Cron[] {
  checkTimeZone(timeZone);
  return [cron, ...more].flatMap((expression, index) => {
    const pointer = index === 0 ? '/cron' : `/more/${index - 1}`;
    const read = (text: string): Cron => readCron(text, expression, timeZone, pointer);
    // The whole is read first, so that what is wrong is said of what was written.
    const whole = read(expression);
    const single = singleTimes(expression);
    return single.length > 1 ? single.map(read) : [whole];
  });
}

function readCron(text: string, expression: string, timezone: string, pointer: string): Cron {
  try {
    return new Cron(text, { timezone, mode: '5-part', paused: true });
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The schedule ${JSON.stringify(expression)} cannot be read: ${(cause as Error).message}.`, { cause, place: { pointer } });
  }
}

function checkTimeZone(timeZone: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `There is no time zone ${JSON.stringify(timeZone)}: use a name such as "Europe/London".`, { cause, place: { pointer: '/timeZone' } });
  }
}

/**
 * An expression whose minutes and hours are fixed (`0,30 2,14 * * *`), as one for each time of the day. The library fires a single time right after a gap in
 * which it falls, and once where an hour comes twice; of several in one expression it leaves out or doubles those.
 */
function singleTimes(expression: string): string[] {
  const [minutes = '', hours = '', ...days] = expression.trim().split(/\s+/);
  return fixed(hours).flatMap((hour) => fixed(minutes).map((minute) => [minute, hour, ...days].join(' ')));
}

/** `1,5-9/2` → 1, 5, 7, 9; nothing where a field is not fixed. */
function fixed(field: string): number[] {
  const parts = field.split(',').map((part) => /^(\d{1,2})(?:-(\d{1,2})(?:\/(\d{1,2}))?)?$/.exec(part));
  if (parts.some((part) => !part)) return [];
  return parts.flatMap((part) => {
    const [from, to = from, step = 1] = part!.slice(1).filter((text) => text !== undefined).map(Number) as [number, number?, number?];
    return step < 1 ? [] : Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, index) => from + index * step);
  });
}
