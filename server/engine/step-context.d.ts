import { type Script, type StepContext } from '../../plugins/sdk/index.ts';
import type { PlannedStep } from './plan.ts';
import type { RunScope } from './run-scope.ts';
/** What a shape gets when its step is opened. `script`: the scripts of the run, which ends them. */
export declare function openStepContext(run: RunScope, planned: PlannedStep, script: (file: string) => Promise<Script>): StepContext;
