import type { Flow } from '../model/flow.ts';
import type { RunEvent } from '../model/run-event.ts';
/** Which of some payloads got through to the ends of a flow, by the events of the run. */
export interface ThroughReader {
    read(event: RunEvent): void;
    through(): ReadonlySet<string>;
}
/**
 * A payload got through where all that was made of it left the flow at an end: nothing failed, nothing is on its way or in work, and nothing vanished in a
 * step without an output. The last one is deliberately strict: a filter lets payloads vanish, but so does a step that gathers them for later, and what is
 * taken for lost is only sent again. Give it all events of the run, in their order.
 */
export declare function createThroughReader({ steps }: Pick<Flow, 'steps'>, roots: Iterable<string>): ThroughReader;
