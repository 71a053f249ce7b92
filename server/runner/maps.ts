import { FlowError } from '../../plugins/sdk/index.ts';
import type { EngineHost } from '../engine/host.ts';
import { toRunError } from '../engine/run-error.ts';
import { mappedRecords, openTriedMap, type TriedMap, type TryMapOptions } from '../engine/try-map.ts';
import { suggestRules } from '../model/auto-map.ts';
import type { Step } from '../model/flow.ts';
import { lastInto } from '../model/flow-place.ts';
import { flowTypes, mapSides } from '../model/flow-types.ts';
import { inferUnion, lookedAt, lookedText } from '../model/infer-schema.ts';
import { isObject, pointerOf } from '../model/json.ts';
import { lineageOf } from '../model/lineage.ts';
import type { LintWorld } from '../model/lint.ts';
import { aimsOf } from '../model/map-aims.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { checkMap, typedMap, type MapFinding } from '../model/map-check.ts';
import type { FilePlace, MapCheck, MapLineage, MapSide, MapSuggestions, MapTest, MapTrial } from '../model/map-report.ts';
import { readMapSettings, type MapRule, type MapSettings } from '../model/map-rules.ts';
import { compilePath } from '../model/path.ts';
import { withoutRefs } from '../model/schema-refs.ts';
import { listed } from '../model/suggest.ts';
import { createMapReach } from './map-reach.ts';
import type { Sample, SampleFinder } from './map-sample.ts';
import { faultsOf, testMap } from './map-test.ts';
import { errorOf } from './diagnose.ts';
import type { Entry, Workspace } from './workspace.ts';

/** A mapping that is looked at: a map step of a flow, a mapping file, or settings that stand nowhere yet, such as those of an editor. */
export interface MapRequest {
  readonly flow?: string;
  readonly step?: string;
  /** Name of a mapping file, where it is no step. */
  readonly map?: string;
  /** Instead of those of the step. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** JSON Schemas of a record, instead of what is known of both sides. */
  readonly source?: object;
  readonly target?: object;
  /** A payload, instead of the last one that a run has recorded for the step. */
  readonly sample?: unknown;
}

/** What can be said of mappings, without a run. All fail with `CONFIG_NOT_FOUND`, `CONFIG_UNKNOWN_STEP`, `CONFIG_INVALID` where there is no such mapping. */
export interface MapAccess {
  check(request: MapRequest): Promise<MapCheck>;
  lineage(request: MapRequest): Promise<MapLineage>;
  /** Rules that could be added. */
  suggest(request: MapRequest): Promise<MapSuggestions>;
  /** Maps one record; `record`: its number in the payload. Fails with `DATA_MISSING` where there is no payload, or no such record. */
  try(request: MapRequest & { readonly record?: number; readonly signal: AbortSignal }): Promise<MapTrial>;
  /** Maps inputs that are made up from the schema of the source, and from what the rules ask for. Fails with `DATA_MISSING` where nothing is known of it. */
  test(request: MapRequest & { readonly inputs?: number; readonly seed?: number; readonly signal: AbortSignal }): Promise<MapTest>;
}

export interface MapsOptions {
  readonly refresh: () => Promise<void>;
  readonly workspace: Workspace;
  readonly world: () => LintWorld;
  readonly host: () => EngineHost;
  readonly now: () => number;
  readonly lastSample: SampleFinder;
  /** What lint says of a file, and the opening of its transforms. */
  readonly lint: (entry: Entry) => Promise<readonly Diagnostic[]>;
}

interface Sides {
  readonly raw: unknown;
  readonly settings: MapSettings;
  readonly source: MapSide;
  readonly target: MapSide;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the rules read of a payload; found only where it is needed. */
  readonly sample: () => Promise<{ readonly records: readonly unknown[]; readonly from: string } | undefined>;
}

export function createMaps(options: MapsOptions): MapAccess {
  const { refresh, world, host } = options;
  const sidesOf = async (request: MapRequest): Promise<Sides> => {
    await refresh();
    return openSides(request, options);
  };
  return {
    async check(request) {
      const sides = await sidesOf(request);
      const { source, target, settings } = sides;
      const map = typedMap(settings, source, target, world());
      const placeOf = placesIn(request, options.workspace);
      const findings = checkMap(map);
      return { source, target, output: map.types.output, findings: placeOf ? findings.map((finding) => ({ ...finding, at: placeOf(finding.place) })) : findings, faults: await faultsIn(request, findings, options) };
    },
    async lineage(request) {
      const { source, target, settings } = await sidesOf(request);
      return { source, target, ...lineageOf(settings.rules, source.schema, target.schema) };
    },
    async suggest(request) {
      const { source, target, settings } = await sidesOf(request);
      return { source, target, suggestions: suggestRules({ source: source.schema, target: target.schema, rules: settings.rules, former: formerRules(options, request) }) };
    },
    async try({ record = 0, signal, ...request }) {
      const sides = await sidesOf(request);
      const sample = await sides.sample();
      if (!sample) throw new FlowError('DATA_MISSING', 'There is no payload to try the mapping with.', { remedy: 'Give one, or run the flow once with recording.' });
      const { records } = sample;
      if (record < 0 || record >= records.length) throw new FlowError('DATA_MISSING', `The payload has ${records.length} records, and none with the number ${record}.`, { remedy: 'Records are counted from 0.' });
      const opened = (settings: unknown): Promise<TriedMap> => openTriedMap(host(), settings, { ...trial(options, sides.variables), signal });
      return { input: records[record], from: sample.from, records: records.length, ...(await tryRecord(sides, records[record], opened)) };
    },
    async test({ inputs = 100, seed = 1, signal, ...request }) {
      const sides = await sidesOf(request);
      const { source, target } = sides;
      if (source.from === undefined) throw new FlowError('DATA_MISSING', 'Nothing is known of what the mapping reads, so no inputs can be made.', { remedy: 'Name a JSON Schema file as "source" of the step, or give the endpoint before it a record schema.' });
      const { onCovered, unreached } = createMapReach(options.workspace);
      await using mapping = await openTriedMap(host(), sides.raw, { ...trial(options, sides.variables), signal, seed, onCovered });
      const found = await testMap(mapping, { source: source.schema, target: target.schema, aims: aimsOf(sides.raw, world()), inputs, seed, signal, now: options.now });
      return { source, target, seed, ...found, ...(!found.counterexample && { unreached: unreached(sides.raw, placesIn(request, options.workspace)) }) };
    },
  };
}

/** The errors of a definition that are not among the findings already. */
async function faultsIn(request: MapRequest, findings: readonly MapFinding[], { workspace, lint }: MapsOptions): Promise<readonly Diagnostic[]> {
  const file = definitionOf(request, workspace);
  if (!file) return [];
  const below = `${pointerOf(file.keys.slice(0, 2))}/`;
  const told = new Set(findings.map(({ message }) => message));
  return (await lint(file.entry)).filter(({ severity, path, message }) => severity === 'error' && `${path}/`.startsWith(below) && !told.has(message));
}

/** The file of a mapping and the keys of its settings there; none of settings that stand nowhere yet. */
function definitionOf({ settings, flow, step, map }: MapRequest, { flows, maps }: Workspace): { readonly entry: Entry; readonly keys: readonly string[] } | undefined {
  const isStep = flow !== undefined && step !== undefined;
  const entry = isStep ? flows.get(flow) : maps.get(map ?? '');
  return entry && settings === undefined ? { entry, keys: isStep ? ['steps', step, 'settings'] : [] } : undefined;
}

/** Where places of the settings stand; absent of settings that stand in no file. */
function placesIn(request: MapRequest, workspace: Workspace): ((place: readonly (string | number)[]) => FilePlace) | undefined {
  const file = definitionOf(request, workspace);
  return file && ((place) => {
    const { line, column } = file.entry.read.mark(pointerOf([...file.keys, ...place]));
    return { file: file.entry.file, line, column };
  });
}

const ownRules = ({ rules }: MapSettings): readonly MapRule[] => rules.filter(({ place }) => place !== undefined);

const trial = ({ now }: MapsOptions, variables: TryMapOptions['variables'] = {}): TryMapOptions => ({ signal: new AbortController().signal, now: now(), seed: 0, variables });

async function openSides(request: MapRequest, options: MapsOptions): Promise<Sides> {
  const { workspace, world, host, lastSample } = options;
  const found = stepOf(request, workspace);
  const raw: unknown = request.settings ?? fileOf(request, workspace) ?? found?.step.settings ?? {};
  const lookups = world();
  const settings = readMapSettings(raw, lookups.maps);
  const payload = async (): Promise<Sample | undefined> => {
    if (request.sample !== undefined) return { body: request.sample, meta: {}, from: 'given' };
    const { flow, step } = request;
    return flow !== undefined && step !== undefined ? lastInto(workspace.flows.get(flow)?.read.raw, step, (id, port) => lastSample(flow, id, port)) : undefined;
  };
  const sample: Sides['sample'] = async () => {
    const found = await payload();
    return found && { records: await mappedRecords(host(), raw, found.body, trial(options)), from: found.from };
  };
  const known = mapSides(request.step ?? '', { settings: raw as Readonly<Record<string, unknown>> }, found?.types(lookups) ?? flowTypes({ steps: {} }, lookups), lookups);
  const side = (given: object | undefined, other: MapSide): MapSide => (given ? { schema: withoutRefs(given), from: 'the schema that was given' } : other);
  const source = side(request.source, known.source);
  return { raw, settings, target: side(request.target, known.target), sample, variables: found?.variables ?? {}, source: source.from === undefined ? await shownBy(sample) : source };
}

function fileOf({ map, flow, step }: MapRequest, { maps }: Workspace): unknown {
  if (map === undefined || (flow !== undefined && step !== undefined)) return undefined;
  const entry = maps.get(map);
  if (!entry) throw new FlowError('CONFIG_NOT_FOUND', `There is no mapping ${JSON.stringify(map)}.`, { details: { map }, remedy: maps.size > 0 ? `There are ${listed([...maps.keys()])}.` : 'Mapping files lie in maps/.' });
  mustBeJson(entry);
  const { rules, passThrough, source, target } = (isObject(entry.read.raw) ? entry.read.raw : {}) as Readonly<Record<string, unknown>>;
  return { rules, passThrough, source, target };
}

function mustBeJson({ read }: Entry): void {
  const error = read.raw === undefined ? errorOf(read.diagnostics) : undefined;
  if (error) throw error;
}

/** Where no schema says what a record is, a payload shows it. */
async function shownBy(sample: Sides['sample']): Promise<MapSide> {
  // A payload that the settings do not fit says nothing; `try` says why.
  const found = await sample().catch(() => undefined);
  if (!found) return { schema: {} };
  return { schema: inferUnion(found.records, { areOpen: true }), from: `${found.from === 'given' ? 'the payload that was given' : `the last payload of the step, in the run ${found.from}`}${lookedText(lookedAt(found.records))}` };
}

function stepOf({ flow, step, map, settings }: MapRequest, workspace: Workspace) {
  if (flow === undefined || step === undefined) {
    if (settings === undefined && map === undefined) throw new FlowError('API_INVALID', 'A mapping is named by "flow" and "step", or by "map", or given as "settings".');
    return undefined;
  }
  const entry = workspace.flows.get(flow);
  if (!entry) throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(flow)}.`, { details: { flow } });
  mustBeJson(entry);
  const file = (isObject(entry.read.raw) ? entry.read.raw : {}) as { readonly start?: string; readonly steps?: Readonly<Record<string, Step>>; readonly variables?: unknown };
  const { steps = {} } = file;
  const own = isObject(steps) && Object.hasOwn(steps, step) ? steps[step] : undefined;
  const maps = Object.entries(isObject(steps) ? steps : {}).flatMap(([id, other]) => (isObject(other) && other['shape'] === 'map' ? [id] : []));
  if (!isObject(own)) throw new FlowError('CONFIG_UNKNOWN_STEP', `The flow ${JSON.stringify(flow)} has no step ${JSON.stringify(step)}.`, { details: { flow, step }, remedy: maps.length > 0 ? `Its maps are ${listed(maps)}.` : 'It has no map.' });
  if (own['shape'] !== 'map') throw new FlowError('CONFIG_INVALID', `The step ${JSON.stringify(step)} is no map.`, { remedy: 'Name a step with the shape `map`.' });
  const variables = Object.entries(isObject(file.variables) ? file.variables : {}).flatMap(([name, variable]) => (isObject(variable) && variable['default'] !== undefined ? [[name, variable['default']] as const] : []));
  return { step: own as unknown as Step, types: (lookups: LintWorld) => flowTypes({ steps, ...(typeof file.start === 'string' && { start: file.start }) }, lookups), variables: Object.fromEntries(variables) };
}

/** Rules of the other maps of the workspace. */
function formerRules({ workspace, world }: MapsOptions, { flow, step, map }: MapRequest): readonly MapRule[] {
  const { maps } = world();
  const steps = [...workspace.flows.values()].flatMap(({ id, read }) => Object.entries((read.value?.steps ?? {}) as Readonly<Record<string, Step>>).filter(([name, { shape }]) => shape === 'map' && (id !== flow || name !== step)));
  return [...steps.flatMap(([, { settings }]) => readMapSettings(settings, {}).rules), ...Object.entries(maps).flatMap(([id, file]) => (file && id !== map ? readMapSettings({ rules: file.rules }, {}).rules : []))];
}

async function tryRecord({ raw, settings, target }: Sides, record: unknown, open: (settings: unknown) => Promise<TriedMap>): Promise<Pick<MapTrial, 'output' | 'fields' | 'faults' | 'error'>> {
  const own = ownRules(settings);
  const made = await attempt(raw, record, open);
  const fields: MapTrial['fields'][number][] = [];
  for (const rule of own) {
    const index = rule.place!.at(-1) as number;
    // Where all of it works, the output says what each rule gives; else each is asked by itself.
    const alone = made.error ? await attempt({ rules: [(raw as { readonly rules: readonly unknown[] }).rules[index]] }, record, open) : made;
    fields.push({ rule: index, to: rule.to, values: alone.error ? [] : valuesAt(rule.to, alone.output), ...(alone.error && { error: alone.error }) });
  }
  return { ...made, fields, faults: made.error ? [] : faultsOf(made.output, target.schema) };
}

async function attempt(settings: unknown, record: unknown, open: (settings: unknown) => Promise<TriedMap>): Promise<Pick<MapTrial, 'output' | 'error'>> {
  try {
    await using mapping = await open(settings);
    return { output: await mapping.map(record) };
  } catch (error) {
    return { error: toRunError(error) };
  }
}

function valuesAt(target: string, output: unknown): readonly unknown[] {
  try {
    return compilePath(target).all(output);
  } catch {
    return [];
  }
}
