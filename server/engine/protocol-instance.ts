import { FlowError, type Connector, type OpenContext, type ValueContext } from '../../plugins/sdk/index.ts';
import { compileValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { connectionRoots } from '../model/expression-roots.ts';
import type { ProtocolManifest } from '../model/protocol.ts';
import { connectorFile, inFile, readCredentials, settingsWithSecrets } from './credentials.ts';
import type { EngineHost, ResolvedInstance } from './host.ts';
import { compileOptional } from './optional-template.ts';
import { childId } from './payload.ts';

/** An instance of a protocol, with its secrets read. */
export interface Opened {
  readonly plugin: Connector;
  readonly settings: unknown;
  readonly credentials: unknown;
  readonly address: string;
  /** Others with the same key may use the same connections. */
  readonly key: string;
  readonly env: ExpressionEnv;
  readonly scope: Scope;
}

interface InstanceUse {
  readonly instance: ResolvedInstance;
  readonly manifest: ProtocolManifest;
  readonly open: OpenContext;
}

/** Fails as `openEndpoint` does. */
export async function openInstance(host: EngineHost, { instance, manifest, open }: InstanceUse): Promise<Opened> {
  const plugin = await host.registry.find('connector', manifest.protocol);
  if (!plugin) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no protocol "${manifest.protocol}".`, { place: { file: connectorFile(instance), pointer: '/protocol' } });
  const env: ExpressionEnv = { transform: (type, settings) => open.transform(type, settings), roots: connectionRoots };
  const context: ValueContext = { now: host.clock.now(), random: () => 0.5 };
  const file = `instances/${instance.id}.instance.json`;
  const given = await inFile(file, '/settings', async () => settingsWithSecrets(host, await (await compileValue(instance.settings, { ...env, roots: ['env'] })).evaluate({ env: host.workspace.env }, context), manifest.variables)) as Readonly<Record<string, unknown>>;
  const own = Object.entries(manifest.variables ?? {}).flatMap(([name, schema]) => (given[name] !== undefined ? [[name, given[name]] as const] : 'default' in schema ? [[name, schema.default] as const] : []));
  const scope: Scope = { instance: { ...given, ...Object.fromEntries(own) }, env: host.workspace.env };
  const fixed = await inFile(connectorFile(instance), '/settings', async () => (await compileOptional(manifest.settings ?? {}, env)).evaluate(scope, context)) as Readonly<Record<string, unknown>>;
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(manifest.variables ?? {}, name)));
  const settings = await inFile(file, '/settings', () => host.registry.complete(plugin, { ...fixed, ...rest }));
  const credentials = await readCredentials(host, plugin, instance);
  return { plugin, settings, credentials, address: plugin.address(settings as never).replace(/\/+$/, ''), key: `${instance.id} ${childId(JSON.stringify([settings, credentials]), plugin.type, 0)}`, env, scope };
}
