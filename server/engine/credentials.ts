import { FlowError, type AuthMethod, type Connector, type Context, type HttpRequest, type HttpResponse, type Log, type Login, type Script, type SignContext, type TlsIdentity, type Token, type ValueContext, withChanges } from '../../plugins/sdk/index.ts';
import { noAuth, ownMethod } from '../model/auth-methods.ts';
import type { AuthUse, ConnectorManifest } from '../model/connector.ts';
import { compileValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { isObject } from '../model/json.ts';
import { fieldSchema, itemSchema } from '../model/schema-walk.ts';
import type { EngineHost, ResolvedInstance } from './host.ts';
import { callScript } from './call-script.ts';
import { childId } from './payload.ts';
import { placed } from './place.ts';
import { ofPlugin } from './run-error.ts';
import { signaturesOf } from './signatures.ts';

/** An auth method of an instance with its credentials, which nothing else sees. */
export interface Auth {
  /** Under which the token is kept: another account or another address has another. */
  readonly key: string;
  /** Its name, where it is not the method of the instance. */
  readonly other?: string;
  /** Under which it is kept beyond the process, for a method that wants that. */
  readonly kept?: string;
  /** What is kept can be got anew with the credentials. */
  readonly isReplaceable?: boolean;
  acquire?(context: Context, last: Token | undefined): Promise<Token>;
  /** Sign the requests with which the token is got. */
  readonly tokenAuth: readonly Auth[];
  readonly login?: { start(login: Login): string; finish(answer: Readonly<Record<string, string>>, login: Login, context: Context): Promise<Token> };
  sign(request: HttpRequest, token: Token | undefined, run: ScriptRun): Promise<Signed>;
  readonly tls?: TlsIdentity;
}

/** What a script needs that helps to sign. */
export interface ScriptRun {
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface Signed {
  readonly request: HttpRequest;
  /** Takes the answer. Gives whether another signature may be answered otherwise. */
  answered(answer: HttpResponse): boolean;
}

export interface AuthOptions {
  readonly instance: ResolvedInstance;
  readonly manifest: ConnectorManifest;
  readonly origin: string;
  readonly env: ExpressionEnv;
  readonly scope: Scope;
  readonly context: ValueContext;
  /** Of the endpoint: a method of the connector or `none`, and where in its file that stands; default that of the instance. */
  readonly method?: { readonly name: string; readonly pointer: string } | undefined;
  /** Fails with `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
  readonly script: (file: string) => Promise<Script>;
}

/** The methods that sign the requests, in this order. Fails with `CONFIG_INVALID`, `CONFIG_UNKNOWN_PLUGIN`, `SECRET_MISSING`. */
export async function openAuth(host: EngineHost, options: AuthOptions): Promise<readonly Auth[]> {
  const { instance, manifest, method } = options;
  const methods = manifest.auth ?? {};
  const name = method?.name ?? ownMethod(manifest, instance.auth);
  if (name === undefined || (name === noAuth && !Object.hasOwn(methods, name))) return [];
  if (!Object.hasOwn(methods, name)) {
    const place = method ? { file: connectorFile(instance), pointer: method.pointer } : { file: instanceFile(instance), pointer: '/auth' };
    throw new FlowError('CONFIG_INVALID', `The connector "${instance.connector}" has no auth method "${name}"; there are ${Object.keys(methods).join(', ') || 'none'}.`, { place });
  }
  return openMethods(host, options, [name], []);
}

/** Methods with those that sign before them. `above`: those that need them. */
async function openMethods(host: EngineHost, options: AuthOptions, names: readonly string[], above: readonly string[]): Promise<readonly Auth[]> {
  const { instance, manifest: { auth: methods = {} } } = options;
  const opened: Auth[] = [];
  for (const name of names) {
    const use = Object.hasOwn(methods, name) ? methods[name] : undefined;
    const owner = `/auth/${above.at(-1) ?? ''}`;
    if (!use) throw new FlowError('CONFIG_INVALID', `The connector "${instance.connector}" has no auth method "${name}", which its method "${above.at(-1) ?? ''}" needs.`, { place: { file: connectorFile(instance), pointer: owner } });
    if (above.includes(name)) throw new FlowError('CONFIG_INVALID', `The auth method "${name}" of the connector "${instance.connector}" needs itself.`, { place: { file: connectorFile(instance), pointer: owner } });
    const under = [...above, name];
    opened.push(...(await openMethods(host, options, use.beside ?? [], under)));
    opened.push(await openMethod(host, options, name, use, use.tokenAuth === undefined ? [] : await openMethods(host, options, [use.tokenAuth], under)));
  }
  return opened;
}

async function openMethod(host: EngineHost, options: AuthOptions, name: string, use: AuthUse, tokenAuth: readonly Auth[]): Promise<Auth> {
  const { instance, manifest, origin } = options;
  const plugin = await host.registry.find('auth', use.type);
  if (!plugin) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no auth method of type "${use.type}".`, { place: { file: connectorFile(instance), pointer: `/auth/${name}/type` } });
  const settings = await inFile(connectorFile(instance), `/auth/${name}/settings`, async () => {
    const compiled = await compileValue(use.settings ?? {}, options.env, { schema: plugin.settings as object });
    return host.registry.complete(plugin, await compiled.evaluate(options.scope, options.context)) as never;
  });
  const { given, pointer } = credentialsOf(manifest, instance, name, plugin.credentials as object);
  const credentials = await ofInstance(instance, pointer, async () => host.registry.complete(plugin, await withSecrets(host, given), plugin.credentials) as never);
  concealSecrets(host, plugin.credentials as object, credentials);
  const file = plugin.script?.(settings);
  const script = file === undefined ? undefined : { file, script: await inFile(connectorFile(instance), `/auth/${name}/settings`, () => options.script(file)) };
  return bound(host, plugin, { key: `${instance.id} ${origin} ${name}`, ...(name !== ownMethod(manifest, instance.auth) && { other: name }), credentials, settings, tokenAuth, script });
}

interface Bound {
  readonly key: string;
  readonly other?: string;
  readonly credentials: never;
  readonly settings: never;
  readonly tokenAuth: readonly Auth[];
  readonly script: { readonly file: string; readonly script: Script } | undefined;
}

function bound(host: EngineHost, plugin: AuthMethod, { key: kept, other, credentials, settings, tokenAuth, script }: Bound): Auth {
  const key = `${kept} ${childId(JSON.stringify(credentials), JSON.stringify(settings), 0)}`;
  const { acquire, login, pool } = plugin;
  const signatures = signaturesOf(host, key, {
    takesChallenge: plugin.takesChallenge === true,
    ...(pool && { pool: { size: pool.size(credentials), quota: (answer, now) => pool.quota(answer, settings, now) } }),
  });
  return {
    key, tokenAuth, ...(other !== undefined && { other }),
    // A login of a person outlives a change of the client's secret; one with a password is that of its user only.
    ...(plugin.keepsToken === true && { kept }), ...(plugin.keepsToken === 'by-credentials' && { kept: key, isReplaceable: true }),
    ...(plugin.tls && { tls: plugin.tls(credentials, settings) }),
    ...(acquire && { acquire: (context: Context, last: Token | undefined) => ofPlugin(() => acquire(credentials, settings, context, last)) }),
    ...(login && { login: { start: (given) => login.start(credentials, settings, given), finish: (answer, given, context) => ofPlugin(() => login.finish(answer, given, credentials, settings, context)) } }),
    async sign(request, token, run) {
      const signature = signatures.next(host.clock.now());
      const context = script ? await withScript(signature.context, script, { request, credentials: publicPart(plugin.credentials as object, credentials), settings }, run) : signature.context;
      return { request: await ofPlugin(() => plugin.sign(request, credentials, settings, token, context)), answered: (answer) => signature.answered(answer, host.clock.now()) };
    },
  };
}

async function withScript(context: SignContext, { file, script }: NonNullable<Bound['script']>, { request: { method, url, headers, body }, ...given }: { readonly request: HttpRequest; readonly credentials: unknown; readonly settings: unknown }, run: ScriptRun): Promise<SignContext> {
  const nonce = context.nonce();
  const request = { method, url, headers, body: typeof body === 'string' ? body : null };
  const scripted = await callScript(script, file, { request, ...given, now: new Date(context.now).toISOString(), nonce }, run);
  return { ...context, nonce: () => nonce, scripted };
}

/** Credentials without those that are secret. */
const publicPart = (schema: object, credentials: object): object => Object.fromEntries(Object.entries(credentials).filter(([name]) => (fieldSchema(schema, name) as { readonly writeOnly?: unknown }).writeOnly !== true));

export const instanceFile = ({ id }: ResolvedInstance): string => `instances/${id}.instance.json`;

/** Those of the instance's own method stand in its file as they are, those of another under the name of that. */
function credentialsOf(manifest: ConnectorManifest, { auth, credentials }: ResolvedInstance, name: string, schema: object): { readonly given: unknown; readonly pointer: string } {
  if (name !== ownMethod(manifest, auth)) return { given: Object.hasOwn(credentials, name) ? credentials[name] : {}, pointer: `/credentials/${name}` };
  const fields = (schema as { readonly properties?: object }).properties ?? {};
  const others = Object.keys(manifest.auth ?? {}).filter((other) => other !== name && !Object.hasOwn(fields, other));
  return { given: Object.fromEntries(Object.entries(credentials).filter(([key]) => !others.includes(key))), pointer: '/credentials' };
}

export const connectorFile = (instance: ResolvedInstance): string => `connectors/${instance.connector}.connector.json`;

/** Says in which file, and where in it, what is read there is wrong. */
export async function inFile<T>(file: string, pointer: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw FlowError.is(error) ? placed(error, file, pointer) : error;
  }
}

/** Says where the credentials stand, in one file or in two. */
async function ofInstance<T>(instance: ResolvedInstance, pointer: string, read: () => Promise<T>): Promise<T> {
  try {
    return await inFile(instanceFile(instance), pointer, read);
  } catch (error) {
    if (!FlowError.is(error, 'CONFIG_INVALID') || instance.changedIn === undefined) throw error;
    throw withChanges(error, { remedy: `${error.remedy} ${instance.changedIn} changes these credentials, so that the cause may stand there.` });
  }
}

/** The credentials of an instance for a protocol, masked from now on. Fails with `CONFIG_INVALID`, `SECRET_MISSING`. */
export async function readCredentials(host: EngineHost, plugin: Connector, instance: ResolvedInstance): Promise<unknown> {
  const credentials = await ofInstance(instance, '/credentials', async () => host.registry.complete(plugin, await withSecrets(host, instance.credentials), plugin.credentials));
  concealSecrets(host, plugin.credentials as object, credentials);
  return credentials;
}

/** The settings of an instance, evaluated, with the secrets that they name in place of the names, masked from now on. `variables`: what the connector says of them. Fails with `SECRET_MISSING`. */
export async function settingsWithSecrets(host: EngineHost, settings: unknown, variables: Readonly<Record<string, object>> = {}): Promise<unknown> {
  const given = await withSecrets(host, settings);
  concealSecrets(host, { properties: variables }, given);
  return given;
}

async function withSecrets(host: EngineHost, value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => withSecrets(host, item)));
  if (!isObject(value)) return value;
  if (typeof value['$secret'] === 'string' && Object.keys(value).length === 1) return host.workspace.secret(value['$secret']);
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, field]) => [key, await withSecrets(host, field)])));
}

/** A secret that stands in a file is reported by lint; it is masked all the same. */
function concealSecrets(host: EngineHost, schema: object, value: unknown): void {
  if (typeof value === 'string' && 'writeOnly' in schema && schema.writeOnly === true) host.bodies.conceal?.(value);
  if (Array.isArray(value)) for (const [index, item] of value.entries()) concealSecrets(host, itemSchema(schema, index), item);
  else if (isObject(value)) for (const [name, field] of Object.entries(value)) concealSecrets(host, fieldSchema(schema, name), field);
}
