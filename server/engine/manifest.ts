import { FlowError, type Connector, type EndpointCall, type OpenContext, type Payload, type Schema, type Script, type TriggerEvent, type ValueContext } from '../../plugins/sdk/index.ts';
import type { ConnectorFile, ConnectorManifest, EndpointManifest } from '../model/connector.ts';
import { compileTemplate, compileValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { connectionRoots, requestRoots } from '../model/expression-roots.ts';
import { schemaOf } from '../model/param-schema.ts';
import { pointerOf } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import { isProtocol, manifestOf, type ProtocolManifest } from '../model/protocol.ts';
import { openConnection, type ConnectionOptions } from './connection.ts';
import { connectorFile, inFile, openAuth, settingsWithSecrets, type AuthOptions } from './credentials.ts';
import { deliver } from './deliver.ts';
import type { EndpointLink } from './endpoint-link.ts';
import { openDecoder } from './answer-decoder.ts';
import { openRules } from './endpoint-rules.ts';
import type { Cursor, CursorPlace, EngineHost, EventSink, ResolvedInstance } from './host.ts';
import { DEFAULT_TIMEOUT_MS } from './http.ts';
import { isJson } from './payload.ts';
import { stepPointer } from './place.ts';
import { openPagination, type OpenPagination, type PaginationEnv } from './open-pagination.ts';
import type { WalkedPage } from './paginate.ts';
import { listenTo, openProtocolCheck, openProtocolEndpoint, type Listening, type ProtocolUse } from './protocol.ts';
import { compileIncremental } from './incremental.ts';
import type { ReadOptions } from './read-pages.ts';
import { receive } from './receive.ts';
import { compileRequest } from './request-template.ts';
import type { ConverterOf } from './request-body.ts';
import { compileShape } from './shape-records.ts';
import { compileUpsert, type Upsert } from './upsert.ts';
import { compileSlices } from './slices.ts';

export interface OpenEndpoint {
  readonly instance: string;
  /** `''`, where the connector speaks a protocol: the call only checks the connection. */
  readonly endpoint: string;
  readonly run: string;
  readonly step: string;
  /** The file of the flow that has the step; without one somebody tries the endpoint out. */
  readonly flowFile?: string;
  readonly open: OpenContext;
  readonly emit: EventSink;
  /** The scripts of the run, which ends them. Where it is not given, there are none. */
  readonly script?: (file: string) => Promise<Script>;
  /** A script file of the step that sees each answer after the connector's own. */
  readonly responseScript?: string;
  /** Stops after so many pages: somebody tries it out. */
  readonly testPages?: number;
  /** Told of each page, in order. */
  readonly onPage?: (page: WalkedPage) => void;
  /** What is remembered of incremental reading. Where it is not given, everything is read. */
  readonly cursor?: (place: CursorPlace) => Cursor;
}

/**
 * An endpoint of an instance, with everything compiled and the secrets read. The call takes all else from the context that it is called with.
 * Fails with `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_UNKNOWN_CONNECTOR`, `CONFIG_UNKNOWN_ENDPOINT`, `CONFIG_INVALID`, `CONFIG_EXPRESSION`, `SECRET_MISSING`.
 */
export async function openEndpoint(host: EngineHost, options: OpenEndpoint): Promise<EndpointCall> {
  const known = await findConnector(host, options.instance);
  if (isProtocol(known.manifest) && options.endpoint === '') return openProtocolCheck(host, { instance: known.instance, manifest: known.manifest, open: options.open });
  checkEndpoint(known, options.endpoint);
  if (isProtocol(known.manifest) && options.responseScript !== undefined) throw new FlowError('CONFIG_INVALID', `A response script sees answers of HTTP requests, and "${options.instance}" speaks ${known.manifest.protocol}.`, { place: { pointer: '/responseScript' }, remedy: 'Take the response script away, or put a script step behind this one.' });
  if (isProtocol(known.manifest)) return openProtocolEndpoint(host, protocolUse(host, { ...known, manifest: known.manifest }, options), { run: options.run, step: options.step, cursor: options.testPages === undefined ? options.cursor : undefined });
  const found = find({ ...known, manifest: known.manifest }, options.endpoint);
  const link = await openLink(host, found, options);
  if (found.endpoint.direction === 'send') {
    const upsert = await openUpsert(host, found, options, link);
    return asCall('send', (payload, params, context, delivery) => deliver({ ...link, endpoint: found.endpoint, upsert }, payload, params, context, delivery));
  }
  const read = await openReading(host, found, options, link);
  return asCall('receive', (payload, params, context, { range } = {}) => receive(read, payload, params, context, range));
}

interface OpenedLink extends EndpointLink {
  readonly env: ExpressionEnv;
  /** As `inputOf`, with the roots given. */
  inputWith(roots: ReadonlySet<string>): EndpointLink['inputOf'];
}

async function openLink(host: EngineHost, found: Found, options: OpenEndpoint): Promise<OpenedLink> {
  const { instance, manifest: { defaults = {} }, endpoint, pointer } = found;
  const { env, scope, base, connection: connectionOptions } = await openInstance(host, found, options.open, { script: options.script, at: found, ...(endpoint.auth !== undefined && { method: { name: endpoint.auth, pointer: `${pointer}/auth` } }) });
  const connection = openConnection(host, connectionOptions);
  const timeoutMs = endpoint.timeoutMs ?? defaults.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const converter = converterOf(host);
  const template = await inFile(connectorFile(instance), pointer, () => compileRequest({ endpoint, headers: defaults.headers ?? {}, base, timeoutMs, env, name: options.endpoint, converter }));
  const script = options.script ?? noScript;
  const decode = await inFile(connectorFile(instance), `${pointer}/decoder`, () => openDecoder({ endpoint, shared: defaults.headers ?? {}, name: options.endpoint, converter, maxBytes: host.workspace.limits.responseBytes }));
  const rules = await openRules({
    manifest: found.manifest, endpoint, name: options.endpoint, owner: `${instance.id} ${base.origin}`, env, scope, now: () => host.clock.now(), script, decode, xml: () => converter('xml'), step: options.step, responseScript: options.responseScript,
    at: (owner, place, compile) => inFile(connectorFile(instance), `${owner === 'endpoint' ? pointer : '/defaults'}${place}`, compile),
  });
  return {
    env, host, name: options.endpoint, instance: instance.id, run: options.run, step: options.step, emit: options.emit, template, idempotencyHeader: endpoint.idempotencyHeader,
    decode,
    inputOf: inputReader(host, found, options, scope, template.roots), inputWith: (roots) => inputReader(host, found, options, scope, roots),
    async send(request, context, signal) {
      const prepared = await rules.prepare(request, context, signal);
      return connection.send(prepared, { ...rules.callOf(prepared, context, signal), context, signal, endpoint: options.endpoint, isReceiving: endpoint.direction === 'receive' });
    },
  };
}

/** Fails with `CONFIG_UNKNOWN_ENDPOINT`, `CONFIG_INVALID`, `CONFIG_EXPRESSION`. */
async function openUpsert(host: EngineHost, found: Found, options: OpenEndpoint, link: OpenedLink): Promise<Upsert | undefined> {
  const { upsert: use } = found.endpoint;
  if (!use) return undefined;
  return inFile(connectorFile(found.instance), `${found.pointer}/upsert`, async () => {
    const other = (name: string, direction: EndpointManifest['direction']): Found => {
      checkEndpoint(found, name);
      const next = find(found, name);
      if (next.endpoint.direction === direction && !next.endpoint.upsert) return next;
      throw new FlowError('CONFIG_INVALID', `"${name}" cannot ${direction === 'receive' ? 'find a record: it is no receiving endpoint' : 'update a record: it must be a sending endpoint that does not look for a record itself'}.`);
    };
    const [finding, updating] = [other(use.find, 'receive'), other(use.update, 'send')];
    const own = (endpoint: string): OpenEndpoint => ({ ...options, endpoint });
    const read = await openReading(host, finding, own(use.find), await openLink(host, finding, own(use.find)));
    const update = await openLink(host, updating, own(use.update));
    return compileUpsert({ use, env: link.env, read, update, updateParams: new Set(Object.keys(updating.endpoint.params ?? {})), scopeOf: link.inputWith(new Set(['payload'])) });
  });
}

/** A receiving endpoint with those that its slices name. `within`: the endpoints whose parent it is. Fails with `CONFIG_CYCLE` where it is one of them. */
async function openReading(host: EngineHost, found: Found, options: OpenEndpoint, link: OpenedLink, within: readonly string[] = []): Promise<ReadOptions> {
  const { instance, endpoint, pointer } = found;
  const { env } = link;
  const file = connectorFile(instance);
  const strategy = await paginationOf(host, found, { ...env, script: options.script ?? noScript });
  const records = await inFile(file, `${pointer}/records`, () => [endpoint.records ?? '$'].flat().map(compilePath));
  const shape = await inFile(file, `${pointer}/expand`, () => compileShape(endpoint.expand));
  const slices = await inFile(file, `${pointer}/slices`, () => compileSlices(endpoint.slices ?? [], env));
  const incremental = endpoint.incremental && (await inFile(file, `${pointer}/incremental`, () => compileIncremental(endpoint.incremental!, env, { endpoint: options.endpoint, file, pointer: `${pointer}/incremental` })));
  const parents = new Map<string, ReadOptions>();
  for (const { parent } of slices) {
    if (!parent || parents.has(parent.endpoint)) continue;
    const chain = [...within, options.endpoint];
    await inFile(file, `${pointer}/slices`, async () => {
      if (chain.includes(parent.endpoint)) throw new FlowError('CONFIG_CYCLE', `The endpoint "${options.endpoint}" has its slices from "${parent.endpoint}", which in turn needs it.`, { details: { endpoints: chain } });
      checkEndpoint(found, parent.endpoint);
      const next = find(found, parent.endpoint);
      if (next.endpoint.direction !== 'receive') throw new FlowError('CONFIG_INVALID', `The endpoint "${parent.endpoint}" gives no records: it cannot be the parent of "${options.endpoint}".`);
      const own = { ...options, endpoint: parent.endpoint };
      parents.set(parent.endpoint, await openReading(host, next, own, await openLink(host, next, own), chain));
    });
  }
  const { cursor } = options;
  const cursorOf = cursor && options.testPages === undefined ? (slice: string): Cursor => cursor({ instance: instance.id, endpoint: options.endpoint, slice }) : undefined;
  return { ...link, ...strategy, records, shape, isExpanded: endpoint.expand !== undefined, slices, parents, incremental, cursorOf, testPages: options.testPages, onPage: options.onPage };
}

interface OpenedInstance {
  readonly env: ExpressionEnv;
  readonly scope: Scope;
  readonly base: URL;
  readonly connection: ConnectionOptions;
}

interface OpenAt {
  /** The auth method of an endpoint with one of its own. */
  readonly method?: AuthOptions['method'];
  readonly script?: OpenEndpoint['script'];
  /** An endpoint, which may have another base URL; default that of the connector. */
  readonly at?: Pick<Found, 'endpoint' | 'pointer'>;
}

/** What the endpoints of an instance at an address have in common. Fails as `openEndpoint` does. */
export async function openInstance(host: EngineHost, found: FoundInstance, open: OpenContext, { method, script = noScript, at }: OpenAt = {}): Promise<OpenedInstance> {
  const { instance, manifest } = found;
  const env: ExpressionEnv = { transform: (type, settings) => open.transform(type, settings), roots: requestRoots };
  const settings = await instanceSettings(host, found, env);
  const scope: Scope = { instance: settings, env: host.workspace.env };
  const { base: usual, bases, allowedOrigins } = await addresses(host, found, env, scope, at?.endpoint.baseUrl);
  const base = at?.endpoint.baseUrl === undefined ? usual : baseOf(found, at, bases);
  // Whatever the address: the token is that of the instance.
  const auth = await openAuth(host, { instance, manifest, origin: usual.origin, env: { ...env, roots: connectionRoots }, scope, context: openingContext(host), method, script });
  return { env, scope, base, connection: { instance: instance.id, connector: instance.connector, origin: base.origin, allowedOrigins, auth } };
}

const asCall = (direction: EndpointCall['direction'], call: (...args: Parameters<EndpointCall>) => AsyncIterable<Payload>): EndpointCall => Object.assign(call, { direction });

/** The events of a listening endpoint, for a trigger. Fails as `openEndpoint` does, and when the connection is lost. */
export async function* listenToEndpoint(host: EngineHost, { instance, endpoint, open }: Pick<OpenEndpoint, 'instance' | 'endpoint' | 'open'>, listening: Listening): AsyncGenerator<TriggerEvent> {
  const known = await findConnector(host, instance);
  checkEndpoint(known, endpoint);
  if (!isProtocol(known.manifest)) throw new FlowError('CONFIG_INVALID', `The connector "${known.instance.connector}" brings no events: a trigger needs one with a protocol that does, such as rabbitmq or mqtt.`, { details: { instance } });
  yield* listenTo(host, protocolUse(host, { ...known, manifest: known.manifest }, { instance, endpoint, open, step: 'trigger' }), listening);
}

function protocolUse(host: EngineHost, { instance, manifest }: { readonly instance: ResolvedInstance; readonly manifest: ProtocolManifest }, options: Pick<OpenEndpoint, 'instance' | 'endpoint' | 'open' | 'step' | 'flowFile'>): ProtocolUse {
  return { instance, manifest, endpoint: options.endpoint, open: options.open, complete: paramsReader(host, schemasOf(instance.connector, manifest), options) };
}

interface FoundConnector<M extends ConnectorFile = ConnectorFile> {
  readonly instance: ResolvedInstance;
  readonly manifest: M;
}

interface FoundInstance {
  readonly instance: ResolvedInstance;
  readonly manifest: ConnectorManifest;
  readonly schemas: Schemas;
}

interface Found extends FoundInstance {
  readonly endpoint: EndpointManifest;
  /** Of the endpoint in the connector's file. */
  readonly pointer: string;
}

/** An instance of a connector that speaks HTTP. Fails with `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_UNKNOWN_CONNECTOR`, `CONFIG_INVALID`. */
export async function findInstance(host: EngineHost, id: string): Promise<FoundInstance> {
  const { instance, manifest } = await findConnector(host, id);
  if (isProtocol(manifest)) throw new FlowError('CONFIG_INVALID', `The instance "${id}" speaks ${manifest.protocol} and not HTTP.`, { place: { file: `instances/${id}.instance.json`, pointer: '/connector' } });
  return { instance, manifest, schemas: schemasOf(instance.connector, manifest) };
}

/** The instance with its connector: a file of the workspace, or a plugin that is used as it is. Fails with `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_UNKNOWN_CONNECTOR`. */
export async function findConnector(host: EngineHost, id: string): Promise<FoundConnector> {
  const instance = host.workspace.instance(id);
  if (!instance) throw new FlowError('CONFIG_UNKNOWN_INSTANCE', `There is no instance "${id}".`, { details: { instance: id } });
  const file = host.workspace.connector(instance.connector);
  const plugin = file ? undefined : await host.registry.find('connector', instance.connector);
  const manifest = file ?? (plugin && manifestOf(plugin as Parameters<typeof manifestOf>[0]));
  if (!manifest) throw new FlowError('CONFIG_UNKNOWN_CONNECTOR', `There is no connector "${instance.connector}", which the instance "${id}" names.`, { place: { file: `instances/${id}.instance.json`, pointer: '/connector' } });
  return { instance, manifest };
}

function checkEndpoint({ instance, manifest }: FoundConnector, name: string): void {
  if (!Object.hasOwn(manifest.endpoints, name)) throw new FlowError('CONFIG_UNKNOWN_ENDPOINT', `The connector "${instance.connector}" has no endpoint "${name}"; there are ${Object.keys(manifest.endpoints).join(', ')}.`, { details: { instance: instance.id, endpoint: name } });
}

function find({ instance, manifest }: FoundConnector<ConnectorManifest>, name: string): Found {
  return { instance, manifest, schemas: schemasOf(instance.connector, manifest), endpoint: manifest.endpoints[name]!, pointer: `/endpoints/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` };
}

interface Schemas {
  /** The manifest as the plugin that it stands for. */
  readonly plugin: Connector;
  readonly settings: Schema;
  readonly params: ReadonlyMap<string, Schema>;
}

// By manifest, so that the validators made of the schemas are used again in the next run.
const schemas = new WeakMap<ConnectorFile, Schemas>();

function schemasOf(type: string, manifest: ConnectorFile): Schemas {
  const known = schemas.get(manifest);
  if (known) return known;
  const settings = closedSchema(manifest.variables ?? {});
  const params = new Map(Object.entries(manifest.endpoints).map(([name, endpoint]) => [name, closedSchema(endpoint.params ?? {})]));
  const connect = (): never => {
    throw new FlowError('INTERNAL', 'A connector of a file is opened by the engine.');
  };
  const plugin: Connector = { kind: 'connector', type, title: manifest.title, summary: manifest.summary ?? manifest.title, settings, credentials: settings, examples: [], endpoints: {}, connect, address: connect };
  const made = { plugin, settings, params };
  schemas.set(manifest, made);
  return made;
}

function closedSchema(fields: Readonly<Record<string, object>>): Schema {
  const properties = Object.entries(fields).map(([name, field]) => ({ name, schema: schemaOf(field), isRequired: (field as { readonly required?: unknown }).required === true }));
  return {
    type: 'object', additionalProperties: false,
    properties: Object.fromEntries(properties.map(({ name, schema }) => [name, schema])),
    required: properties.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  } as Schema;
}

const openingContext = (host: EngineHost): ValueContext => ({ now: host.clock.now(), random: () => 0.5 });

async function instanceSettings(host: EngineHost, { instance, manifest, schemas: { plugin, settings } }: FoundInstance, env: ExpressionEnv): Promise<unknown> {
  return inFile(`instances/${instance.id}.instance.json`, '/settings', async () => {
    const compiled = await compileValue(instance.settings, { ...env, roots: ['env'] });
    const given = await compiled.evaluate({ env: host.workspace.env }, openingContext(host));
    return host.registry.complete(plugin, await settingsWithSecrets(host, given, manifest.variables), settings);
  });
}

/** The address of an endpoint that names one. Where the environment leads the instance elsewhere, as to a mock, none of the real ones is asked. */
function baseOf({ instance, manifest }: FoundInstance, { endpoint: { baseUrl: name = '' }, pointer }: NonNullable<OpenAt['at']>, bases: ReadonlyMap<string, URL>): URL {
  const base = bases.get(name);
  if (base) return base;
  if (!Object.hasOwn(manifest.baseUrls ?? {}, name)) throw new FlowError('CONFIG_INVALID', `The connector "${instance.connector}" has no base URL "${name}"; there are ${Object.keys(manifest.baseUrls ?? {}).join(', ') || 'none'}.`, { place: { file: connectorFile(instance), pointer: `${pointer}/baseUrl` } });
  throw new FlowError('CONFIG_INVALID', `The environment leads the instance "${instance.id}" to ${instance.baseUrl}, but does not say where its base URL "${name}" leads.`, { details: { instance: instance.id, baseUrl: name }, remedy: `Add "baseUrls": {"${name}": …} beside "baseUrl" of the instance in the environment.` });
}

/** `wanted`: name of the further base URL that must be right; of the others only origins count. */
async function addresses(host: EngineHost, { instance, manifest }: FoundInstance, env: ExpressionEnv, scope: Scope, wanted: string | undefined): Promise<{ readonly base: URL; readonly bases: ReadonlyMap<string, URL>; readonly allowedOrigins: ReadonlySet<string> }> {
  const read = (text: string, pointer: string): Promise<URL> => inFile(connectorFile(instance), pointer, async () => {
    const compiled = await compileTemplate(text, { ...env, roots: connectionRoots });
    const value = await compiled.evaluate(scope, openingContext(host));
    if (typeof value !== 'string' || !URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
      throw new FlowError('CONFIG_INVALID', `The address of the instance "${instance.id}" is ${JSON.stringify(value)}, which is not an absolute http or https address.`);
    }
    const url = new URL(value);
    if (url.username || url.password) throw new FlowError('CONFIG_SECRET_LITERAL', `The address of the instance "${instance.id}" holds a user name or password. Use an auth method.`);
    return url;
  });
  const allowed = await Promise.all((manifest.allowedOrigins ?? []).map((text, index) => read(text, `/allowedOrigins/${index}`)));
  const bases = new Map<string, URL>();
  for (const [name, declared] of Object.entries(manifest.baseUrls ?? {})) {
    const text = instance.baseUrls?.[name] ?? (instance.baseUrl === undefined ? declared : undefined);
    if (text === undefined) continue;
    try {
      bases.set(name, await read(text, pointerOf(['baseUrls', name])));
    } catch (error) {
      // One that an instance has no setting for keeps no other endpoint from working.
      if (name === wanted) throw error;
    }
  }
  const base = await read(instance.baseUrl ?? manifest.baseUrl, '/baseUrl');
  return { base, bases, allowedOrigins: new Set([...allowed, base, ...bases.values()].map(({ origin }) => origin)) };
}

/** Completes what a step gives for the params of an endpoint. */
function paramsReader(host: EngineHost, { plugin, params: all }: Schemas, { endpoint, step, flowFile }: Pick<OpenEndpoint, 'endpoint' | 'step' | 'flowFile'>, owner = plugin.type): (given: unknown) => unknown {
  const schema = all.get(endpoint)!;
  // Params without an expression are the same object for every payload.
  let last: { readonly given: unknown; readonly params: unknown } | undefined;
  return (given) => {
    if (last && last.given === given) return last.params;
    try {
      const params = host.registry.complete(plugin, given ?? {}, schema);
      last = { given, params };
      return params;
    } catch (error) {
      if (!FlowError.is(error)) throw error;
      const pointer = `${stepPointer(step, 'settings', 'params')}${error.place?.pointer ?? ''}`;
      throw new FlowError(error.code, `The params of the endpoint "${endpoint}"${flowFile === undefined ? '' : ` in step "${step}"`} do not fit: ${error.message}`, {
        cause: error, details: { ...error.details, step, pointer: error.place?.pointer }, ...(flowFile !== undefined && { place: { file: flowFile, pointer } }),
        remedy: `${flowFile === undefined ? 'Give other params' : `Correct ${pointer} in ${flowFile}`}, or correct the schema of the param in connectors/${owner}.connector.json.`,
      });
    }
  };
}

function inputReader(host: EngineHost, { schemas: known }: Found, options: OpenEndpoint, fixed: Scope, roots: ReadonlySet<string>): EndpointLink['inputOf'] {
  const { run } = options;
  const complete = paramsReader(host, known, options);
  return async (payload, params, context) => ({
    payload, context,
    scope: {
      ...fixed, params: complete(params), page: {}, meta: payload.meta, run: { id: run }, now: new Date(context.now).toISOString(),
      ...(roots.has('payload') && { payload: isJson(payload.mediaType) ? await payload.json() : await payload.text() }),
    },
  });
}

async function paginationOf(host: EngineHost, { instance, manifest, endpoint, pointer }: Found, env: PaginationEnv): Promise<OpenPagination> {
  const use = endpoint.pagination ?? manifest.defaults?.pagination ?? { type: 'single-page' };
  const place = endpoint.pagination ? `${pointer}/pagination` : '/defaults/pagination';
  return inFile(connectorFile(instance), place, () => openPagination(host, use, env));
}

async function noScript(file: string): Promise<never> {
  throw new FlowError('CONFIG_UNKNOWN_SCRIPT', `The script ${JSON.stringify(file)} cannot be run outside a run.`);
}

/** Fails with `CONFIG_UNKNOWN_PLUGIN`, `CONFIG_INVALID`. */
export const converterOf = (host: EngineHost): ConverterOf => async (type, settings = {}) => {
  const converter = await host.registry.converter(type);
  if (!converter) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no converter for ${JSON.stringify(type)}.`, { details: { kind: 'converter', type } });
  return converter.open(host.registry.complete(converter, settings) as never);
};
