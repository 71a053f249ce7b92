import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { FlowDebug, FlowRun } from '../../webview/protocol/flow.ts';

interface StepState {
  readonly id: string;
  /** What kind of step it is. */
  readonly type: string;
  readonly isUnreached: boolean;
  readonly run: FlowRun | undefined;
  readonly debug: FlowDebug;
  readonly findings: readonly Pick<Diagnostic, 'severity'>[];
}

/** Icon and words of a step in a tree: what matters most has the icon, and all of it is said in words. */
export function stepLook({ id, type, isUnreached, run, debug, findings }: StepState): { readonly icon: string; readonly color: string | undefined; readonly words: readonly string[] } {
  const counts = own(run?.steps, id);
  const breakpoint = own(debug.breakpoints, id);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const isStopped = debug.stopped === id;
  const failed = (counts?.failed ?? 0) > 0 || own(run?.errors, id) !== undefined;
  const [icon, color] = isStopped ? (['debug-stackframe', 'debugIcon.breakpointCurrentStackframeForeground'] as const)
    : breakpoint ? ([breakpointIcons[breakpoint.kind], breakpoint.kind === 'off' ? 'debugIcon.breakpointDisabledForeground' : breakpoint.kind === 'unverified' ? 'debugIcon.breakpointUnverifiedForeground' : 'debugIcon.breakpointForeground'] as const)
    : errors > 0 ? (['error', 'problemsErrorIcon.foreground'] as const)
    : failed ? (['error', 'testing.iconFailed'] as const)
    : counts && counts.in > 0 ? (['pass', 'testing.iconPassed'] as const) : (['circle-outline', undefined] as const);
  const words = [
    type, isUnreached ? 'not reached' : '', isStopped ? 'the debugger stands here' : '', breakpoint ? `breakpoint: ${breakpoint.text}` : '', errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : '',
    counts ? `${counts.in} → ${counts.out}` : '', counts && counts.failed > 0 ? `${counts.failed} failed` : '',
  ].filter(Boolean);
  return { icon, color, words };
}

const own = <T>(values: Readonly<Record<string, T>> | undefined, id: string): T | undefined => (values && Object.hasOwn(values, id) ? values[id] : undefined);

const breakpointIcons = { on: 'debug-breakpoint', off: 'debug-breakpoint-disabled', condition: 'debug-breakpoint-conditional', log: 'debug-breakpoint-log', unverified: 'debug-breakpoint-unverified' } as const;
