import type { Payload, ValueContext } from '../../plugins/sdk/index.ts';
import type { PlannedStep } from './plan.ts';
import type { RunScope } from './run-scope.ts';
/** The settings of a step with every `{{ … }}` resolved; the very object of the plan where there is none. A promise only where it must be one. */
export declare function resolveSettings(run: RunScope, step: PlannedStep, payload: Payload | undefined, context: ValueContext): unknown;
