import { FlowError, type CompiledTransform, type OpenContext } from '../../plugins/sdk/index.ts';
import type { ExpressionEnv } from '../model/expression.ts';
import { createCache } from '../model/lru.ts';
import { compilePath } from '../model/path.ts';
import type { EngineHost } from './host.ts';

/** What the opening of transforms and steps may reach. A transform is compiled once per settings, since it keeps nothing between calls. */
export function openContext(host: EngineHost): OpenContext {
  const compiled = createCache<Promise<CompiledTransform>>(1_000);
  const compile = async (type: string, settings: unknown): Promise<CompiledTransform> => {
    const plugin = await host.registry.find('transform', type);
    if (!plugin) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no transform ${JSON.stringify(type)}.`, { details: { kind: 'transform', type } });
    return plugin.compile(host.registry.complete(plugin, settings) as never, context);
  };
  const context: OpenContext = {
    path: compilePath,
    transform(type, settings = {}) {
      const key = `${type} ${JSON.stringify(settings)}`;
      return compiled.get(key) ?? compiled.add(key, compile(type, settings));
    },
    lookup: (name) => host.workspace.lookup(name),
    secret: (name) => host.workspace.secret(name),
  };
  return context;
}

/** How `{{ … }}` is compiled: pipes are the transforms of the registry. */
export function expressionEnv(host: EngineHost, open: OpenContext = openContext(host)): ExpressionEnv {
  return { transform: (type, settings) => open.transform(type, settings), settingsOf: async (type) => (await host.registry.find('transform', type))?.settings as object | undefined };
}
