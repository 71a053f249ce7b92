import { FlowError } from '../../plugins/sdk/index.ts';
import { findPlugin, portsOf, type Catalog } from './catalog.ts';
import type { FlowChange, PortRef, Position } from './flow-edit.ts';
import { flowSchema } from './flow-schema.ts';
import { isObject, pointerOf } from './json.ts';
import { withKey, withValue, type Json } from './json-change.ts';
import { fieldSchema, itemSchema, propertyOrder, schemaAt } from './schema-walk.ts';
import { isId } from './step-id.ts';
import { suggestion } from './suggest.ts';
import { freeId } from './words.ts';

/**
 * A flow with a change: a new object that shares what stays the same. Takes flows with faults, as long as what is changed is there. Fails with `CONFIG_UNKNOWN_STEP`,
 * `CONFIG_UNKNOWN_PORT` or `CONFIG_INVALID` where the change does not fit.
 */
export function applyChange(flow: Json, change: FlowChange, catalog: Catalog): Json {
  const job: Job = { flow, catalog };
  switch (change.op) {
    case 'add-step': return addStep(job, change);
    case 'remove-steps': return removeSteps(job, change.ids);
    case 'rename-step': return renameStep(job, change.from, change.to);
    case 'connect': return connect(job, change.from, change.to);
    case 'disconnect': return setNext(job, change.from, undefined);
    case 'set-start': return set({ flow, catalog }, ['start'], existing(job, change.step) && change.step);
    case 'set': return setInStep(job, change.step, change.path, change.value);
    case 'set-flow': return set(job, change.path, change.value);
    case 'move': return move(job, change.positions);
    case 'paste': return paste(job, change);
  }
}

interface Job {
  readonly flow: Json;
  readonly catalog: Catalog;
}

type Change<Op extends FlowChange['op']> = Extract<FlowChange, { op: Op }>;

function addStep(job: Job, { id, step, after, start, position }: Change<'add-step'>): Json {
  if (Object.hasOwn(stepsOf(job), id)) throw invalid(`There is a step ${quote(id)} already.`, ['steps', id]);
  checkId(id);
  const first = start === true && typeof job.flow['start'] === 'string' ? job.flow['start'] : undefined;
  let next = putStep(job, id, tidyStep(step as unknown as Json), after ? after.step : start ? null : undefined);
  if (after) next = insertAfter({ ...job, flow: next }, after, id, id);
  if (first !== undefined && Object.hasOwn(stepsOf(job), first)) next = linkFirstPort({ ...job, flow: next }, id, first);
  if (start === true) next = set({ ...job, flow: next }, ['start'], id);
  return position ? move({ ...job, flow: next }, { [id]: position }) : next;
}

function removeSteps(job: Job, ids: readonly string[]): Json {
  const steps = stepsOf(job);
  const gone = new Set(ids.filter((id) => Object.hasOwn(steps, id)));
  if (gone.size === 0) return job.flow;
  const successor = (id: string): string | undefined => {
    const seen = new Set<string>();
    let current: string | undefined = id;
    while (current !== undefined && gone.has(current) && !seen.has(current)) {
      seen.add(current);
      current = firstTarget(job, current);
    }
    return current !== undefined && !gone.has(current) && Object.hasOwn(steps, current) ? current : undefined;
  };
  let { flow } = job;
  for (const [id, step] of Object.entries(steps)) {
    if (gone.has(id) || !isObject(step) || !isObject(step['next'])) continue;
    for (const [port, to] of Object.entries(step['next'])) {
      if (typeof to !== 'string' || !gone.has(to)) continue;
      const target = successor(to);
      flow = set({ ...job, flow }, ['steps', id, 'next', port], target === id ? undefined : target);
    }
  }
  const { start } = flow;
  if (typeof start === 'string' && gone.has(start)) flow = set({ ...job, flow }, ['start'], successor(start));
  for (const id of gone) {
    flow = withValue(flow, ['steps', id], undefined, noOrder, neverEmpty);
    if (isObject(flow['layout']) && Object.hasOwn(flow['layout'], id)) flow = set({ ...job, flow }, ['layout', id], undefined);
  }
  for (const [id, members] of groupsOf(flow)) {
    const left = members.filter((step) => !gone.has(String(step)));
    if (left.length < members.length) flow = set({ ...job, flow }, left.length > 0 ? ['groups', id, 'steps'] : ['groups', id], left.length > 0 ? left : undefined);
  }
  return flow;
}

function renameStep(job: Job, from: string, to: string): Json {
  existing(job, from);
  if (from === to) return job.flow;
  if (Object.hasOwn(stepsOf(job), to)) throw invalid(`There is a step ${quote(to)} already.`, ['steps', to]);
  checkId(to);
  const rename = (object: Json): Json => Object.fromEntries(Object.entries(object).map(([id, value]) => [id === from ? to : id, value]));
  let flow: Json = { ...job.flow, steps: rename(stepsOf(job)) };
  for (const [id, given] of Object.entries(flow['steps'] as Json)) {
    if (!isObject(given)) continue;
    let step = given;
    if (isObject(step['next']) && Object.values(step['next']).includes(from)) step = { ...step, next: Object.fromEntries(Object.entries(step['next']).map(([port, target]) => [port, target === from ? to : target])) };
    const entry = findPlugin(job.catalog, 'shape', String(step['shape']));
    const settings = entry && renameReferences(entry.settings, step['settings'], (id) => (id === from ? to : id));
    if (settings !== undefined && settings !== step['settings']) step = { ...step, settings };
    if (step !== given) flow = { ...flow, steps: { ...(flow['steps'] as Json), [id]: step } };
  }
  if (flow['start'] === from) flow = { ...flow, start: to };
  for (const [id, members] of groupsOf(flow)) if (members.includes(from)) flow = set({ ...job, flow }, ['groups', id, 'steps'], members.map((step) => (step === from ? to : step)));
  const { layout } = flow;
  return isObject(layout) && Object.hasOwn(layout, from) ? { ...flow, layout: rename(layout) } : flow;
}

/** Settings with other names for the steps that they refer to; the very same value where none is another. */
function renameReferences(schema: object, value: unknown, nameOf: (step: string) => string): unknown {
  const ui = (schema as Json)['x-ui'];
  if (typeof value === 'string') return isObject(ui) && ui['ref'] === 'step' ? nameOf(value) : value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => renameReferences(itemSchema(schema, index), item, nameOf));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, renameReferences(fieldSchema(schema, key), field, nameOf)] as const);
  return fields.every(([key, field]) => field === value[key]) ? value : Object.fromEntries(fields);
}

function connect(job: Job, from: PortRef, to: string): Json {
  existing(job, from.step);
  existing(job, to);
  const step = stepsOf(job)[from.step] as Json;
  const entry = findPlugin(job.catalog, 'shape', String(step['shape']));
  const ports = portsOf(entry, step['settings']);
  if (entry && !ports.includes(from.port)) throw new FlowError('CONFIG_UNKNOWN_PORT', `The step ${quote(from.step)} has no port ${quote(from.port)}. ${suggestion(from.port, ports) ?? ''}`.trim(), { details: { step: from.step, port: from.port } });
  return setNext(job, from, to);
}

function setNext(job: Job, { step, port }: PortRef, to: string | undefined): Json {
  existing(job, step);
  return set(job, ['steps', step, 'next', port], to);
}

/** Renames and removes connections with the ports that a setting names, such as the routes of a route. */
function setInStep(job: Job, id: string, path: readonly (string | number)[], value: unknown): Json {
  const before = existing(job, id);
  if (path.length === 0 && !isObject(value)) throw invalid(`A step must be an object, not ${JSON.stringify(value)}.`, ['steps', id]);
  const flow = set(job, ['steps', id, ...path], value);
  const after = (flow['steps'] as Json)[id] as Json;
  if (path[0] !== 'settings' || !isObject(after['next'])) return flow;
  const entry = findPlugin(job.catalog, 'shape', String(after['shape']));
  const [old, now] = [portsOf(entry, before['settings']), portsOf(entry, after['settings'])];
  const lost = old.filter((port) => !now.includes(port) && Object.hasOwn(after['next'] as Json, port));
  const isRename = old.length === now.length && old.filter((port, index) => port !== now[index]).length === 1;
  const next = Object.entries(after['next']).flatMap(([port, to]) => (!lost.includes(port) ? [[port, to] as const] : isRename ? [[now[old.indexOf(port)]!, to] as const] : []));
  return lost.length === 0 ? flow : withValue(flow, ['steps', id, 'next'], next.length > 0 ? Object.fromEntries(next) : undefined, noOrder, neverEmpty);
}

function move(job: Job, positions: Readonly<Record<string, Position | null>>): Json {
  const steps = stepsOf(job);
  let { flow } = job;
  for (const [id, position] of Object.entries(positions)) {
    const isThere = isObject(flow['layout']) && Object.hasOwn(flow['layout'], id);
    if (position === null ? isThere : Object.hasOwn(steps, id)) flow = set({ ...job, flow }, ['layout', id], position === null ? undefined : position.map((number) => Math.round(number / grid) * grid));
  }
  return flow;
}

const grid = 10;

function paste(job: Job, { steps, positions = {}, after }: Change<'paste'>): Json {
  const ids = new Map<string, string>();
  for (const id of Object.keys(steps)) {
    checkId(id);
    ids.set(id, freeId(id, (wanted) => Object.hasOwn(stepsOf(job), wanted) || [...ids.values()].includes(wanted)));
  }
  let { flow } = job;
  let place = after?.step;
  for (const [id, step] of Object.entries(steps)) {
    const links = Object.entries(step.next ?? {}).flatMap(([port, to]) => (ids.has(to) ? [[port, ids.get(to)!]] : []));
    const settings = renameReferences(findPlugin(job.catalog, 'shape', step.shape)?.settings ?? {}, step.settings, (name) => ids.get(name) ?? name) as Json | undefined;
    flow = putStep({ ...job, flow }, ids.get(id)!, tidyStep({ ...step, ...(settings && { settings }), next: Object.fromEntries(links) }), place);
    if (place !== undefined) place = ids.get(id)!;
  }
  const targets = new Set(Object.values(steps).flatMap(({ next }) => Object.values(next ?? {})));
  const entry = Object.keys(steps).find((id) => !targets.has(id)) ?? Object.keys(steps)[0];
  if (after && entry !== undefined) flow = insertAfter({ ...job, flow }, after, ids.get(entry)!, lastOf({ ...job, flow }, ids.get(entry)!));
  return move({ ...job, flow }, Object.fromEntries(Object.entries(positions).flatMap(([id, position]) => (ids.has(id) ? [[ids.get(id)!, position]] : []))));
}

/** Leads a port to `first`, and what it led to before to the first port of `last`, where that leads nowhere yet. */
function insertAfter(job: Job, after: PortRef, first: string, last: string): Json {
  const step = existing(job, after.step);
  const target = isObject(step['next']) && Object.hasOwn(step['next'], after.port) ? step['next'][after.port] : undefined;
  const flow = connect(job, after, first);
  return typeof target === 'string' && target !== first ? linkFirstPort({ ...job, flow }, last, target) : flow;
}

function linkFirstPort(job: Job, id: string, to: string): Json {
  const port = firstPort(job, id);
  const { next } = stepsOf(job)[id] as Json;
  return port === undefined || (isObject(next) && Object.hasOwn(next, port)) ? job.flow : set(job, ['steps', id, 'next', port], to);
}

/** The end of the way along the first ports. */
function lastOf(job: Job, id: string): string {
  const seen = new Set<string>();
  let current = id;
  while (!seen.has(current)) {
    seen.add(current);
    current = firstTarget(job, current) ?? current;
  }
  return current;
}

function firstPort(job: Job, id: string): string | undefined {
  const step = stepsOf(job)[id] as Json;
  const entry = findPlugin(job.catalog, 'shape', String(step['shape']));
  return entry || !isObject(step['next']) ? portsOf(entry, step['settings'])[0] : (Object.keys(step['next'])[0] ?? 'out');
}

function firstTarget(job: Job, id: string): string | undefined {
  const port = firstPort(job, id);
  const { next } = stepsOf(job)[id] as Json;
  const to = port !== undefined && isObject(next) && Object.hasOwn(next, port) ? next[port] : undefined;
  return typeof to === 'string' ? to : undefined;
}

/** Adds a step behind another one in the text; `null`: before all, `undefined`: at the end. */
function putStep({ flow }: Job, id: string, step: Json, after: string | null | undefined): Json {
  const ids = Object.keys(isObject(flow['steps']) ? flow['steps'] : {});
  const order = after === null ? [id, ...ids] : after === undefined ? [...ids, id] : ids.flatMap((other) => (other === after ? [other, id] : [other]));
  return withValue(flow, ['steps', id], step, (keys) => (keys.length === 1 ? order : propertyOrder(flowSchema)), neverEmpty);
}

/** A step as it is written: keys in order, nothing that is empty or missing. */
function tidyStep(step: Json): Json {
  const isEmpty = (value: unknown): boolean => value === undefined || (isObject(value) && Object.keys(value).length === 0);
  const entries = Object.entries(step).filter(([name, value]) => !isEmpty(value) || (name !== 'settings' && name !== 'next' && name !== 'retry' && value !== undefined));
  return entries.reduce<Json>((made, [name, value]) => withKey(made, name, clean(value), stepKeys), {});
}

const stepKeys = propertyOrder(flowSchema.properties.steps.additionalProperties);
const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Sets or removes a value anywhere in the flow. New keys stand where the schemas have them; optional objects that have become empty go. */
function set({ flow, catalog }: Job, keys: readonly (string | number)[], value: unknown): Json {
  if (keys.length === 0) throw invalid('A change needs a place: the whole flow cannot be replaced.', []);
  const order = (place: readonly (string | number)[]): readonly string[] => {
    if (place.length === 1 && place[0] === 'layout') return Object.keys(isObject(flow['steps']) ? flow['steps'] : {});
    if (place.length === 3 && place[2] === 'next') return portsAt(flow, catalog, String(place[1]));
    return propertyOrder(schemaOfPlace(flow, catalog, place));
  };
  const isOptional = (place: readonly (string | number)[]): boolean => {
    const { default: fallback } = schemaOfPlace(flow, catalog, place) as { readonly default?: unknown };
    return isObject(fallback) && Object.keys(fallback).length === 0;
  };
  return withValue(flow, keys, value === undefined ? undefined : clean(value), order, isOptional);
}

function portsAt(flow: Json, catalog: Catalog, id: string): readonly string[] {
  const step = (flow['steps'] as Json)[id];
  return isObject(step) ? portsOf(findPlugin(catalog, 'shape', String(step['shape'])), step['settings']) : [];
}

/** The schema of a place of a flow, through the settings of its plugins. */
function schemaOfPlace(flow: Json, catalog: Catalog, keys: readonly (string | number)[]): object {
  const [area, id, part, ...rest] = keys;
  if ((area !== 'steps' && area !== 'triggers') || part !== 'settings') return schemaAt(flowSchema, keys);
  const owner = isObject(flow[area]) ? flow[area][String(id)] : undefined;
  const [kind, key] = area === 'steps' ? (['shape', 'shape'] as const) : (['trigger', 'trigger'] as const);
  const entry = isObject(owner) ? findPlugin(catalog, kind, String(owner[key])) : undefined;
  if (!entry) return schemaAt(flowSchema, keys);
  return rest.length === 0 ? { ...entry.settings, default: {} } : schemaAt(entry.settings, rest);
}

function stepsOf({ flow }: Job): Json {
  const { steps = {} } = flow;
  if (!isObject(steps)) throw invalid('"steps" of the flow is not an object.', ['steps']);
  return steps;
}

/** The groups and what is in them. */
const groupsOf = ({ groups }: Json): [id: string, members: readonly unknown[]][] =>
  Object.entries(isObject(groups) ? groups : {}).flatMap(([id, group]) => (isObject(group) && Array.isArray(group['steps']) ? [[id, group['steps'] as readonly unknown[]] as const] : []) as [string, readonly unknown[]][]);

function existing(job: Job, id: string): Json {
  const steps = stepsOf(job);
  const step = Object.hasOwn(steps, id) ? steps[id] : undefined;
  if (isObject(step)) return step;
  throw new FlowError('CONFIG_UNKNOWN_STEP', `There is no step ${quote(id)}. ${suggestion(id, Object.keys(steps)) ?? ''}`.trim(), { details: { step: id } });
}

function checkId(id: string): void {
  if (!isId(id)) throw invalid(`${quote(id)} cannot be the id of a step: ids are lower-case letters and digits, with hyphens between them.`, ['steps', id]);
}

const invalid = (message: string, keys: readonly (string | number)[]): FlowError => new FlowError('CONFIG_INVALID', message, { place: { pointer: pointerOf(keys) } });
const quote = (text: string): string => JSON.stringify(text);
const noOrder = (): readonly string[] => [];
const neverEmpty = (): boolean => false;
