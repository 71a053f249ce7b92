import { FlowError, type ColumnOpenContext, type CompiledTransform, type Lookup, type MapDefinition, type OpenContext, type RuleTransform } from '../../plugins/sdk/index.ts';
import { compileValue, type ExpressionEnv } from '../model/expression.ts';
import { createCache } from '../model/lru.ts';
import { compilePath } from '../model/path.ts';
import { fieldSchema } from '../model/schema-walk.ts';
import type { EngineHost, Registry, WorkspaceView } from './host.ts';
import { placed } from './place.ts';

/** What it takes to open transforms. */
export interface OpenHost {
  readonly registry: Registry;
  readonly workspace: Pick<WorkspaceView, 'lookup' | 'secret'>;
}

/** What the opening of transforms and steps may reach. `lookups`: gets those that are opened. A transform is compiled once per settings, since it keeps nothing between calls. */
export function openContext(host: OpenHost, lookups?: Set<Lookup>): OpenContext {
  const compiled = createCache<Promise<CompiledTransform>>(1_000);
  const compile = async (type: string, settings: unknown, as?: string): Promise<CompiledTransform> => {
    const plugin = await host.registry.find('transform', type);
    if (!plugin) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no transform ${JSON.stringify(type)}.`, { details: { kind: 'transform', type } });
    if (plugin.column) throw new FlowError('CONFIG_INVALID', `The transform ${JSON.stringify(plugin.type)} works on many values at once: it can only stand in a rule of a map.`, { details: { type }, remedy: 'Write a rule of a map with it, in a step before this one.' });
    return plugin.compile(host.registry.complete(plugin, settings) as never, as === undefined ? context : { ...context, as });
  };
  const context: OpenContext = {
    path: compilePath,
    transform(type, settings = {}, { as } = {}) {
      const key = `${type} ${as ?? ''} ${JSON.stringify(settings)}`;
      return compiled.get(key) ?? compiled.add(key, compile(type, settings, as));
    },
    async lookup(name) {
      const lookup = await host.workspace.lookup(name);
      lookups?.add(lookup);
      return lookup;
    },
    secret: (name) => host.workspace.secret(name),
  };
  return context;
}

/** A transform in a rule of a map: see `StepContext`. */
export async function openRuleTransform(host: EngineHost, open: ColumnOpenContext, type: string, settings: unknown = {}): Promise<RuleTransform> {
  const plugin = await host.registry.find('transform', type);
  return plugin?.column ? { column: await plugin.compile(host.registry.complete(plugin, settings) as never, open) } : { each: await open.transform(type, settings) };
}

/** A mapping file: see `StepContext`. */
export async function openMap(host: EngineHost, open: OpenContext, name: string): Promise<MapDefinition> {
  const { file, value } = host.workspace.map(name);
  const shape = await host.registry.find('shape', 'map');
  if (!shape) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', 'There is no shape "map".', { details: { kind: 'shape', type: 'map' } });
  try {
    const { rules, passThrough } = host.registry.complete(shape, { rules: value.rules, ...(value.passThrough !== undefined && { passThrough: value.passThrough }) }) as Omit<MapDefinition, 'file'>;
    const compiled = await compileValue(rules, { ...expressionEnv(host, open), roots: [] }, { schema: fieldSchema(shape.settings as object, 'rules') });
    return { file, passThrough, rules: (await compiled.evaluate({}, { now: 0, random: () => 0 })) as MapDefinition['rules'] };
  } catch (error) {
    // Its pointer counts from the rules.
    throw placed(error, file, FlowError.is(error, 'CONFIG_EXPRESSION') ? '/rules' : '');
  }
}

/** How `{{ … }}` is compiled: pipes are the transforms of the registry. */
export function expressionEnv(host: EngineHost, open: OpenContext = openContext(host)): ExpressionEnv {
  return { transform: (type, settings) => open.transform(type, settings), settingsOf: async (type) => (await host.registry.find('transform', type))?.settings as object | undefined };
}
