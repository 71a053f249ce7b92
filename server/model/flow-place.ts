import { findNodeAtOffset, getNodePath, parseTree, type Node } from 'jsonc-parser';
import { findPlugin } from './catalog.ts';
import { namedRoots, stepRoots } from './expression-roots.ts';
import { valuesAt, type RootValue, type RootValues } from './expression-types.ts';
import { flowTypes, mapSides, stepValues } from './flow-types.ts';
import type { Flow } from './flow.ts';
import { inferSchema, inferUnion } from './infer-schema.ts';
import { isObject } from './json.ts';
import { valueOf } from './json-source.ts';
import type { LintWorld } from './lint-world.ts';
import { plainKeys } from './plain-path.ts';
import { fieldSchema, itemSchema } from './schema-walk.ts';
import { unionSchema } from './schema-types.ts';

type Json = Readonly<Record<string, unknown>>;

/** A payload that arrived at a step, as it was recorded. */
export interface LastPayload {
  readonly body: unknown;
  readonly meta: Readonly<Record<string, string>>;
  /** The run. */
  readonly from: string;
}

/** The payload that arrived last at a step; with a port, the one that left it last there. `undefined` where there is none that can be shown. */
export type LastOf = (step: string, port?: string) => Promise<LastPayload | undefined>;

/** The payload that arrived last at a step; where nothing has, such as at a step that is new, what left the steps before it last. */
export async function lastInto(flow: unknown, step: string, lastOf: LastOf): Promise<LastPayload | undefined> {
  const own = await lastOf(step);
  if (own) return own;
  for (const [before, port] of waysInto(flow, step)) {
    const left = await lastOf(before, port);
    if (left) return left;
  }
  return undefined;
}

function waysInto(flow: unknown, step: string): (readonly [step: string, port: string])[] {
  const steps = isObject(flow) && isObject(flow['steps']) ? flow['steps'] : {};
  return Object.entries(steps).flatMap(([id, one]) => (isObject(one) && isObject(one['next']) ? Object.entries(one['next']).flatMap(([port, to]) => (to === step ? [[id, port] as const] : [])) : []));
}

/** A text among the settings of a step, in which expressions or a path may stand. */
export interface FlowPlace {
  readonly step: string;
  /** What it holds, without escapes, and the character at which the cursor stands. */
  readonly text: string;
  readonly offset: number;
  /** Offset in the file of a character of the text; of its end as well. */
  fileOffset(index: number): number;
  /** `template`: with `{{ … }}`; `path`: a path that stands alone. */
  readonly kind: 'template' | 'path';
  readonly roots: readonly string[];
  /** The payload that would arrive at the step now. */
  last(lastOf: LastOf): Promise<LastPayload | undefined>;
  /** What is known of the roots; of a path that stands alone, by the name `''`. */
  values(last: LastPayload | undefined): RootValues;
}

/** The place of an offset in the text of a flow; `undefined` where no expression can stand. Never fails, whatever the text. */
export function placeInFlow(file: string, offset: number, world: LintWorld): FlowPlace | undefined {
  const root = parseTree(file);
  const node = root && findNodeAtOffset(root, offset, true);
  if (!root || node?.type !== 'string' || offset <= node.offset || (node.parent?.type === 'property' && node.parent.children?.[0] === node)) return undefined;
  const [section, step, part, ...keys] = getNodePath(node);
  if (section !== 'steps' || typeof step !== 'string' || part !== 'settings') return undefined;
  const string = readString(file, node, offset);
  return string && placeBelow(valueOf(root) as Json, { step, keys, string }, world);
}

/** What is being written into a setting of a step; the file need not have it yet. `offset`: where in `text` the cursor stands. */
export interface SettingText {
  readonly step: string;
  /** Below the settings of the step. */
  readonly keys: readonly (string | number)[];
  readonly text: string;
  readonly offset: number;
}

/** The place of a text that a form holds; its offsets are those of the text. As `placeInFlow`. */
export function placeOfSetting(file: string, { step, keys, text, offset }: SettingText, world: LintWorld): FlowPlace | undefined {
  const root = parseTree(file);
  const flow: unknown = root && valueOf(root);
  const steps = isObject(flow) ? flow['steps'] : undefined;
  if (!isObject(flow) || !isObject(steps) || !Object.hasOwn(steps, step) || !isObject(steps[step])) return undefined;
  return placeBelow(flow, { step, keys, string: { text, offset, fileOffset: (index) => index } }, world);
}

interface StringBelow {
  readonly step: string;
  readonly keys: readonly (string | number)[];
  readonly string: Pick<FlowPlace, 'text' | 'offset' | 'fileOffset'>;
}

function placeBelow(flow: Json, { step, keys, string }: StringBelow, world: LintWorld): FlowPlace | undefined {
  const own = (flow['steps'] as Json)[step] as Json;
  const entry = typeof own['shape'] === 'string' ? findPlugin(world.catalog, 'shape', own['shape']) : undefined;
  const place = entry && settingPlace(world, entry.settings, own['settings'], keys);
  if (!place?.kind) return undefined;
  return {
    step, ...string, kind: place.kind, roots: place.roots,
    last: (lastOf) => lastInto(flow, step, lastOf),
    values: (last) => {
      const types = flowTypes(flow as unknown as Flow, world);
      const known = stepValues(world, types, step, own);
      const values = rootValues(flow, world, known.payload, last);
      const isRule = own['shape'] === 'map' && keys[0] === 'rules';
      const type = place.path === undefined || place.isPart ? undefined : isRule ? mapSides(step, own, types, world).source : known.paths[place.path];
      return place.kind === 'template' ? values : { '': { schema: type?.schema ?? {}, ...(type?.from !== undefined && { from: type.from }), description: '', ...(isRule && { stars: 'items' }), ...(last && type && { last: { value: place.path === 'record' ? recordOf(last.body, own['settings']) : last.body } }) } };
    },
  };
}

/** The first of the records that a setting names. */
function recordOf(body: unknown, settings: unknown): unknown {
  const { records } = (isObject(settings) ? settings : {}) as { readonly records?: unknown };
  const keys = plainKeys(typeof records === 'string' ? records : '');
  const found = keys && valuesAt(body, keys)[0];
  return Array.isArray(found) ? (found as unknown[])[0] : found;
}

interface SettingPlace {
  readonly kind: 'template' | 'path' | undefined;
  readonly roots: readonly string[];
  readonly path?: 'payload' | 'record';
  /** Among the settings of a transform, whose paths lead into its value. */
  readonly isPart: boolean;
}

/** What the annotations of the schemas say of a place below the settings of a step. */
function settingPlace({ catalog }: LintWorld, settings: object, value: unknown, keys: readonly (string | number)[]): SettingPlace {
  let [schema, here, roots, isTemplate, isPart] = [settings, value, stepRoots as readonly string[], false, false];
  let path: unknown;
  const look = (): void => {
    const own = schema as Json;
    const mark = own['x-expression'];
    if (typeof mark === 'string' && namedRoots[mark]) roots = namedRoots[mark];
    if (mark === 'bound') roots = [...roots, 'record'];
    if (mark !== undefined && mark !== false) isTemplate = true;
    path = own['x-path'] ?? (Array.isArray(here) ? path : undefined);
  };
  look();
  for (const key of keys) {
    const inherited = path;
    const named = typeof key === 'string' && isObject(here) ? pluginBeside(catalog, schema, here, key) : undefined;
    schema = named ?? (typeof key === 'number' ? itemSchema(schema, key) : fieldSchema(schema, key));
    isPart ||= named !== undefined;
    here = typeof here === 'object' && here !== null ? (here as Readonly<Record<string | number, unknown>>)[key] : undefined;
    look();
    if (typeof key === 'number') path ??= inherited;
  }
  const isKnown = path === 'payload' || path === 'record';
  return { kind: isTemplate ? 'template' : isKnown ? 'path' : undefined, roots, isPart, ...(isKnown && { path: path as 'payload' | 'record' }) };
}

/** The settings of a transform or converter that a field beside them names. */
function pluginBeside(catalog: LintWorld['catalog'], schema: object, value: Json, field: string): object | undefined {
  for (const [key, given] of Object.entries(value)) {
    const ui = (fieldSchema(schema, key) as Json)['x-ui'];
    if (!isObject(ui) || typeof given !== 'string' || (ui['ref'] !== 'transform' && ui['ref'] !== 'converter')) continue;
    if ((typeof ui['settings'] === 'string' ? ui['settings'] : 'settings') === field) return findPlugin(catalog, ui['ref'], given)?.settings;
  }
  return undefined;
}

/** The characters of a JSON string that may not be closed yet. */
function readString(file: string, node: Node, offset: number): Pick<FlowPlace, 'text' | 'offset' | 'fileOffset'> | undefined {
  const places: number[] = [];
  let text = '';
  let at = node.offset + 1;
  const last = node.offset + node.length;
  while (at < last && file[at] !== '"') {
    const [raw = ''] = /^(?:\\u[\da-fA-F]{4}|\\[^]|[^])/.exec(file.slice(at, at + 6)) ?? [];
    places.push(at);
    text += raw.length > 1 ? unescaped(raw) : raw;
    at += raw.length;
  }
  places.push(at);
  const index = places.findIndex((place) => place >= offset);
  return index < 0 ? undefined : { text, offset: index, fileOffset: (character) => places[Math.max(0, Math.min(character, places.length - 1))]! };
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw.slice(-1);
  }
}

function rootValues(flow: Json, { environments }: LintWorld, payload: { readonly schema: object; readonly from?: string }, last: LastPayload | undefined): RootValues {
  const object = (properties: Readonly<Record<string, object>>): object => ({ type: 'object', properties });
  const text = { type: 'string' };
  const run: RootValue = { schema: object({ id: { ...text, description: 'Id of the run.' }, flow: { ...text, description: 'Id of the flow.' }, trigger: { ...text, description: 'What has started it.' } }), description: 'The run.' };
  const payloadType = payload.from === undefined && last ? { schema: {}, from: `the last payload of the step, in the run ${last.from}` } : payload;
  return {
    payload: { ...payloadType, description: 'What arrives at the step.', ...(last && { last: { value: last.body } }) },
    meta: { schema: object({ ...(usesCatch(flow) ? { error_message: text, error_code: text, error_step: text } : {}), ...Object.fromEntries(setNames(flow, 'meta').map(([name]) => [name, text])) }), description: 'Texts about the payload.', ...(last && { last: { value: last.meta } }) },
    flow: { schema: object(variablesOf(flow)), description: 'Variables of the run.', last: { value: defaultsOf(flow) } },
    env: { schema: object(Object.fromEntries([...Map.groupBy(Object.values(environments).flatMap((one) => Object.entries(one?.variables ?? {})), ([name]) => name)].map(([name, all]) => [name, inferUnion(all.map(([, value]) => value))]))), description: 'Variables of the environment.' },
    run, now: { schema: { type: 'string', format: 'date-time' }, description: 'The time of the run, in UTC.' },
  };
}

const stepsOf = (flow: Json): readonly Json[] => Object.values(isObject(flow['steps']) ? flow['steps'] : {}).filter(isObject);
const usesCatch = (flow: Json): boolean => stepsOf(flow).some(({ shape }) => shape === 'try-catch' || shape === 'dead-letter');

/** Names that steps set, with the values that they are set to. */
function setNames(flow: Json, list: 'flow' | 'meta'): (readonly [string, unknown])[] {
  return stepsOf(flow).filter(({ shape }) => shape === 'set-variables').flatMap(({ settings }) => {
    const items = isObject(settings) ? settings[list] : undefined;
    return Array.isArray(items) ? (items as unknown[]).filter(isObject).flatMap(({ name, value }) => (typeof name === 'string' && name !== '' ? [[name, value] as const] : [])) : [];
  });
}

function variablesOf(flow: Json): Readonly<Record<string, object>> {
  const declared = Object.entries(isObject(flow['variables']) ? flow['variables'] : {}).filter((entry): entry is [string, Json] => isObject(entry[1]));
  const set = setNames(flow, 'flow').map(([name, value]) => [name, typeof value === 'string' && value.includes('{{') ? {} : inferSchema(value)] as const);
  return { ...Object.fromEntries([...Map.groupBy(set, ([name]) => name)].map(([name, all]) => [name, unionSchema(all.map(([, schema]) => schema))])), ...Object.fromEntries(declared.map(([name, { type, title, description }]) => [name, { ...(typeof type === 'string' && { type }), ...(typeof title === 'string' && { title }), ...(typeof description === 'string' && { description }) }])) };
}

const defaultsOf = (flow: Json): Json => Object.fromEntries(Object.entries(isObject(flow['variables']) ? flow['variables'] : {}).flatMap(([name, variable]) => (isObject(variable) && variable['default'] !== undefined ? [[name, variable['default']]] : [])));
