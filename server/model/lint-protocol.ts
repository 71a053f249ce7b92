import { writingWord } from '../../plugins/sdk/index.ts';
import { findPlugin, type CatalogEntry } from './catalog.ts';
import { connectionRoots, instanceRoots, requestRoots } from './expression-roots.ts';
import { isObject, objectsOf, pointerOf } from './json.ts';
import type { Names } from './lint-expression.ts';
import { envNames } from './lint-flow.ts';
import { instanceNames, lintSchema, paramNames } from './lint-connector-names.ts';
import { lintUnknownCredentials } from './lint-secrets.ts';
import { checkAgainst } from './lint-settings.ts';
import { checkName, findOrReport, report, type LintContext } from './lint-world.ts';
import { lintIncremental, readingNames } from './lint-reading.ts';
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
  lintForeign(context, entry, endpoint, keys);
  const { call } = endpoint;
  if (typeof call !== 'string') return;
  const endpoints = entry.endpoints ?? {};
  const naming = { kind: 'endpoint', name: call, owner: entry.type, pointer: pointerOf([...keys, 'call']), known: Object.keys(endpoints) } as const;
  if (!checkName(context, naming, 'CONFIG_UNKNOWN_ENDPOINT', `The protocol ${JSON.stringify(entry.type)} has no endpoint ${JSON.stringify(call)}.`) || !Object.hasOwn(endpoints, call)) return;
  const { direction, params: schema } = endpoints[call]!;
  if (endpoint['direction'] !== direction) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'direction']), `The endpoint ${JSON.stringify(call)} of ${JSON.stringify(entry.type)} has the direction ${JSON.stringify(direction)}.`, { fix: `Write "direction": ${JSON.stringify(direction)}.` });
  if (isObject(endpoint['incremental'])) lintProtocolIncremental(context, { ...names, known: { ...names.known, params: paramNames(id, params) }, used: (root, name) => void (root === 'params' && used.add(name)) }, endpoint, keys);
  const own: Names = { ...names, known: { ...names.known, params: paramNames(id, params), cursor: readingNames(id, endpoint)['cursor']! }, used: (root, name) => void (root === 'params' && used.add(name)) };
  checkAgainst(context, anyField(schema), endpoint['with'] ?? {}, { pointer: pointerOf([...keys, 'with']), names: own, ...(endpoint['with'] === undefined && { owner: pointerOf(keys) }) });
  lintStatement(context, schema, direction, endpoint['with'], [...keys, 'with', 'statement']);
  if (used.has(undefined)) return;
  for (const name of params.keys()) {
    if (!used.has(name)) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'params', name]), `The parameter ${JSON.stringify(name)} of ${JSON.stringify(id)} is not used.`, { severity: 'warning', key: true, fix: `Use {{ params.${name} }} in "with", or remove it.` });
  }
}

/** What reads must not write: the database refuses it, and says something else. */
function lintStatement(context: LintContext, schema: object, direction: unknown, given: unknown, keys: readonly string[]): void {
  const statement = isObject(given) ? given['statement'] : undefined;
  if (direction !== 'receive' || typeof statement !== 'string' || !('x-quotes' in (fieldsOf(schema)['statement'] ?? {}))) return;
  const word = writingWord(statement);
  if (word !== undefined) report(context, 'CONFIG_INVALID', pointerOf(keys), `A query only reads, and this statement begins with ${word}.`, { fix: 'Call "execute", with the direction "send".' });
}

/** What only endpoints of HTTP have would be ignored. */
function lintForeign(context: LintContext, { type }: CatalogEntry, endpoint: Json, keys: readonly string[]): void {
  for (const [key, fix] of Object.entries(ofHttp)) {
    if (endpoint[key] !== undefined) report(context, 'CONFIG_INVALID', pointerOf([...keys, key]), `An endpoint of the protocol ${JSON.stringify(type)} has no ${JSON.stringify(key)}: only endpoints of HTTP have.`, { key: true, fix });
  }
}

const inWith = 'Remove it, and say in "with" what is asked for.';
const ofHttp: Readonly<Record<string, string>> = {
  slices: 'Remove it: ask for all of them in one statement, or let a step such as `split` give one after the other to a parameter.',
  pagination: 'Remove it: the protocol reads page by page itself.', expand: 'Remove it, and split the records in the flow.', records: 'Remove it, and take what you need in a map.',
  method: inWith, path: inWith, query: inWith, headers: inWith, body: inWith, baseUrl: 'Remove it: the address is in the settings.', decoder: 'Remove it, and parse in a step of the flow.',
  before: 'Remove it, and run the script in a step before.', after: 'Remove it, and run the script in a step behind.', upsert: 'Remove it: call an endpoint of the protocol that does it.', per: inWith,
};

/** Reading what is new: the statement must ask for it, and know where to begin. */
function lintProtocolIncremental(context: LintContext, names: Names, endpoint: Json, keys: readonly string[]): void {
  const place = [...keys, 'incremental'];
  if (endpoint['direction'] !== 'receive') return report(context, 'CONFIG_INVALID', pointerOf(place), 'Only what is received can be read incrementally.', { key: true, fix: 'Remove it.' });
  lintIncremental(context, names, endpoint, place, [endpoint['with']]);
  const { start } = endpoint['incremental'] as Json;
  const withoutElse = /\{\{\s*cursor\.from\s*(\||\}\})/.test(JSON.stringify(endpoint['with'] ?? {}));
  if (start === undefined && withoutElse) report(context, 'CONFIG_INVALID', pointerOf(place), 'The first run knows no {{ cursor.from }}, so that its statement could not be asked.', { key: true, fix: 'Say where it begins: "start": "2020-01-01", or write {{ cursor.from ?? "2020-01-01" }}.' });
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
