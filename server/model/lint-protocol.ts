import { findPlugin, type CatalogEntry } from './catalog.ts';
import { connectionRoots, instanceRoots, requestRoots } from './expression-roots.ts';
import { isObject, pointerOf } from './json.ts';
import type { Names } from './lint-expression.ts';
import { envNames, objectsOf } from './lint-flow.ts';
import { instanceNames, lintSchema, paramNames } from './lint-connector-names.ts';
import { lintUnknownCredentials } from './lint-secrets.ts';
import { checkAgainst } from './lint-settings.ts';
import { checkName, findOrReport, report, type LintContext } from './lint-world.ts';
import { schemaOf } from './param-schema.ts';
import { fieldsOf, type ProtocolManifest } from './protocol.ts';

type Json = Readonly<Record<string, unknown>>;

/** Checks a manifest that names a protocol, as far as it is one. */
export function lintProtocol(context: LintContext, manifest: Json): void {
  const entry = findOrReport(context, 'connector', 'protocol', manifest['protocol'], '/protocol');
  const variables = objectsOf(manifest['variables']);
  for (const [name, schema] of variables) lintSchema(context, schemaOf(schema), ['variables', name]);
  if (!entry) return;
  const known = { instance: instanceNames(new Map([...variables, ...Object.entries(fieldsOf(entry.settings)) as [string, Json][]])), env: envNames(context) };
  if (manifest['settings'] !== undefined) checkAgainst(context, anyField(entry.settings), manifest['settings'], { pointer: '/settings', names: { roots: connectionRoots, known }, given: anyName });
  for (const [id, endpoint] of objectsOf(manifest['endpoints'])) lintEndpoint(context, entry, { roots: requestRoots, known }, id, endpoint);
}

function lintEndpoint(context: LintContext, entry: CatalogEntry, names: Names, id: string, endpoint: Json): void {
  const keys = ['endpoints', id];
  const params = objectsOf(endpoint['params']);
  const used = new Set<string | undefined>();
  for (const [name, param] of params) lintSchema(context, schemaOf(param), [...keys, 'params', name]);
  if (isObject(endpoint['record'])) lintSchema(context, endpoint['record'], [...keys, 'record']);
  const { call } = endpoint;
  if (typeof call !== 'string') return;
  const endpoints = entry.endpoints ?? {};
  const naming = { kind: 'endpoint', name: call, owner: entry.type, pointer: pointerOf([...keys, 'call']), known: Object.keys(endpoints) } as const;
  if (!checkName(context, naming, 'CONFIG_UNKNOWN_ENDPOINT', `The protocol ${JSON.stringify(entry.type)} has no endpoint ${JSON.stringify(call)}.`) || !Object.hasOwn(endpoints, call)) return;
  const { direction, params: schema } = endpoints[call]!;
  if (endpoint['direction'] !== direction) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'direction']), `The endpoint ${JSON.stringify(call)} of ${JSON.stringify(entry.type)} has the direction ${JSON.stringify(direction)}.`, { fix: `Write "direction": ${JSON.stringify(direction)}.` });
  const own: Names = { ...names, known: { ...names.known, params: paramNames(id, params) }, used: (root, name) => void (root === 'params' && used.add(name)) };
  checkAgainst(context, anyField(schema), endpoint['with'] ?? {}, { pointer: pointerOf([...keys, 'with']), names: own, ...(endpoint['with'] === undefined && { owner: pointerOf(keys) }) });
  if (used.has(undefined)) return;
  for (const name of params.keys()) {
    if (!used.has(name)) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'params', name]), `The parameter ${JSON.stringify(name)} of ${JSON.stringify(id)} is not used.`, { severity: 'warning', key: true, fix: `Use {{ params.${name} }} in "with", or remove it.` });
  }
}

/** Settings and credentials of an instance whose connector is a protocol. `given`: what another file gives. */
export function lintProtocolInstance(context: LintContext, manifest: ProtocolManifest, owner: Json, keys: readonly string[], given: { readonly settings: ReadonlySet<string>; readonly credentials: ReadonlySet<string> }): void {
  const entry = findPlugin(context.world.catalog, 'connector', manifest.protocol);
  if (!entry) return lintUnknownCredentials(context, owner['credentials'], [...keys, 'credentials']);
  const fixed = new Set(Object.keys(manifest.settings ?? {}));
  for (const [key, schema] of [['settings', withVariables(entry, manifest)], ['credentials', entry.credentials ?? {}]] as const) {
    const value = owner[key];
    if (value !== undefined && !isObject(value)) continue;
    const elsewhere = key === 'settings' ? union(given.settings, fixed) : given.credentials;
    checkAgainst(context, schema, value ?? {}, { pointer: pointerOf([...keys, key]), names: { roots: key === 'settings' ? instanceRoots : [], known: { env: envNames(context) } }, given: elsewhere, ...(value === undefined && { owner: pointerOf(keys) }) });
  }
}

const anyName: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });
const union = (left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> => Object.assign(new Set<string>(), { has: (name: string) => left.has(name) || right.has(name) });

const templated = new WeakMap<object, object>();

/** The same schema, with expressions in every text that is not bound already. */
function anyField(schema: object): object {
  const known = templated.get(schema);
  if (known) return known;
  const made = { ...schema, properties: Object.fromEntries(Object.entries(fieldsOf(schema)).map(([name, field]) => [name, 'x-expression' in field ? field : { ...field, 'x-expression': true }])) };
  templated.set(schema, made);
  return made;
}

const joined = new WeakMap<ProtocolManifest, object>();

/** The settings of an instance of a protocol: its own, and the variables of the connector. */
export function withVariables(entry: CatalogEntry, manifest: ProtocolManifest): object {
  const known = joined.get(manifest);
  if (known) return known;
  const variables = Object.entries(manifest.variables ?? {});
  const own = entry.settings as { readonly properties?: object; readonly required?: readonly string[] };
  const required = variables.filter(([, schema]) => (schema as { readonly required?: unknown }).required === true && !('default' in schema)).map(([name]) => name);
  const properties = { ...own.properties, ...Object.fromEntries(variables.map(([name, schema]) => [name, schemaOf(schema)])) };
  const made = anyField({ ...own, properties, required: [...(own.required ?? []), ...required] });
  joined.set(manifest, made);
  return made;
}
