import type { FinalStatus, RunStatus } from '../../server/model/run-event.ts';

const numbers = new Intl.NumberFormat('en-GB');
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export const formatNumber = (value: number): string => numbers.format(value);

/** Where there is room for a few letters only: `1,204`, from a million on `1.23M`, `45.6B`. */
export const formatShort = (value: number): string => (value < 1_000_000 ? numbers : short).format(value);

/** `1 payload`, `1,204 payloads`. */
export const formatCount = (count: number, one: string, many = `${one}s`): string => `${numbers.format(count)} ${count === 1 ? one : many}`;

/** Milliseconds as a person reads them: `0 ms`, `840 ms`, `3.2 s`, `2 min 05 s`, `3 h 07 min`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 0.5) return '0 ms';
  if (ms < 10) return `${trim(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trim((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** Bytes, decimal units: `812 B`, `12.4 KB`, `100 MB`. A negative size is not known. */
export function formatBytes(bytes: number): string {
  if (bytes < 0) return 'unknown size';
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < 4) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : trim(value.toFixed(1))} ${['B', 'KB', 'MB', 'GB', 'TB'][unit]}`;
}

/** `12:04:31.120`. */
export const formatExactTime = (at: number): string => `${clock.format(at)}.${String(Math.floor(at) % 1000).padStart(3, '0')}`;

/** `12:04:31` on the same day, else `24 Nov 12:04:31`. */
export const formatMoment = (at: number, now: number): string =>
  day.format(at) === day.format(now) && Math.abs(now - at) < 86_400_000 * 2 ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;

/** The whole date, for a tooltip. */
export const formatFullTime = (at: number): string => full.format(at);

/** `2 minutes ago`, `in 3 hours`. */
export function formatRelative(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'now';
  if (size < 60) return relative.format(seconds, 'second');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

/** How a status is shown: never by colour alone. `icon` is a codicon. */
export const statusLooks: Readonly<Record<RunStatus, { readonly label: string; readonly icon: string; readonly tone: Tone }>> = {
  queued: { label: 'Queued', icon: 'clock', tone: 'quiet' },
  running: { label: 'Running', icon: 'sync', tone: 'info' },
  success: { label: 'Success', icon: 'pass-filled', tone: 'good' },
  'partial-success': { label: 'Partial success', icon: 'warning', tone: 'warn' },
  failed: { label: 'Failed', icon: 'error', tone: 'bad' },
  stopped: { label: 'Stopped', icon: 'stop-circle', tone: 'quiet' },
  interrupted: { label: 'Interrupted', icon: 'debug-disconnect', tone: 'warn' },
};
/** Of a run that is going on, and stands still in the debugger. */
export const pausedLook = { label: 'Paused', icon: 'debug-pause', tone: 'info' } as const;
/** Of a step that was at work when its run ended. */
export const stoppedLook = { label: 'Stopped', icon: 'stop-circle', tone: 'quiet' } as const;
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

export const isFinal = (status: RunStatus): status is FinalStatus => status !== 'queued' && status !== 'running';

/** A value as one line of source, cut at `limit` characters. */
export function formatValue(value: unknown, limit = 200): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

const trim = (text: string): string => text.replace(/\.0$/, '');
const pad = (value: number): string => String(value).padStart(2, '0');
