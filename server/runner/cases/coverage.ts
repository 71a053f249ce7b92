import { pointerOf } from '../../model/json.ts';
import type { FlowCoverage } from '../../model/test-report.ts';
import type { Workspace } from '../workspace.ts';

/** Flow → step → port → payloads; the port `''` stands for those that came. */
export type Covered = Map<string, Map<string, Map<string, number>>>;

/** What of the flows with tests was run, step by step and port by port, with those that were not. */
export function coverageOf(covered: Covered, flows: Workspace['flows']): FlowCoverage[] {
  return [...covered].flatMap(([flow, ran]) => {
    const entry = flows.get(flow);
    if (!entry?.read.value) return [];
    const steps = Object.entries(entry.read.value.steps).map(([id, { next = {} }]) => {
      const counts = ran.get(id);
      const ports = [...new Set([...Object.keys(next), ...(counts?.keys() ?? [])])].filter((port) => port !== '');
      return { id, line: entry.read.mark(pointerOf(['steps', id]), { key: true }).line, count: counts?.get('') ?? 0, ports: Object.fromEntries(ports.map((port) => [port, counts?.get(port) ?? 0])) };
    });
    return [{ flow, file: entry.file, steps }];
  }).toSorted((left, right) => (left.flow < right.flow ? -1 : 1));
}
