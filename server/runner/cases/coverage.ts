import { isObject, pointerOf } from '../../model/json.ts';
import type { FlowCoverage, MapCoverage } from '../../model/test-report.ts';
import type { Workspace } from '../workspace.ts';
import { countOutcome, outcomesAt, type Outcomes } from './outcomes.ts';
import type { CaseRun } from './run-case.ts';

/** What cases have run. */
export interface Covered {
  /** Flow → step → port → payloads; the port `''` stands for those that came. */
  readonly payloads: Map<string, Map<string, Map<string, number>>>;
  readonly outcomes: Outcomes;
}

export const nothingCovered = (): Covered => ({ payloads: new Map(), outcomes: new Map() });

export function cover({ payloads, outcomes }: Covered, run: Pick<CaseRun, 'plan' | 'events' | 'outcomes'>): void {
  const steps = payloads.get(run.plan.flowId) ?? new Map<string, Map<string, number>>();
  payloads.set(run.plan.flowId, steps);
  for (const event of run.events) {
    if (event.type !== 'payload-in' && event.type !== 'payload-out') continue;
    const ports = steps.get(event.step) ?? new Map<string, number>();
    steps.set(event.step, ports);
    const port = event.type === 'payload-in' ? '' : event.port;
    ports.set(port, (ports.get(port) ?? 0) + 1);
  }
  for (const [file, places] of run.outcomes) for (const [pointer, counts] of places) for (const [outcome, times] of counts) countOutcome(outcomes, file, pointer, outcome, times);
}

/** What of the flows with tests was run: steps, ports, conditions and rules, with those that were not. */
export function coverageOf({ payloads, outcomes }: Covered, { flows }: Pick<Workspace, 'flows'>): FlowCoverage[] {
  return [...payloads].flatMap(([flow, ran]) => {
    const entry = flows.get(flow);
    if (!entry?.read.value) return [];
    const steps = Object.entries(entry.read.value.steps).map(([id, { next = {}, settings }]) => {
      const counts = ran.get(id);
      const ports = [...new Set([...Object.keys(next), ...(counts?.keys() ?? [])])].filter((port) => port !== '');
      return { id, line: entry.read.mark(pointerOf(['steps', id]), { key: true }).line, count: counts?.get('') ?? 0, ports: Object.fromEntries(ports.map((port) => [port, counts?.get(port) ?? 0])), ...outcomesAt(outcomes, entry, ['steps', id, 'settings'], settings) };
    });
    return [{ flow, file: entry.file, steps }];
  }).toSorted((left, right) => (left.flow < right.flow ? -1 : 1));
}

/** The same of the mapping files that those flows call, also by others of them. */
export function mapCoverageOf({ payloads, outcomes }: Covered, { flows, maps }: Pick<Workspace, 'flows' | 'maps'>): MapCoverage[] {
  const called = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (isObject(value)) {
      const { map } = value;
      if (typeof map === 'string' && maps.has(map) && !called.has(map)) {
        called.add(map);
        look(maps.get(map)!.read.value?.rules);
      }
      Object.values(value).forEach(look);
    }
  };
  for (const flow of payloads.keys()) look(Object.values(flows.get(flow)?.read.value?.steps ?? {}).filter(({ shape }) => shape === 'map').map(({ settings }) => settings));
  return [...called].sort().map((map) => ({ map, file: maps.get(map)!.file, ...outcomesAt(outcomes, maps.get(map)!, [], maps.get(map)!.read.value) }));
}
