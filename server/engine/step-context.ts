import { FlowError, type RecordConverter, type Script, type StepContext } from '../../plugins/sdk/index.ts';
import { openEndpoint } from './manifest.ts';
import type { PlannedStep } from './plan.ts';
import type { RunScope } from './run-scope.ts';

/** What a shape gets when its step is opened. `script`: the scripts of the run, which ends them. */
export function openStepContext({ host, plan, options, recorder }: RunScope, planned: PlannedStep, script: (file: string) => Promise<Script>): StepContext {
  return {
    ...plan.open,
    step: { id: planned.id, ports: [...planned.ports.keys()], sources: planned.sources ?? [] },
    run: { id: options.run.id, flow: plan.flowId },
    script,
    schema: (file) => host.workspace.schema(file),
    converter: async (type): Promise<RecordConverter> => {
      const converter = await host.registry.converter(type);
      if (!converter) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no converter for ${JSON.stringify(type)}.`, { details: { kind: 'converter', type } });
      return converter.open(host.registry.complete(converter, {}) as never);
    },
    endpoint: (instance, endpoint) => openEndpoint(host, { instance, endpoint, run: options.run.origin?.root ?? options.run.id, step: planned.id, open: plan.open, emit: recorder.emit }),
    cache: (name, scope) => host.state.cache(name, scope, { run: options.run.id, flow: plan.flowId }),
    pool: (name) => host.state.pool(name),
    flow: (id) => host.flows.open(id, options.run),
  };
}
