import { portsOf, type CatalogEntry } from './catalog.ts';
import { stepRoots } from './expression-roots.ts';
import { flowGraph, type FlowGraph } from './flow-graph.ts';
import { flowSchema } from './flow-schema.ts';
import { flowTypes, stepValues, type FlowTypes } from './flow-types.ts';
import type { Flow } from './flow.ts';
import { isObject, objectsOf, pointerOf } from './json.ts';
import type { KnownNames, Names } from './lint-expression.ts';
import { lintKept } from './lint-kept.ts';
import { lintMaps } from './lint-maps.ts';
import { lintFreeValue } from './lint-secrets.ts';
import { checkAnnotations, checkSettings } from './lint-settings.ts';
import { checkName, findOrReport, report, type LintContext } from './lint-world.ts';
import { typeWords } from './schema-errors.ts';
import { fieldSchema } from './schema-walk.ts';

type Json = Readonly<Record<string, unknown>>;

/** Checks a flow as far as it is one: parts of a wrong type were reported when it was read. */
export function lintFlow(given: LintContext, flow: Json): void {
  const steps = objectsOf(flow['steps']);
  const context: LintContext = { ...given, steps: [...steps.keys()] };
  let made: FlowTypes | undefined;
  const types = (): FlowTypes => (made ??= flowTypes(typedFlow(flow, steps), context.world));
  const names: Names = { roots: stepRoots, known: { flow: flowNames(flow, steps), env: envNames(context) } };
  for (const [id, trigger] of objectsOf(flow['triggers'])) lintTrigger(context, id, trigger);
  for (const [name, variable] of objectsOf(flow['variables'])) {
    lintVariable(context, name, variable);
    lintFreeValue(context, { [name]: variable['default'] }, ['variables']);
  }
  for (const [id, step] of steps) lintStep(context, { ...names, values: () => stepValues(context.world, types(), id, step) }, id, step, steps);
  if (isObject(flow['settings'])) checkAnnotations(context, fieldSchema(flowSchema, 'settings'), flow['settings'], { pointer: '/settings', names: { roots: [] } });
  lintStart(context, flow, steps);
  lintGraph(context, flow, steps);
  lintMaps(context, types, steps);
  lintGroups(context, flow, steps);
  for (const id of Object.keys(isObject(flow['layout']) ? flow['layout'] : {})) {
    context.namings?.push({ kind: 'step', name: id, pointer: pointerOf(['layout', id]), key: true, known: [...steps.keys()] });
    if (!steps.has(id)) report(context, 'CONFIG_UNKNOWN_STEP', pointerOf(['layout', id]), `The layout has a place for ${JSON.stringify(id)}, which is not a step of the flow.`, { severity: 'warning', key: true, fix: 'Remove the line.' });
  }
}

const typedFlow = (flow: Json, steps: ReadonlyMap<string, Json>): Flow => ({ steps: Object.fromEntries(steps), ...(typeof flow['start'] === 'string' && { start: flow['start'] }) }) as unknown as Flow;

function lintTrigger(context: LintContext, id: string, trigger: Json): void {
  const entry = findOrReport(context, 'trigger', 'trigger', trigger['trigger'], pointerOf(['triggers', id, 'trigger']));
  if (entry) lintSettings(context, entry, trigger, ['triggers', id], { roots: [] });
  lintSignedAddress(context, trigger, ['triggers', id, 'settings', 'signature']);
}

/** Kinds of signatures over the address of the trigger as its sender knows it. */
const signAddress: ReadonlySet<unknown> = new Set(['hubspot-v2', 'hubspot-v3', 'square', 'twilio']);

function lintSignedAddress(context: LintContext, { settings }: Json, place: readonly string[]): void {
  const signature = isObject(settings) ? settings['signature'] : undefined;
  if (context.world.hasPublicUrl !== false || !isObject(signature) || !signAddress.has(signature['scheme']) || signature['publicUrl'] !== undefined) return;
  report(context, 'CONFIG_INVALID', pointerOf(place), `Signatures of the kind ${JSON.stringify(signature['scheme'])} sign the address, and nothing says under which the sender knows this trigger: requests are refused.`, { severity: 'warning', key: true, fix: 'Add "publicUrl" here, or "server": {"publicUrl": …} to patchbay.json; a runner that is started with --public-url, or by the setting of VS Code, knows it as well.' });
}

function lintStep(context: LintContext, names: Names, id: string, step: Json, steps: ReadonlyMap<string, Json>): void {
  const before = context.findings.length;
  const entry = findOrReport(context, 'shape', 'shape', step['shape'], pointerOf(['steps', id, 'shape']));
  if (entry) {
    lintSettings(context, entry, step, ['steps', id], names);
    lintPorts(context, entry, id, step);
  }
  lintKept(context, id, step);
  if (step['shape'] === 'manual-payload' && isObject(step['settings'])) lintFreeValue(context, step['settings']['document'], ['steps', id, 'settings', 'document'], { isData: true });
  // A disabled step only passes its payloads on.
  if (step['disabled'] === true) for (const [index, finding] of context.findings.entries()) if (index >= before && finding.severity === 'error') context.findings[index] = { ...finding, severity: 'warning' };
  for (const [port, to] of Object.entries(isObject(step['next']) ? step['next'] : {})) {
    if (typeof to !== 'string') continue;
    checkName(context, { kind: 'step', name: to, pointer: pointerOf(['steps', id, 'next', port]), known: [...steps.keys()] }, 'CONFIG_UNKNOWN_STEP', `The port ${JSON.stringify(port)} of the step ${JSON.stringify(id)} leads to ${JSON.stringify(to)}, which is not a step of the flow.`);
  }
}

function lintSettings(context: LintContext, entry: CatalogEntry, owner: Json, keys: readonly string[], names: Names): void {
  const { settings } = owner;
  if (settings !== undefined && !isObject(settings)) return;
  checkSettings(context, entry, settings, { pointer: pointerOf([...keys, 'settings']), names, ...(settings === undefined && { owner: pointerOf(keys) }) });
}

function lintPorts(context: LintContext, entry: CatalogEntry, id: string, step: Json): void {
  const ports = portsOf(entry, step['settings']);
  for (const port of Object.keys(isObject(step['next']) ? step['next'] : {})) {
    checkName(context, { kind: 'port', name: port, pointer: pointerOf(['steps', id, 'next', port]), key: true, known: ports }, 'CONFIG_UNKNOWN_PORT', `The step ${JSON.stringify(id)} has no port ${JSON.stringify(port)}.`);
  }
  if (entry.ports === undefined || Array.isArray(entry.ports)) return;
  const { each, and = [] } = entry.ports as { each: string; and?: readonly string[] };
  const items = (step['settings'] as Json | undefined)?.[each];
  const seen = new Set(and);
  for (const [index, item] of (Array.isArray(items) ? items : []).entries()) {
    const name: unknown = isObject(item) ? item['name'] : undefined;
    if (typeof name !== 'string') continue;
    if (seen.has(name)) report(context, 'CONFIG_INVALID', pointerOf(['steps', id, 'settings', each, index, 'name']), `The port ${JSON.stringify(name)} is there twice.`, { fix: 'Choose another name.' });
    seen.add(name);
  }
}

function lintVariable(context: LintContext, name: string, { type, default: value }: Json): void {
  if (typeof type !== 'string' || value === undefined) return;
  const given = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (['string', 'number', 'boolean', 'object', 'array'].includes(type) && given !== type) {
    report(context, 'CONFIG_INVALID', pointerOf(['variables', name, 'default']), `The default of the variable ${JSON.stringify(name)} must be ${typeWords(type)}, as its type says.`, { fix: 'Change the default or the type.' });
  }
}

function lintStart(context: LintContext, { start }: Json, steps: ReadonlyMap<string, Json>): void {
  if (start === undefined && steps.size > 0) {
    report(context, 'CONFIG_INVALID', '', 'The flow has no start: nothing says which step gets the payload of the trigger.', { fix: `Add "start": ${JSON.stringify([...steps.keys()][0])}, or another step.` });
  } else if (typeof start === 'string') {
    checkName(context, { kind: 'step', name: start, pointer: '/start', known: [...steps.keys()] }, 'CONFIG_UNKNOWN_STEP', `The start of the flow, ${JSON.stringify(start)}, is not one of its steps.`);
  }
}

function lintGraph(context: LintContext, flow: Json, steps: ReadonlyMap<string, Json>): void {
  const graph: FlowGraph = flowGraph(typedFlow(flow, steps), context.world.catalog);
  for (const cycle of graph.cycles) {
    const { from, port } = cycle.at(-1)!;
    const text = [...cycle.map((edge) => edge.from), cycle[0]!.from].join(' → ');
    report(context, 'CONFIG_CYCLE', pointerOf(['steps', from, 'next', port]), `The steps lead back to themselves: ${text}.`);
  }
  if (!steps.has(String(flow['start']))) return;
  for (const id of graph.unreachable) {
    report(context, 'CONFIG_INVALID', pointerOf(['steps', id]), `The step ${JSON.stringify(id)} cannot be reached from the start: it never runs.`, { severity: 'warning', key: true, fix: 'Connect it, or remove it.' });
  }
}

function lintGroups(context: LintContext, flow: Json, steps: ReadonlyMap<string, Json>): void {
  const owners = new Map<unknown, string>();
  for (const [id, { steps: members }] of objectsOf(flow['groups'])) {
    for (const [index, step] of (Array.isArray(members) ? (members as unknown[]) : []).entries()) {
      if (typeof step !== 'string') continue;
      const pointer = pointerOf(['groups', id, 'steps', index]);
      const isThere = checkName(context, { kind: 'step', name: step, pointer, known: [...steps.keys()] }, 'CONFIG_UNKNOWN_STEP', `The group ${JSON.stringify(id)} has ${JSON.stringify(step)} in it, which is not a step of the flow.`, { severity: 'warning' });
      const owner = owners.get(step);
      if (isThere && owner !== undefined && owner !== id) report(context, 'CONFIG_INVALID', pointer, `The step ${JSON.stringify(step)} is in the group ${JSON.stringify(owner)} already.`, { severity: 'warning', fix: 'Leave it in one of them.' });
      owners.set(step, owner ?? id);
    }
  }
}

/** Variables that the flow declares, and those that its steps set. */
function flowNames(flow: Json, steps: ReadonlyMap<string, Json>): KnownNames {
  const set = [...steps.values()].filter(({ shape }) => shape === 'set-variables').flatMap(({ settings }) => {
    const list = isObject(settings) ? settings['flow'] : undefined;
    return Array.isArray(list) ? list.map((item: unknown) => (isObject(item) ? item['name'] : undefined)).filter((name) => typeof name === 'string') : [];
  });
  return {
    names: new Set([...Object.keys(isObject(flow['variables']) ? flow['variables'] : {}), ...set]), severity: 'warning',
    message: (name) => `The flow has no variable ${JSON.stringify(name)}.`, fix: 'Declare it in "variables", or give a default with ??.',
  };
}

/** Variables of the environments. One that only some of them have is not reported: the others may not be for this flow. */
export function envNames({ world }: LintContext): KnownNames {
  return {
    names: new Set(Object.values(world.environments).flatMap((environment) => Object.keys(environment?.variables ?? {}))), severity: 'warning',
    message: (name) => `No environment has a variable ${JSON.stringify(name)}.`, fix: 'Add it to "variables" of a file in `environments/`, or give a default with ??.',
  };
}
