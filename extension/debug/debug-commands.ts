import { chooseFlow, isRunItem } from '../commands/targets.ts';
import type { Services } from '../services.ts';
import type { FlowEditors } from '../editors/flow-editor.ts';
import type { DebugStarts } from './configurations.ts';

/** What VS Code says of the place that a menu was opened at: of the canvas, or with its file a row of the outline. */
interface StepPlace {
  readonly step?: unknown;
  readonly file?: NonNullable<FlowEditors['active']>;
}

export function debugCommands(services: Services, starts: DebugStarts, editors: Pick<FlowEditors, 'active'>): Readonly<Record<string, (...args: unknown[]) => unknown>> {
  const { breakpoints } = services.debug;
  const atStep = (given: unknown, work: (file: NonNullable<FlowEditors['active']>, step: string) => Promise<void>): unknown => {
    const { step, file = editors.active } = (given ?? {}) as StepPlace;
    return file && typeof step === 'string' ? work(file, step) : undefined;
  };
  return {
    'patchbay.debugFlow': async (given) => {
      const file = await chooseFlow(services, given, 'Debug Flow');
      if (file) await starts.debug(file);
    },
    // The key that VS Code has for it asks which debugger it means, where no text of the flow is shown.
    'patchbay.runWithoutDebugging': async () => {
      const file = await chooseFlow(services, undefined, 'Run Without Debugging');
      if (file) await starts.debug(file, { noDebug: true });
    },
    'patchbay.debugRun': async (given) => {
      if (isRunItem(given)) await starts.openRun(given.root, given.run.id, given.run.flow);
    },
    'patchbay.toggleBreakpoint': (given) => atStep(given, (file, step) => breakpoints.toggle(file, step)),
    'patchbay.conditionalBreakpoint': (given) => atStep(given, (file, step) => breakpoints.edit(file, step, 'condition')),
    'patchbay.logPoint': (given) => atStep(given, (file, step) => breakpoints.edit(file, step, 'log')),
  };
}
