import type { LoginState } from '../../server/model/api.ts';
import type { RunStatus } from '../../server/model/run-event.ts';

/** Icon and colour of a state; never the colour alone. */
const statusIcons: Readonly<Record<RunStatus, readonly [icon: string, color: string | undefined]>> = {
  queued: ['clock', undefined],
  running: ['loading~spin', undefined],
  success: ['pass', 'testing.iconPassed'],
  'partial-success': ['warning', 'problemsWarningIcon.foreground'],
  failed: ['error', 'testing.iconFailed'],
  stopped: ['circle-slash', undefined],
  interrupted: ['debug-disconnect', 'testing.iconFailed'],
};

const statusWords: Readonly<Record<RunStatus, string>> = { queued: 'waiting', running: 'running', success: 'success', 'partial-success': 'partial success', failed: 'failed', stopped: 'stopped', interrupted: 'interrupted' };

/** How a run stands, by its status, or as one that stands still in the debugger. */
export function lookOf({ id, status }: { readonly id: string; readonly status: RunStatus }, paused: readonly string[]): { readonly word: string; readonly icon: string; readonly color: string | undefined } {
  if (status === 'running' && paused.includes(id)) return { word: 'paused', icon: 'debug-pause', color: undefined };
  const [icon, color] = statusIcons[status];
  return { word: statusWords[status], icon, color };
}

/** `just now`, `5 min ago`, `2 h ago`, `3 d ago`. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  if (seconds < 45) return 'just now';
  if (seconds < 45 * 60) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 22 * 3600) return `${Math.max(1, Math.round(seconds / 3600))} h ago`;
  return `${Math.max(1, Math.round(seconds / 86_400))} d ago`;
}

/** `240 ms`, `3.2 s`, `4 min 10 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `logged in, renewed by itself`, `logged in for 4 min 10 s more`, `not logged in`. */
export function loginWords({ state, until, isRenewed }: LoginState, now: number): string {
  if (state === 'out') return 'not logged in';
  if (state === 'unknown') return 'cannot be said';
  if (state === 'ended') return until === undefined ? 'ended' : `ended ${ago(until, now)}`;
  if (isRenewed) return 'logged in, renewed by itself';
  return until === undefined ? 'logged in' : `logged in for ${duration(Math.max(0, until - now))} more`;
}

/** `512 B`, `3.2 KB`, `1.4 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 999_950 ? [bytes / 1000, 'KB'] : [bytes / 1e6, 'MB'];
  return `${value.toFixed(1).replace(/\.0$/, '')} ${unit}`;
}
