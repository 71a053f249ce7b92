import { isAddress } from './address.ts';
import { findPlugin } from './catalog.ts';
import type { ConnectorFile, ConnectorManifest } from './connector.ts';
import { instanceRoots } from './expression-roots.ts';
import { isObject, objectsOf, pointerOf } from './json.ts';
import { credentialsSchema } from './lint-auth.ts';
import { envNames } from './lint-flow.ts';
import { schemaOf } from './param-schema.ts';
import { connectorNamed, isProtocol } from './protocol.ts';
import { lintNotifications } from './lint-notifications.ts';
import { lintProtocolInstance } from './lint-protocol.ts';
import { lintFreeValue, lintSettingLiterals, lintUnknownCredentials } from './lint-secrets.ts';
import { checkAgainst } from './lint-settings.ts';
import { checkName, report, reportUnknown, type LintContext } from './lint-world.ts';

type Json = Readonly<Record<string, unknown>>;

/** Checks an instance as far as it is one. `id`: its own, by which environments override it. */
export function lintInstance(context: LintContext, id: string, instance: Json): void {
  const connector = findConnector(context, instance['connector']);
  lintParts(context, id, instance, connector);
  lintSettingLiterals(context, instance, [], declaredOf(context, connector));
}

function lintParts(context: LintContext, id: string, instance: Json, connector: ConnectorFile | undefined): void {
  if (!connector) return lintUnknownCredentials(context, instance['credentials'], ['credentials']);
  const overrides = Object.values(context.world.environments).flatMap((environment) => environment?.instances?.[id] ?? []);
  const given = { settings: namesIn(overrides.map(({ settings }) => settings)), credentials: namesIn(overrides.map(({ credentials }) => credentials)) };
  if (isProtocol(connector)) return lintProtocolInstance(context, connector, instance, [], given);
  lintVariables(context, connector, String(instance['connector']), instance, [], given.settings);
  lintCredentials(context, connector, instance, given.credentials);
}

export function lintEnvironment(context: LintContext, environment: Json): void {
  lintOverrides(context, environment);
  lintFreeValue(context, environment['variables'], ['variables']);
  const { instances, connectors, catalog } = context.world;
  for (const [id, override] of objectsOf(environment['instances'])) {
    const connector = instances[id] && connectorNamed(instances[id].connector, connectors, catalog);
    lintSettingLiterals(context, override, ['instances', id], declaredOf(context, connector));
  }
}

function lintOverrides(context: LintContext, environment: Json): void {
  for (const [id, override] of Object.entries(isObject(environment['instances']) ? environment['instances'] : {})) {
    const keys = ['instances', id];
    const { instances } = context.world;
    const lintUnknown = (): void => lintUnknownCredentials(context, isObject(override) ? override['credentials'] : undefined, [...keys, 'credentials']);
    const naming = { kind: 'instance', name: id, pointer: pointerOf(keys), key: true, known: Object.keys(instances) } as const;
    if (!checkName(context, naming, 'CONFIG_UNKNOWN_INSTANCE', `There is no instance ${JSON.stringify(id)} to override.`) || !Object.hasOwn(instances, id)) {
      lintUnknown();
      continue;
    }
    const instance = instances[id];
    const connector = instance && connectorNamed(instance.connector, context.world.connectors, context.world.catalog);
    if (!connector || !isObject(override)) {
      lintUnknown();
      continue;
    }
    if (isProtocol(connector)) {
      lintProtocolInstance(context, connector, override, keys, { settings: anyName, credentials: anyName });
      continue;
    }
    lintVariables(context, connector, instance!.connector, override, keys, anyName);
    lintBaseUrls(context, connector, override, keys);
    const chosen = override['auth'] ?? instance!.auth;
    const methods = Object.keys(connector.auth ?? {});
    if (typeof override['auth'] === 'string') checkName(context, { kind: 'auth', name: override['auth'], owner: instance!.connector, pointer: pointerOf([...keys, 'auth']), known: methods }, 'CONFIG_INVALID', `The connector has no auth method ${JSON.stringify(override['auth'])}.`);
    const schema = credentialsSchema(context.world, connector, typeof chosen === 'string' ? chosen : undefined);
    if (schema && isObject(override['credentials'])) lintPart(context, schema, override, 'credentials', keys, anyName);
    else if (!schema) lintUnknown();
  }
}

export function lintWorkspace(context: LintContext, { environment, notifications }: Json): void {
  const names = Object.keys(context.world.environments);
  if (typeof environment === 'string') checkName(context, { kind: 'environment', name: environment, pointer: '/environment', known: names }, 'CONFIG_NOT_FOUND', `There is no environment ${JSON.stringify(environment)}.`);
  lintNotifications(context, notifications);
}

/** The connector: a manifest of the workspace, or a plugin. */
function findConnector(context: LintContext, name: unknown): ConnectorFile | undefined {
  if (typeof name !== 'string') return undefined;
  const { connectors, catalog } = context.world;
  const known = [...new Set([...Object.keys(connectors), ...catalog.plugins.filter(({ kind }) => kind === 'connector').map(({ type }) => type)])];
  checkName(context, { kind: 'connector', name, pointer: '/connector', known }, 'CONFIG_UNKNOWN_CONNECTOR', `There is no connector ${JSON.stringify(name)}.`);
  return connectorNamed(name, connectors, catalog);
}

/** The settings of which a plugin itself says whether they are secret. */
const declaredOf = ({ world }: LintContext, connector: ConnectorFile | undefined): object | undefined => (connector && isProtocol(connector) ? findPlugin(world.catalog, 'connector', connector.protocol)?.settings : undefined);

/** Settings of an instance against the variables of its connector. `given`: those that another file gives. */
function lintVariables(context: LintContext, connector: ConnectorManifest, name: string, owner: Json, keys: readonly string[], given: ReadonlySet<string>): void {
  const variables = connector.variables ?? {};
  const { settings } = owner;
  const values = isObject(settings) ? settings : {};
  for (const key of Object.keys(values)) {
    const place = pointerOf([...keys, 'settings', key]);
    if (!Object.hasOwn(variables, key)) reportUnknown(context, 'CONFIG_INVALID', place, `The connector ${JSON.stringify(name)} has no variable ${JSON.stringify(key)}.`, key, Object.keys(variables), { key: true });
    else checkAgainst(context, templateOf(variables[key]!), values[key], { pointer: place, names: { roots: instanceRoots, known: { env: envNames(context) } } });
  }
  for (const address of new Set([connector.baseUrl, ...Object.values(isObject(connector.baseUrls) ? connector.baseUrls : {})])) lintAddress(context, address, values, keys);
  for (const [key, schema] of Object.entries(variables)) {
    const { default: fallback, description, required } = schema as { readonly default?: unknown; readonly description?: string; readonly required?: unknown };
    if (values[key] !== undefined || fallback !== undefined || given.has(key)) continue;
    report(context, 'CONFIG_INVALID', pointerOf(settings === undefined ? keys : [...keys, 'settings']), `The variable ${JSON.stringify(key)} of the connector has no value here.`, { severity: required === true ? 'error' : 'warning', fix: `Add ${JSON.stringify(key)} to "settings"${description === undefined ? '.' : `: ${description}`}` });
  }
}

/** Where an environment leads an instance elsewhere, it must do so for each address that its endpoints have. */
function lintBaseUrls(context: LintContext, { baseUrls = {}, endpoints }: ConnectorManifest, override: Json, keys: readonly string[]): void {
  const given = isObject(override['baseUrls']) ? override['baseUrls'] : {};
  const known = Object.keys(baseUrls);
  for (const name of Object.keys(given)) if (!known.includes(name)) reportUnknown(context, 'CONFIG_INVALID', pointerOf([...keys, 'baseUrls', name]), `The connector has no base URL ${JSON.stringify(name)}.`, name, known, { key: true });
  if (override['baseUrl'] === undefined) return;
  for (const name of new Set(Object.values(endpoints).map(({ baseUrl }) => baseUrl))) {
    if (name !== undefined && known.includes(name) && given[name] === undefined) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'baseUrl']), `It does not say where the base URL ${JSON.stringify(name)} of the connector leads, so that the endpoints that name it cannot be asked.`, { fix: `Add "baseUrls": {${JSON.stringify(name)}: …} beside it.` });
  }
}

/** What the instance makes of its connector's base URL: a slip in a setting must not look like one of the connector. */
function lintAddress(context: LintContext, baseUrl: unknown, values: Json, keys: readonly string[]): void {
  if (typeof baseUrl !== 'string') return;
  let first: string | undefined;
  const url = baseUrl.replaceAll(/\{\{\s*instance\.([\w-]+)\s*\}\}/g, (whole, key: string) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') return whole;
    first ??= key;
    return String(value);
  });
  if (first === undefined || url.includes('{{') || isAddress(url)) return;
  report(context, 'CONFIG_INVALID', pointerOf([...keys, 'settings', first]), `The address ${JSON.stringify(url)} is no absolute http or https address.`, { fix: 'Write it like https://api.example.com:8443.' });
}

function lintCredentials(context: LintContext, connector: ConnectorManifest, instance: Json, given: ReadonlySet<string>): void {
  const methods = Object.keys(connector.auth ?? {});
  const { auth, credentials } = instance;
  const { connector: owner } = instance;
  if (typeof auth === 'string' && !checkName(context, { kind: 'auth', name: auth, ...(typeof owner === 'string' && { owner }), pointer: '/auth', known: methods }, 'CONFIG_INVALID', `The connector has no auth method ${JSON.stringify(auth)}.`)) {
    return lintUnknownCredentials(context, credentials, ['credentials']);
  }
  if (credentials !== undefined && !isObject(credentials)) return;
  const schema = credentialsSchema(context.world, connector, typeof auth === 'string' && auth !== '' ? auth : undefined);
  if (schema) return lintPart(context, schema, instance, 'credentials', [], given);
  lintUnknownCredentials(context, credentials, ['credentials']);
  if (methods.length === 0 && credentials && Object.keys(credentials).length > 0) report(context, 'CONFIG_INVALID', '/credentials', 'The connector has no auth method, so the credentials are not used.', { severity: 'warning', key: true, fix: 'Add "auth" to the connector, or remove them.' });
}

function lintPart(context: LintContext, schema: object, owner: Json, key: 'settings' | 'credentials', keys: readonly string[], given: ReadonlySet<string>): void {
  const value = owner[key];
  if (value !== undefined && !isObject(value)) return;
  checkAgainst(context, schema, value ?? {}, { pointer: pointerOf([...keys, key]), names: noNames, given, ...(value === undefined && { owner: pointerOf(keys) }) });
}

const templates = new WeakMap<object, object>();

/** The schema of a variable, whose value may hold expressions. */
function templateOf(variable: object): object {
  const known = templates.get(variable);
  if (known) return known;
  const schema = { ...schemaOf(variable), 'x-expression': true };
  templates.set(variable, schema);
  return schema;
}

const noNames = { roots: [] };
const namesIn = (objects: readonly (Json | undefined)[]): ReadonlySet<string> => new Set(objects.flatMap((object) => Object.keys(object ?? {})));
// An override gives only what is different.
const anyName: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });
