import { reachable, type Edge } from './plan-graph.ts';
import type { StepWork } from './step.ts';

/** What a step waits for: the steps behind the earlier ports of a step that serves its ports in turn. */
export interface Turn {
  /** The step that serves its ports in turn. */
  readonly of: string;
  readonly port: string;
  readonly after: readonly string[];
  /** The step does not begin where payloads failed there and nothing there caught them. */
  readonly stops: boolean;
}

export interface InTurn {
  readonly id: string;
  /** Of its ports that lead somewhere, in order. */
  readonly ports: readonly { readonly port: string; readonly to: string }[];
  readonly stops: boolean;
}

/** For the first steps behind ports that are served in turn. What a step leads to itself it does not wait for: where branches meet again they have ended. */
export function findTurns(edges: readonly Edge[], inTurn: readonly InTurn[]): Map<string, Turn[]> {
  const turns = new Map<string, Turn[]>();
  for (const { id, ports, stops } of inTurn) {
    for (const [index, { port, to }] of ports.entries()) {
      const own = reachable(edges, [to]);
      const after = [...reachable(edges, ports.slice(0, index).map((earlier) => earlier.to))].filter((step) => !own.has(step));
      if (after.length > 0) turns.set(to, [...(turns.get(to) ?? []), { of: id, port, after, stops }]);
    }
  }
  return turns;
}

/** The turns of a step in a run. */
export class Turns {
  readonly #turns: readonly { readonly turn: Turn; readonly after: readonly StepWork[]; readonly watched: readonly StepWork[] }[];

  constructor(turns: readonly Turn[], steps: ReadonlyMap<string, StepWork>) {
    this.#turns = turns.map((turn) => {
      const after = turn.after.map((id) => steps.get(id)).filter((step) => step !== undefined);
      const { after: scope } = turn;
      return { turn, after, watched: after.filter(({ planned: { catcher } }) => catcher === undefined || !scope.includes(catcher)) };
    });
  }

  get after(): readonly StepWork[] {
    return this.#turns.flatMap(({ after }) => after);
  }

  /** `stopped`: it never comes, since payloads failed in `by`. */
  get state(): { readonly is: 'open' | 'waiting' } | { readonly is: 'stopped'; readonly turn: Turn; readonly by: string } {
    for (const { turn, after, watched } of this.#turns) {
      if (!after.every(({ isEnded }) => isEnded)) return { is: 'waiting' };
      const broken = turn.stops ? watched.find(({ hasFailed }) => hasFailed) : undefined;
      if (broken) return { is: 'stopped', turn, by: broken.id };
    }
    return { is: 'open' };
  }
}
