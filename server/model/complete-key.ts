import { getLocation, parse } from 'jsonc-parser';
import { findPlugin, portsOf } from './catalog.ts';
import { isObject } from './json.ts';
import type { LintWorld } from './lint.ts';
import type { Named } from './names.ts';
import { connectorNamed } from './protocol.ts';

/** Keys that may be written at an offset in a flow and that no schema knows: ports of a step, params of an endpoint. Those that are there already are left out. Never fails. */
export function keysAt(text: string, offset: number, world: LintWorld): readonly Named[] {
  const { path, isAtPropertyKey } = getLocation(text, offset);
  const [section, id, ...rest] = path;
  if (!isAtPropertyKey || section !== 'steps' || typeof id !== 'string') return [];
  // While a key is typed the text is no JSON: as much of it as can be read says enough.
  const step = valueAt(parse(text), ['steps', id]);
  if (!isObject(step)) return [];
  const place = rest.slice(0, -1).join('/');
  const all: readonly Named[] = place === 'next' ? portsOf(findPlugin(world.catalog, 'shape', String(step['shape'])), step['settings']).map((name) => ({ kind: 'port', name })) : place === 'settings/params' ? paramsOf(step['settings'], world) : [];
  const taken = valueAt(step, place.split('/'));
  return all.filter(({ name }) => !isObject(taken) || taken[name] === undefined);
}

function paramsOf(settings: unknown, { instances, connectors, catalog }: LintWorld): readonly Named[] {
  const { instance, endpoint } = isObject(settings) ? settings : {};
  const connector = typeof instance === 'string' ? instances[instance]?.connector : undefined;
  const manifest = connector === undefined ? undefined : connectorNamed(connector, connectors, catalog);
  const params = typeof endpoint === 'string' ? manifest?.endpoints[endpoint]?.params : undefined;
  return Object.keys(params ?? {}).map((name) => ({ kind: 'param', name, owner: `${connector!}/${String(endpoint)}` }));
}

const valueAt = (value: unknown, keys: readonly string[]): unknown => keys.reduce((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
