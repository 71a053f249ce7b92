import type { Script, StepContext } from '../../plugins/sdk/index.ts';
import { converterOf, openEndpoint } from './manifest.ts';
import { openMap, openRuleTransform } from './open-context.ts';
import type { PlannedStep } from './plan.ts';
import { readSink, recordedCache, recordedCursor, recordedFlow, recordedPool } from './recorded-state.ts';
import type { RunScope } from './run-scope.ts';

/** What a shape gets when its step is opened. `script`: the scripts of the run, which ends them. */
export function openStepContext(run: RunScope, planned: PlannedStep, script: (file: string) => Promise<Script>): StepContext {
  const { host, plan, options, recorder } = run;
  const sink = readSink(run, planned.id);
  // A run that goes on with what another left is that run to everybody outside.
  const id = options.run.origin?.root ?? options.run.id;
  const context: StepContext = {
    ...plan.open,
    step: { id: planned.id, ports: [...planned.ports.keys()], sources: planned.sources ?? [] },
    run: { id, flow: plan.flowId, isAwaited: options.onReply !== undefined },
    script,
    ...(options.onCovered && { covered: (pointer, outcome, file) => options.onCovered!(planned.id, pointer, outcome, file) }),
    ruleTransform: (type, settings) => openRuleTransform(host, context, type, settings),
    map: (name) => openMap(host, plan.open, name),
    schema: (file) => host.workspace.schema(file),
    converter: converterOf(host),
    endpoint: (instance, endpoint, { responseScript } = {}) => openEndpoint(host, { instance, endpoint, ...(responseScript !== undefined && { responseScript }), run: id, step: planned.id, flowFile: plan.file, open: plan.open, emit: recorder.emit, script, cursor: (place) => recordedCursor(host.state.cursor(place, { run: id, flow: plan.flowId, step: planned.id, environment: options.run.environment ?? '' }), place, sink) }),
    cache: (name, scope) => recordedCache(host.state.cache(name, scope, { run: id, flow: plan.flowId, step: planned.id }), name, sink),
    pool: (name) => recordedPool(host.state.pool(name, { step: planned.id }), name, sink),
    flow: async (name) => recordedFlow(await host.flows.open(name, options.run, planned.id), name, sink),
  };
  return context;
}
