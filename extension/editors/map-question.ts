import { parse } from 'jsonc-parser';
import { flowTypes, mapSides, type TypesWorld } from '../../server/model/flow-types.ts';
import type { Flow, Step } from '../../server/model/flow.ts';
import { isObject } from '../../server/model/json.ts';
import type { MapLook } from '../../server/model/map-look.ts';
import { readMapSettings, type MapRule, type Maps } from '../../server/model/map-rules.ts';

type Json = Readonly<Record<string, unknown>>;
type Flows = Readonly<Record<string, Flow>>;

/** A mapping as its document is now, and the step by which the flow around it is known. */
export interface MapQuestion {
  readonly settings: Json;
  readonly flow?: string;
  readonly step?: string;
}

/** Where a mapping stands: in a step of a flow, or in a file of its own. `undefined`: the workspace knows the file under no name. */
export type MapPlace = { readonly flow: string | undefined; readonly step: string } | { readonly map: string | undefined };

/**
 * The question that a document asks. Rules of a file are looked at as the first step uses them that takes all of its rules from there. Fails where the text is no
 * mapping: what cannot be read cannot be tried.
 */
export function questionOf(text: string, place: MapPlace, flows: Flows): MapQuestion {
  const value: unknown = parse(text);
  if (!isObject(value)) throw new Error('The mapping cannot be read before its syntax is right.');
  if ('step' in place) {
    const step: unknown = isObject(value['steps']) ? value['steps'][place.step] : undefined;
    if (!isObject(step)) throw new Error(`The flow has no step ${place.step} any more.`);
    return { settings: isObject(step['settings']) ? step['settings'] : {}, ...(place.flow !== undefined && { flow: place.flow }), step: place.step };
  }
  const { rules = [], passThrough, source, target } = value;
  const own = { rules, ...(passThrough === true && { passThrough }), ...(typeof source === 'string' && { source }), ...(typeof target === 'string' && { target }) };
  const user = place.map === undefined ? undefined : userOf(place.map, flows);
  if (!user) return { settings: own };
  const { map: _map, ...others } = user.settings;
  return { flow: user.flow, step: user.step, settings: { ...others, ...own } };
}

function userOf(map: string, flows: Flows): Required<MapQuestion> | undefined {
  for (const [flow, { steps }] of Object.entries(flows)) {
    for (const [step, { shape, settings }] of Object.entries(stepsOf(steps))) if (shape === 'map' && isObject(settings) && settings['map'] === map) return { flow, step, settings };
  }
  return undefined;
}

/** Both sides, as far as the files say what they are. */
export function sidesOf({ settings, flow, step }: MapQuestion, flows: Flows, world: TypesWorld): Pick<MapLook, 'source' | 'target'> {
  const around = flow === undefined || !Object.hasOwn(flows, flow) ? undefined : flows[flow];
  const steps = stepsOf(around?.steps);
  return mapSides(step ?? '', { settings }, flowTypes({ steps, ...(typeof around?.start === 'string' && { start: around.start }) }, world), world);
}

/** Rules of the other mappings of the workspace. */
export function rulesOfOthers({ flow, step }: MapQuestion, place: MapPlace, flows: Flows, maps: Maps): readonly MapRule[] {
  const ofSteps = Object.entries(flows).flatMap(([id, { steps }]) => Object.entries(stepsOf(steps)).flatMap(([name, { shape, settings }]) => (shape === 'map' && (id !== flow || name !== step) ? readMapSettings(settings, {}).rules : [])));
  const ofFiles = Object.entries(maps).flatMap(([id, file]) => (file && !('map' in place && place.map === id) ? readMapSettings({ rules: file.rules }, {}).rules : []));
  return [...ofSteps, ...ofFiles];
}

const stepsOf = (steps: unknown): Readonly<Record<string, Step>> => (isObject(steps) ? Object.fromEntries(Object.entries(steps).filter(([, step]) => isObject(step))) as unknown as Record<string, Step> : {});
