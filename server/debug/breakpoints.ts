import { FlowError } from '../../plugins/sdk/index.ts';
import { checkRoots, parseTemplate } from '../model/expression.ts';
import { conditionTemplate, debugExpressionRoots, debugFilters, logTemplate, parseHits, type DebugAt, type DebugBreakpoint, type DebugFilter, type DebugScriptPoint, type DebugSetup, type DebugWatch } from '../model/debug.ts';
import { debugLines, type DebugLine } from '../model/debug-lines.ts';
import type { DebugProtocol } from '@vscode/debugprotocol';

/** What was made of a breakpoint: `point` is absent where it cannot be set. */
export interface SetBreakpoint<T> {
  readonly shown: DebugProtocol.Breakpoint;
  readonly point?: T;
}

/** Where in a step, for those who cannot choose a column. */
export const breakpointModes: readonly DebugProtocol.BreakpointMode[] = [
  { mode: 'before', label: 'Before the step', description: 'Each payload that is about to begin', appliesTo: ['source'] },
  { mode: 'after', label: 'After the step', description: 'Each payload that leaves, at any port', appliesTo: ['source'] },
  { mode: 'page', label: 'Page', description: 'Each page that a step reads; the hit count is the number of the page', appliesTo: ['source'] },
  { mode: 'failure', label: 'Failure', description: 'Each payload of which no attempt is left', appliesTo: ['source'] },
];

export const exceptionFilters: readonly DebugProtocol.ExceptionBreakpointsFilter[] = ([
  ['unhandled', 'Unhandled failure', 'A payload fails, and nothing catches it', true],
  ['caught', 'Failure that is caught', 'A payload fails, and a try-catch takes it', false],
  ['http', 'HTTP answer of 400 or more', 'Another system refuses a request', false],
  ['retry', 'Failed attempt', 'An attempt fails, and another one follows', false],
  ['warning', 'Warning of a map', 'A map warns', false],
] as const satisfies readonly (readonly [DebugFilter, string, string, boolean])[]).map(([filter, label, description, isDefault]) => ({ filter, label, description, default: isDefault, supportsCondition: true, conditionDescription: 'An expression, such as error.code == \'REMOTE_STATUS\'' }));

/** Breakpoints in the file of a flow. `text`: of the file; absent where it is no flow of the workspace. */
export function placeBreakpoints(flow: string, text: string | undefined, wanted: readonly DebugProtocol.SourceBreakpoint[], nextId: () => number): readonly SetBreakpoint<DebugBreakpoint>[] {
  const lines = text === undefined ? undefined : debugLines(text);
  return wanted.map((one) => {
    const id = nextId();
    const place = lines?.locate(one.line, one.column);
    const refusal = !lines ? 'This file is no flow of the workspace.' : !place ? 'There is no step on this line.' : refusalOf(one);
    if (!place || refusal !== undefined) return { shown: { id, verified: false, line: one.line, message: refusal ?? '' } };
    const at = modeOf(one.mode) ?? place.at;
    return { shown: { id, verified: true, line: place.line, column: place.column }, point: { id, flow, step: place.step, at, ...partOf(place, at), ...ruleOf(one) } };
  });
}

/** Lines of a script of the workspace; it stops at the next statement. */
export function scriptBreakpoints(file: string, wanted: readonly DebugProtocol.SourceBreakpoint[], nextId: () => number): readonly SetBreakpoint<DebugScriptPoint>[] {
  return wanted.map((one) => {
    const id = nextId();
    const { hitCondition } = one;
    if (hitCondition && !parseHits(hitCondition)) return { shown: { id, verified: false, line: one.line, message: noHits(hitCondition) } };
    return { shown: { id, verified: true, line: one.line }, point: { id, file, line: one.line, ...ruleOf(one) } };
  });
}

/** All places of some lines. */
export function breakpointLocations(text: string, line: number, endLine = line): readonly DebugProtocol.BreakpointLocation[] {
  return debugLines(text).all.filter((place) => place.line >= line && place.line <= endLine).map(({ line: at, column }) => ({ line: at, column }));
}

/** Breakpoints by name: `STEP`, `STEP after PORT`, `STEP page`, `STEP fails`, `STEP rule 2`; of another flow `FLOW:STEP`. */
export function nameBreakpoints(flow: string | undefined, wanted: readonly DebugProtocol.FunctionBreakpoint[], nextId: () => number): readonly SetBreakpoint<DebugBreakpoint>[] {
  return wanted.map((one) => {
    const id = nextId();
    const [, own, step = '', word, rest] = /^\s*(?:(.+):)?(\S+?)(?:\s+(before|after|page|fails|rule)(?:\s+(\S+))?)?\s*$/.exec(one.name) ?? [];
    const of = own ?? flow;
    const refusal = step === '' ? 'A name is STEP, STEP after PORT, STEP page, STEP fails or STEP rule NUMBER.' : of === undefined ? 'Say which flow: FLOW:STEP.' : refusalOf(one);
    if (refusal !== undefined || of === undefined) return { shown: { id, verified: false, message: refusal ?? '' } };
    const at: DebugAt = word === 'fails' ? 'failure' : ((word ?? 'before') as DebugAt);
    const hits = at === 'page' && rest !== undefined ? { hits: rest } : {};
    const part = at === 'after' && rest !== undefined ? { port: rest } : at === 'rule' && rest !== undefined ? { rule: Number(rest) - 1 } : {};
    return { shown: { id, verified: true }, point: { id, flow: of, step, at, ...part, ...hits, ...ruleOf(one) } };
  });
}

/** What can be watched, by the id that it was given: `variable since`, `cache orders 17`, `pool seen`. */
export function watchBreakpoints(wanted: readonly DebugProtocol.DataBreakpoint[], nextId: () => number): readonly SetBreakpoint<DebugWatch>[] {
  return wanted.map((one) => {
    const id = nextId();
    const [, of, name = '', key] = /^(variable|cache|pool) (\S+)(?: (.+))?$/.exec(one.dataId) ?? [];
    const refusal = of === undefined ? 'Only flow variables, caches and pools can be watched.' : one.accessType !== undefined && one.accessType !== 'write' ? 'It stops where something is written.' : refusalOf(one);
    if (refusal !== undefined) return { shown: { id, verified: false, message: refusal } };
    return { shown: { id, verified: true }, point: { id, of: of as DebugWatch['of'], name, ...(key !== undefined && of === 'cache' && { key }), ...ruleOf(one) } };
  });
}

export function filtersOf({ filters, filterOptions = [] }: DebugProtocol.SetExceptionBreakpointsArguments): { readonly filters: DebugSetup['filters']; readonly shown: readonly DebugProtocol.Breakpoint[] } {
  const wanted = [...filters.map((filter) => ({ filterId: filter, condition: undefined })), ...filterOptions];
  const known: DebugSetup['filters'][number][] = [];
  const shown = wanted.map(({ filterId, condition }): DebugProtocol.Breakpoint => {
    const filter = debugFilters.find((one) => one === filterId);
    const refusal = filter ? refusalOf({ condition }) : `There is no filter ${JSON.stringify(filterId)}.`;
    if (filter && refusal === undefined) known.push({ filter, ...(condition !== undefined && condition !== '' && { condition }) });
    return { verified: refusal === undefined, ...(refusal !== undefined && { message: refusal }) };
  });
  return { filters: known, shown };
}

const noHits = (text: string): string => `${JSON.stringify(text)} is no hit count: 5, >5, >=5, <5, <=5 and %10 are.`;

/** Why it cannot be set. */
function refusalOf({ condition, hitCondition, logMessage }: { readonly condition?: string | undefined; readonly hitCondition?: string; readonly logMessage?: string }): string | undefined {
  if (hitCondition && !parseHits(hitCondition)) return noHits(hitCondition);
  for (const [text, template] of [[condition, condition && conditionTemplate(condition)], [logMessage, logMessage && logTemplate(logMessage)]]) {
    if (!text || !template) continue;
    try {
      checkRoots(template, parseTemplate(template), debugExpressionRoots);
    } catch (error) {
      return FlowError.is(error) ? error.message : `${JSON.stringify(text)} is no expression.`;
    }
  }
  return undefined;
}

const modeOf = (mode: string | undefined): DebugAt | undefined => (['before', 'after', 'page', 'failure'] as const).find((one) => one === mode);

const partOf = ({ port, rule }: DebugLine, at: DebugAt): Pick<DebugBreakpoint, 'port' | 'rule'> => ({ ...(at === 'after' && port !== undefined && { port }), ...(at === 'rule' && rule !== undefined && { rule }) });

const ruleOf = ({ condition, hitCondition, logMessage }: Pick<DebugProtocol.SourceBreakpoint, 'condition' | 'hitCondition' | 'logMessage'>): Pick<DebugBreakpoint, 'condition' | 'hits' | 'log'> => ({
  ...(condition && { condition }), ...(hitCondition && { hits: hitCondition }), ...(logMessage && { log: logMessage }),
});
