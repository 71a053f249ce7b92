import { exampleRecords } from './connector-examples.ts';
import type { EndpointManifest } from './connector.ts';
import { findPlugin } from './catalog.ts';
import { hasExpression } from './expression.ts';
import { flowGraph, type FlowEdge } from './flow-graph.ts';
import type { Flow, Step } from './flow.ts';
import { inferSchema, inferUnion } from './infer-schema.ts';
import { isObject } from './json.ts';
import type { KnownValues } from './lint-paths.ts';
import type { LintWorld } from './lint-world.ts';
import { readMapSettings } from './map-rules.ts';
import { mapPayload, mapTypes, recordIn, ruleSource } from './map-types.ts';
import { plainKeys } from './plain-path.ts';
import { connectorNamed, type ProtocolEndpoint } from './protocol.ts';
import { placeAt } from './schema-place.ts';
import { withoutRefs } from './schema-refs.ts';
import { isOpen, unionSchema } from './schema-types.ts';

/** What is known of a payload, and from where. */
export interface PayloadType {
  /** JSON Schema of the payload; open where nothing is known. */
  readonly schema: object;
  /** In words: `the endpoint orders.list of shop`. Absent where nothing is known. */
  readonly from?: string;
  /** JSON Schema of what does come, where `schema` says what may come at most, as of what a map makes; open where nobody knows. */
  readonly likely?: object;
}

export type TypesWorld = Pick<LintWorld, 'catalog' | 'connectors' | 'instances' | 'maps' | 'schemaOf' | 'lookupGives'>;

export interface FlowTypes {
  /** What arrives at a step. */
  into(step: string): PayloadType;
  /** What the steps behind a step want: JSON Schema of a record. */
  behind(step: string): PayloadType;
}

const unknown: PayloadType = { schema: {} };

/** Follows the types of payloads through a flow: from connectors and documents, through steps that keep records, split them or map them; what a script makes is unknown. */
export function flowTypes(flow: Pick<Flow, 'start' | 'steps'>, world: TypesWorld): FlowTypes {
  const steps: Readonly<Record<string, Step>> = isObject(flow.steps) ? flow.steps : {};
  const { edges } = flowGraph(flow, world.catalog);
  const incoming = Map.groupBy(edges, ({ to }) => to);
  const outgoing = Map.groupBy(edges, ({ from }) => from);
  const known = new Map<string, PayloadType>();
  const into = (id: string): PayloadType => {
    const found = known.get(id);
    if (found) return found;
    // A loop, and the first step, which a trigger may reach as well: nothing is known.
    known.set(id, unknown);
    const made = id === flow.start ? unknown : unionOf((incoming.get(id) ?? []).map((edge) => outOf(edge)));
    known.set(id, made);
    return made;
  };
  const outOf = ({ from, port }: FlowEdge): PayloadType => {
    const step = steps[from];
    return isObject(step) ? outputOf(step as unknown as Step, port, () => into(from), world) : unknown;
  };
  const behind = (id: string, seen: ReadonlySet<string>): PayloadType => {
    for (const { to } of outgoing.get(id) ?? []) {
      const step = steps[to];
      if (!isObject(step) || seen.has(to)) continue;
      const found = wantedBy(step as unknown as Step, world);
      if (found.from !== undefined) return found;
      const further = keepsRecords(step as unknown as Step) ? behind(to, new Set([...seen, to])) : unknown;
      if (further.from !== undefined) return further;
    }
    return unknown;
  };
  return { into, behind: (id) => behind(id, new Set([id])) };
}

/** The endpoint of a step, with the name of its instance. */
function endpointOf({ settings }: Pick<Step, 'settings'>, { catalog, connectors, instances }: TypesWorld): { readonly endpoint: EndpointManifest | ProtocolEndpoint; readonly name: string } | undefined {
  const { instance, endpoint } = (settings ?? {}) as { readonly instance?: unknown; readonly endpoint?: unknown };
  if (typeof instance !== 'string' || typeof endpoint !== 'string' || !Object.hasOwn(instances, instance)) return undefined;
  const connector = instances[instance]?.connector;
  const manifest = connector === undefined ? undefined : connectorNamed(connector, connectors, catalog);
  if (!manifest || !Object.hasOwn(manifest.endpoints, endpoint)) return undefined;
  return { endpoint: manifest.endpoints[endpoint]!, name: `the endpoint ${endpoint} of ${instance}` };
}

/** JSON Schema of a record of an endpoint: what its manifest says, else what its examples show. */
function recordOf(endpoint: EndpointManifest | ProtocolEndpoint): object | undefined {
  const own = ownRecord(endpoint);
  const included = 'call' in endpoint ? [] : [endpoint.expand, ...(endpoint.slices ?? [])].flatMap((one) => Object.keys(one?.include ?? {}));
  if (!own || included.length === 0 || !isObject(own)) return own;
  const properties = isObject(own['properties']) ? own['properties'] : {};
  // What they are, only the parent knows.
  return { ...own, properties: { ...properties, ...Object.fromEntries(included.map((name) => [name, isObject(properties[name]) ? properties[name] : {}])) } };
}

function ownRecord(endpoint: EndpointManifest | ProtocolEndpoint): object | undefined {
  if (endpoint.record) return withoutRefs(endpoint.record);
  if ('call' in endpoint) return undefined;
  const seen = endpoint.direction === 'receive' ? exampleRecords(endpoint) : (endpoint.examples ?? []).flatMap(({ request }) => (request?.body === undefined ? [] : [request.body]));
  return seen.length > 0 ? recordIn(inferUnion(seen, { areOpen: true })) : undefined;
}

/** Shapes whose payloads are, or are made of, the records that came. */
const keepers: ReadonlySet<string> = new Set(['filter', 'flow-control', 'de-dupe', 'try-catch', 'branch', 'route', 'assert', 'validate', 'wait', 'notify', 'track-data', 'set-variables', 'add-to-cache', 'callback', 'dead-letter']);
/** Ports by which something else may come. */
const otherPorts: ReadonlySet<string> = new Set(['try-catch catch', 'validate invalid']);

export const givesOther = ({ shape }: Step, port: string): boolean => otherPorts.has(`${shape} ${port}`);

export function keepsRecords(step: Step): boolean {
  return step.disabled === true || keepers.has(step.shape);
}

function outputOf(step: Step, port: string, input: () => PayloadType, world: TypesWorld): PayloadType {
  if (givesOther(step, port)) return unknown;
  const settings: Readonly<Record<string, unknown>> = step.settings ?? {};
  if (step.disabled === true) return input();
  if (step.shape === 'validate' && isObject(settings['schema']) && settings['whole'] !== true && !settings['records']) return { schema: { anyOf: [{ type: 'array', items: withoutRefs(settings['schema']) }, withoutRefs(settings['schema'])] }, from: 'the schema of the step before' };
  if (keepers.has(step.shape)) return input();
  switch (step.shape) {
    case 'connector': return ofConnector(step, input, world);
    case 'map': return ofMap(settings, input(), world);
    case 'split': return ofSplit(settings, input());
    case 'for-each': return port === 'done' ? input() : ofSplit({ path: settings['records'], each: true }, input());
    case 'manual-payload': return settings['document'] === undefined || hasExpression(settings['document']) ? unknown : { schema: inferSchema(settings['document'], { areComplete: true }), from: 'the document of a step' };
    default: return unknown;
  }
}

function ofConnector(step: Step, input: () => PayloadType, world: TypesWorld): PayloadType {
  const found = endpointOf(step, world);
  if (!found) return unknown;
  const { saveResponse, mergeResponse } = (step.settings ?? {}) as { readonly saveResponse?: unknown; readonly mergeResponse?: unknown };
  if (found.endpoint.direction === 'send') return saveResponse === true || mergeResponse !== undefined ? unknown : input();
  const record = recordOf(found.endpoint);
  return record && mergeResponse === undefined ? { schema: { type: 'array', items: record }, from: found.name } : unknown;
}

function ofMap(settings: Readonly<Record<string, unknown>>, input: PayloadType, world: TypesWorld): PayloadType {
  const own = readMapSettings(settings, world.maps);
  const made = (payload: object) => mapTypes(own, ruleSource(own, payload), world);
  const atMost = made(input.schema);
  const { likely } = input.likely ? made(input.likely) : atMost;
  return { schema: mapPayload(own, atMost.output), from: 'the map before', likely: isOpen(likely) ? {} : mapPayload(own, likely) };
}

function ofSplit({ path, each, wrapper }: Readonly<Record<string, unknown>>, input: PayloadType): PayloadType {
  if (input.from === undefined || (path !== undefined && typeof path !== 'string')) return unknown;
  const keys = plainKeys(path ?? '');
  const partOf = (payload: object): object => {
    const place = keys && placeAt(payload, keys, 'entries');
    if (!place || place.fault || isOpen(place.schema)) return {};
    const element = each === true ? recordIn(place.schema) : place.schema;
    return typeof wrapper === 'string' ? { type: 'object', properties: { [wrapper]: element }, required: [wrapper], additionalProperties: false } : element;
  };
  const schema = partOf(input.schema);
  return isOpen(schema) ? unknown : { schema, from: input.from, ...(input.likely && { likely: partOf(input.likely) }) };
}

/** What a step needs of the records that it gets. */
function wantedBy(step: Step, world: TypesWorld): PayloadType {
  const { settings = {} } = step;
  if (step.disabled === true) return unknown;
  if (step.shape === 'validate' && isObject(settings['schema']) && settings['whole'] !== true && !settings['records']) return { schema: withoutRefs(settings['schema']), from: 'the schema of the step behind' };
  const found = step.shape === 'connector' ? endpointOf(step, world) : undefined;
  if (found?.endpoint.direction !== 'send') return unknown;
  // What its examples show is not what it needs.
  const { record } = found.endpoint;
  return record ? { schema: withoutRefs(record), from: found.name } : unknown;
}

/** `source` and `target` of a map, else of the mapping file that it takes its rules from, name JSON Schema files, which count more than what the flow says. */
export function mapSides(id: string, step: Pick<Step, 'settings'>, types: FlowTypes, world: TypesWorld): { readonly source: PayloadType; readonly target: PayloadType } {
  const { map, source, target } = (step.settings ?? {}) as { readonly map?: unknown; readonly source?: unknown; readonly target?: unknown };
  const shared = typeof map === 'string' && Object.hasOwn(world.maps, map) ? world.maps[map] : undefined;
  const own = readMapSettings(step.settings, world.maps);
  const file = (name: unknown): PayloadType | undefined => {
    const schema = typeof name === 'string' ? world.schemaOf?.(name) : undefined;
    return schema && { schema: withoutRefs(schema), from: `the schema ${String(name)}` };
  };
  const given = types.into(id);
  return { source: file(source ?? shared?.source) ?? { ...given, schema: ruleSource(own, given.schema), ...(given.likely && { likely: ruleSource(own, given.likely) }) }, target: file(target ?? shared?.target) ?? types.behind(id) };
}

/** What is known of the values that the settings of a step read. */
export function stepValues({ catalog }: Pick<LintWorld, 'catalog'>, types: FlowTypes, id: string, { shape, settings }: { readonly shape?: unknown; readonly settings?: unknown }): KnownValues {
  const payload = types.into(id);
  const entry = typeof shape === 'string' ? findPlugin(catalog, 'shape', shape) : undefined;
  // Sources of rules are checked with their maps.
  if (!entry || entry.type === 'map') return { payload, paths: { payload } };
  const { records } = (isObject(settings) ? settings : {}) as { readonly records?: unknown };
  const hasRecords = Object.hasOwn((entry.settings as { readonly properties?: object }).properties ?? {}, 'records');
  if (!hasRecords) return { payload, paths: { payload, record: payload } };
  const keys = typeof records === 'string' || records === undefined ? plainKeys(records ?? '') : undefined;
  const place = keys && placeAt(payload.schema, keys, 'entries');
  return { payload, paths: { payload, ...(place && !place.fault && { record: { ...payload, schema: recordIn(place.schema) } }) } };
}

function unionOf(types: readonly PayloadType[]): PayloadType {
  if (types.length === 0 || types.some(({ from }) => from === undefined)) return unknown;
  return { schema: unionSchema(types.map(({ schema }) => schema)), from: [...new Set(types.map(({ from }) => from))].join(' and '), ...(types.some(({ likely }) => likely) && { likely: unionSchema(types.map(({ schema, likely }) => likely ?? schema)) }) };
}
