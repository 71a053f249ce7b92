import { connectorNamed, isProtocol } from './protocol.ts';
import { findPlugin } from './catalog.ts';
import { isObject } from './json.ts';
import type { LintWorld } from './lint.ts';
import type { Named } from './names.ts';

/** What is known of something that is named, in words. */
export interface NameWords {
  readonly title?: string;
  /** Such as the address of an endpoint. */
  readonly detail?: string;
  readonly description?: string;
}

/** Never fails; empty where nothing is known. */
export function describeName({ kind, name, owner }: Named, world: LintWorld): NameWords {
  switch (kind) {
    case 'step': return stepWords(ownerFlow(world, owner)?.steps[name], world);
    case 'variable': return wordsOf(ownerFlow(world, owner)?.variables?.[name]);
    case 'flow': return wordsOf(world.flowOf?.(name));
    case 'instance': {
      const instance = world.instances[name];
      return { ...wordsOf(instance), ...(instance && { detail: `instance of ${instance.connector}` }) };
    }
    case 'connector': return wordsOf(connectorNamed(name, world.connectors, world.catalog));
    case 'endpoint': return endpointWords(owner, name, world);
    case 'param': {
      const at = (owner ?? '').indexOf('/');
      const manifest = connectorNamed((owner ?? '').slice(0, at), world.connectors, world.catalog);
      return wordsOf(manifest?.endpoints[(owner ?? '').slice(at + 1)]?.params?.[name]);
    }
    case 'environment': return wordsOf(world.environments[name]);
    case 'map': return wordsOf(world.maps[name]);
    case 'plugin': {
      const entry = findPlugin(world.catalog, owner ?? '', name);
      return entry ? { title: entry.title, description: entry.summary } : {};
    }
    case 'auth': case 'group': case 'lookup': case 'port': case 'schema': case 'script': return {};
  }
}

const ownerFlow = (world: LintWorld, owner: string | undefined) => (owner === undefined ? undefined : world.flowOf?.(owner));

function stepWords(step: unknown, world: LintWorld): NameWords {
  if (!isObject(step)) return {};
  const entry = findPlugin(world.catalog, 'shape', String(step['shape']));
  return { ...wordsOf(step), ...(entry && { detail: entry.title }) };
}

function endpointWords(connector: string | undefined, name: string, world: LintWorld): NameWords {
  const manifest = connector === undefined ? undefined : connectorNamed(connector, world.connectors, world.catalog);
  const endpoint = manifest && Object.hasOwn(manifest.endpoints, name) ? manifest.endpoints[name] : undefined;
  if (!manifest || !endpoint) return {};
  const { method, path } = endpoint as { readonly method?: unknown; readonly path?: unknown };
  return { ...wordsOf(endpoint), ...(!isProtocol(manifest) && typeof method === 'string' && typeof path === 'string' ? { detail: `${method} ${path}` } : { detail: endpoint.direction }) };
}

function wordsOf(value: unknown): NameWords {
  const { title, description, summary } = isObject(value) ? value : {};
  const text = typeof description === 'string' ? description : summary;
  return { ...(typeof title === 'string' && { title }), ...(typeof text === 'string' && { description: text }) };
}
