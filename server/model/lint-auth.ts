import { endpointMethods, neededMethods, noAuth, ownMethod } from './auth-methods.ts';
import { findPlugin, type CatalogEntry } from './catalog.ts';
import type { ConnectorManifest } from './connector.ts';
import { isObject, objectsOf, pointerOf } from './json.ts';
import { checkName, report, type LintContext, type LintWorld } from './lint-world.ts';

type Json = Readonly<Record<string, unknown>>;

/** The auth methods of a connector that others name: whether there are such, and whether none needs itself. */
export function lintAuth(context: LintContext, manifest: Json): void {
  const methods = objectsOf(manifest['auth']);
  const names = [...methods.keys()];
  const known = (name: unknown, keys: readonly string[], more: readonly string[] = []): void => {
    if (typeof name === 'string') checkName(context, { kind: 'auth', name, pointer: pointerOf(keys), known: [...names, ...more] }, 'CONFIG_INVALID', `The connector has no auth method ${JSON.stringify(name)}.`);
  };
  for (const [name, { beside, tokenAuth }] of methods) {
    for (const [index, other] of (Array.isArray(beside) ? beside : []).entries()) known(other, ['auth', name, 'beside', String(index)]);
    known(tokenAuth, ['auth', name, 'tokenAuth']);
    lintNeeded(context, manifest as unknown as ConnectorManifest, name);
  }
  for (const [id, { auth }] of objectsOf(manifest['endpoints'])) known(auth, ['endpoints', id, 'auth'], [noAuth]);
}

function lintNeeded(context: LintContext, manifest: ConnectorManifest, name: string): void {
  const needed = neededMethods(manifest, name);
  if (needed.has(name)) report(context, 'CONFIG_INVALID', pointerOf(['auth', name]), `The auth method ${JSON.stringify(name)} needs itself.`, { key: true, fix: 'Remove it from "beside" or "tokenAuth" of those that it needs.' });
  const fields = propertiesOf(methodNamed(context.world, manifest, name)?.credentials);
  for (const other of needed) {
    if (other !== name && Object.hasOwn(fields, other)) report(context, 'CONFIG_INVALID', pointerOf(['auth', name]), `The method ${JSON.stringify(name)} has a credential ${JSON.stringify(other)}, so an instance cannot give those of the method ${JSON.stringify(other)} under its name.`, { key: true, fix: `Give the method ${JSON.stringify(other)} another name.` });
  }
}

const schemas = new WeakMap<ConnectorManifest, Map<string, object>>();

/**
 * Schema of the credentials of an instance that signs in with a method, default the first: its own, and under their names those of the methods that it or an
 * endpoint needs. Undefined where nothing can be said of them.
 */
export function credentialsSchema(world: Pick<LintWorld, 'catalog'>, manifest: ConnectorManifest, named: string | undefined): object | undefined {
  const name = ownMethod(manifest, named);
  const own = methodNamed(world, manifest, name);
  const others = othersOf(manifest, name);
  if (others.size === 0 || (name !== undefined && !own?.credentials)) return own?.credentials;
  const known = schemas.get(manifest) ?? new Map<string, object>();
  schemas.set(manifest, known);
  const key = `${name ?? ''} ${own?.type ?? ''}`;
  const schema = known.get(key) ?? together(world, manifest, own?.credentials, others);
  known.set(key, schema);
  return schema;
}

/** Names of the methods beside that of an instance, and whether each of them must have its credentials. */
function othersOf(manifest: ConnectorManifest, name: string | undefined): ReadonlyMap<string, boolean> {
  const others = new Map<string, boolean>();
  // An instance may well use none of the endpoints that have methods of their own.
  for (const method of endpointMethods(manifest)) for (const other of [method, ...neededMethods(manifest, method)]) others.set(other, false);
  for (const other of name === undefined ? [] : neededMethods(manifest, name)) others.set(other, true);
  others.delete(noAuth);
  if (name !== undefined) others.delete(name);
  return others;
}

function together(world: Pick<LintWorld, 'catalog'>, manifest: ConnectorManifest, own: object | undefined, others: ReadonlyMap<string, boolean>): object {
  const fields: Record<string, object> = {};
  const required: string[] = [...requiredOf(own)];
  for (const [other, isNeeded] of others) {
    const schema = methodNamed(world, manifest, other)?.credentials;
    fields[other] = schema ?? {};
    if (isNeeded && requiredOf(schema).length > 0) required.push(other);
  }
  return { type: 'object', additionalProperties: false, ...own, properties: { ...fields, ...propertiesOf(own) }, required };
}

export function methodNamed({ catalog }: Pick<LintWorld, 'catalog'>, { auth = {} }: ConnectorManifest, name: string | undefined): CatalogEntry | undefined {
  const use = name !== undefined && Object.hasOwn(auth, name) ? auth[name] : undefined;
  return use && typeof use.type === 'string' ? findPlugin(catalog, 'auth', use.type) : undefined;
}

function propertiesOf(schema: object | undefined): Json {
  const properties = (schema as { readonly properties?: unknown } | undefined)?.properties;
  return isObject(properties) ? properties : {};
}

const requiredOf = (schema: object | undefined): readonly string[] => (schema as { readonly required?: readonly string[] } | undefined)?.required ?? [];
