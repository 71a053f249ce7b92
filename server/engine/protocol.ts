import { FlowError, unasked, type CallContext, type Connection, type Connector, type Endpoint, type EndpointCall, type ExchangeAnswer, type ExchangeRequest, type Log, type OpenContext, type Payload, type PayloadContext, type TriggerContext, type TriggerEvent, type ValueContext } from '../../plugins/sdk/index.ts';
import { compileBound, type BoundTemplate } from '../model/bound-template.ts';
import { compileValue, type ExpressionEnv, type Scope } from '../model/expression.ts';
import { connectionRoots, requestRoots } from '../model/expression-roots.ts';
import { pointerOf } from '../model/json.ts';
import type { EndpointRetry } from '../model/connector-rules.ts';
import { fieldsOf, isBound, type ProtocolEndpoint, type ProtocolManifest } from '../model/protocol.ts';
import { connectorFile, inFile, instanceFile, readCredentials, settingsWithSecrets } from './credentials.ts';
import type { Cursor, CursorPlace, EngineHost, RawResponse, ResolvedInstance } from './host.ts';
import { mediaTypeOf, type ScopedHttp } from './http.ts';
import { isRange } from './incremental.ts';
import { compileOptional } from './optional-template.ts';
import { childId, isJson } from './payload.ts';
import { placed } from './place.ts';
import { passingOf } from './protocol-passing.ts';
import { openProtocolReading, readIncrementally } from './protocol-reading.ts';
import { askRepeatedly } from './protocol-retry.ts';
import { planRetry } from './retry.ts';
import { errorKind } from './run-error.ts';
import { withExchanges } from './protocol-context.ts';
import type { Lease } from './sessions.ts';

export interface ProtocolUse {
  readonly instance: ResolvedInstance;
  readonly manifest: ProtocolManifest;
  /** Name of the endpoint in the manifest, which has it. */
  readonly endpoint: string;
  readonly open: OpenContext;
  /** Completes what is given for the params of the endpoint. */
  complete(given: unknown): unknown;
}

/** An instance of a protocol, with its secrets read. */
interface Opened {
  readonly plugin: Connector;
  readonly settings: unknown;
  readonly credentials: unknown;
  readonly address: string;
  /** Others with the same key may use the same connections. */
  readonly key: string;
  readonly env: ExpressionEnv;
  readonly scope: Scope;
}

interface OpenedEndpoint extends Opened {
  readonly code: Endpoint;
  /** Roots that the templates of the params need. */
  readonly roots: ReadonlySet<string>;
  params(scope: Scope, context: ValueContext): Promise<never>;
  readonly bound: ReadonlyMap<string, BoundTemplate>;
}

/** What the call of an endpoint belongs to. */
export interface ProtocolPlace {
  readonly run: string;
  readonly step: string;
  /** What is remembered of incremental reading. Where it is not given, everything is read. */
  readonly cursor?: ((place: CursorPlace) => Cursor) | undefined;
}

/** Fails as `openEndpoint` does. */
export async function openProtocolEndpoint(host: EngineHost, use: ProtocolUse, { run, step, cursor }: ProtocolPlace): Promise<EndpointCall> {
  const endpoint = use.manifest.endpoints[use.endpoint]!;
  if (endpoint.direction === 'listen') throw new FlowError('CONFIG_INVALID', `The endpoint "${use.endpoint}" of "${use.instance.connector}" brings events: it starts runs by the trigger "event", and no step can call it.`, { details: { endpoint: use.endpoint } });
  const opened = await openOne(host, use, endpoint);
  const { code } = opened;
  const reading = await openProtocolReading(use, endpoint, opened.env, { step, cursor: cursor?.({ instance: use.instance.id, endpoint: use.endpoint, slice: '' }), ...(code.recordOf && { recordOf: code.recordOf }) });
  const call: (...args: Parameters<EndpointCall>) => AsyncGenerator<Payload> = async function* (payload, params, context, { passesInput = false, range } = {}) {
    if (!reading && isRange(range)) throw new FlowError('CONFIG_INVALID', `The endpoint "${use.endpoint}" is not read incrementally, so there are no ranges of it. Remove "range", or give the endpoint "incremental".`, { details: { endpoint: use.endpoint } });
    const scope = await scopeOf(use, opened, payload, params, context, run);
    const session = sessionOf(host, opened, use.instance.id, context.log);
    const passing = passingOf(payload, context, passesInput);
    const ask = async function* (own: Scope, place: Pick<CallContext<never>, 'resumed' | 'checkpoint'>): AsyncGenerator<Payload> {
      const given = await opened.params(own, context);
      checkTaking(host, use, code, given, reading !== undefined);
      const callContext = withExchanges(context, {
        ...passing.own, ...place,
        exchange: (request, perform) => exchange(host, { ...opened, connector: use.instance.connector, retry: endpoint.retry, defaults: use.manifest.defaults?.retry, isIdempotent: endpoint.idempotent === true }, session, context, request, perform),
        async bind(param, record) {
          const template = opened.bound.get(param);
          if (!template) throw new FlowError('PLUGIN_FAILED', `The param "${param}" of "${opened.plugin.type}" is not bound.`);
          return { ...(await template.bind({ ...own, record }, context)), names: template.names.map((names) => shownName(host, names)) };
        },
      });
      yield* code.call!(payload, given, callContext as CallContext<never>);
    };
    let isSound = false;
    try {
      for await (const output of reading ? readIncrementally(reading, { payload, context, scope, range, place: passing.own }, ask) : ask(scope, passing.own)) {
        if (passesInput) continue;
        // The steps behind may need a connection before they take more.
        session.rest();
        yield output;
        session.go();
      }
      isSound = true;
    } catch (error) {
      const through = await passing.cutOff();
      if (through) yield through;
      throw inFiles(error, use, pointerOf(['endpoints', use.endpoint, 'with', ...(opened.bound.size === 1 ? opened.bound.keys() : [])]));
    } finally {
      session.end(isSound);
    }
    const through = passesInput ? await passing.end() : undefined;
    if (through) yield through;
  };
  return Object.assign(call, { direction: endpoint.direction });
}

/** What only the files can mend gets its place in them: the setting that the plugin names, all of them where it did not come to a question, else the endpoint. Of a plugin that the instance names itself there is no file; its params stand in the step. */
function inFiles(error: unknown, { instance, manifest }: Pick<ProtocolUse, 'instance' | 'manifest'>, endpoint?: string): unknown {
  if (!FlowError.is(error) || errorKind(error.code) !== 'config' || error.place?.file !== undefined) return error;
  const [, part, name = ''] = error.place?.pointer?.split('/') ?? [];
  if (part !== undefined) return placed(error, part === 'settings' && Object.hasOwn(manifest.settings ?? {}, name) ? connectorFile(instance) : instanceFile(instance), '');
  if (endpoint === undefined || error.details['isUnasked'] === true) return placed(error, instanceFile(instance), '/settings');
  return instance.connector === manifest.protocol ? error : placed(error, connectorFile(instance), endpoint);
}

/** The one of the names of a value by which it is masked, where one of them is. */
const shownName = ({ bodies }: EngineHost, names: readonly [string, ...string[]]): string => names.find((name) => bodies.mask({ [name]: 1 })[name] !== 1) ?? names[0];

/** What is taken away must lie somewhere else first. */
function checkTaking({ bodies }: EngineHost, { endpoint, instance }: ProtocolUse, { takesAway }: Endpoint, params: Readonly<Record<string, unknown>>, isIncremental: boolean): void {
  if (!takesAway || params[takesAway.param] === undefined || params[takesAway.param] === takesAway.unless) return;
  const { param, unless } = takesAway;
  if (isIncremental) throw new FlowError('CONFIG_INVALID', `"${endpoint}" of "${instance.id}" reads only what is new, and takes away what it has read (${JSON.stringify(param)} is ${JSON.stringify(params[param])}): what it has read before would be taken away unread. Nothing was read.`, { details: { endpoint, param }, remedy: `Set ${JSON.stringify(param)} to ${JSON.stringify(unless)}; or remove "incremental", as what is taken away does not come again.` });
  if (bodies.keepsPayloads !== false) return;
  throw new FlowError('CONFIG_INVALID', `"${endpoint}" of "${instance.id}" takes away what it has read (${JSON.stringify(param)} is ${JSON.stringify(params[param])}), but here payloads are not kept: after a crash they would be lost. Nothing was read.`, {
    details: { endpoint, param }, remedy: `Set "recording" of the flow to "full"; or set ${JSON.stringify(param)} to ${JSON.stringify(unless)}, and take away what got through in a step at the end.`,
  });
}

export interface Listening extends Pick<TriggerContext, 'signal' | 'log' | 'clock' | 'memory'> {
  readonly params: unknown;
}

/** The events of a listening endpoint. Fails as `openEndpoint` does, and when the connection is lost. */
export async function* listenTo(host: EngineHost, use: ProtocolUse, { params, signal, log, clock, memory }: Listening): AsyncGenerator<TriggerEvent> {
  const endpoint = use.manifest.endpoints[use.endpoint]!;
  const opened = await openOne(host, use, endpoint);
  if (!opened.code.listen) throw new FlowError('CONFIG_INVALID', `The endpoint "${use.endpoint}" of "${use.instance.connector}" brings no events: a trigger needs one whose direction is "listen".`, { details: { endpoint: use.endpoint } });
  const given = await opened.params({ ...opened.scope, params: use.complete(params), meta: {}, run: {}, now: new Date(clock.now()).toISOString() }, { now: clock.now(), random: Math.random });
  let connection: Connection<unknown> | undefined;
  try {
    connection = await opened.plugin.connect(opened.settings as never, opened.credentials as never, { signal, log, folder: host.workspace.folder });
    yield* opened.code.listen(given, { client: connection.client as never, signal, log, clock, memory });
  } catch (error) {
    throw inFiles(error, use, pointerOf(['endpoints', use.endpoint, 'with']));
  } finally {
    await connection?.close();
  }
}

/** A call that connects, asks what the protocol has for a check, and gives an empty list. Fails as `openEndpoint` does. */
export async function openProtocolCheck(host: EngineHost, use: Omit<ProtocolUse, 'endpoint' | 'complete'>): Promise<EndpointCall> {
  const opened = await openInstance(host, use);
  const call: (...args: Parameters<EndpointCall>) => AsyncGenerator<Payload> = async function* (payload, _params, context) {
    const session = sessionOf(host, opened, use.instance.id, context.log);
    let isSound = false;
    try {
      await exchange(host, { ...opened, connector: use.instance.connector, retry: { attempts: 0 } }, session, context, { method: 'CHECK' }, async (client, signal) => {
        await opened.plugin.check?.(client, signal);
        return {};
      });
      isSound = true;
    } catch (error) {
      throw inFiles(error, use);
    } finally {
      session.end(isSound);
    }
    yield payload.with({ body: [], mediaType: 'application/json' });
  };
  return Object.assign(call, { direction: 'receive' as const });
}

async function openOne(host: EngineHost, use: ProtocolUse, endpoint: ProtocolEndpoint): Promise<OpenedEndpoint> {
  const opened = await openInstance(host, use);
  const { plugin, env } = opened;
  const file = connectorFile(use.instance);
  const keys = ['endpoints', use.endpoint];
  const code = Object.hasOwn(plugin.endpoints, endpoint.call) ? plugin.endpoints[endpoint.call] : undefined;
  if (!code) throw new FlowError('CONFIG_UNKNOWN_ENDPOINT', `The protocol "${plugin.type}" has no endpoint "${endpoint.call}"; there are ${Object.keys(plugin.endpoints).join(', ')}.`, { place: { file, pointer: pointerOf([...keys, 'call']) } });
  const fields = fieldsOf(code.params as object);
  const given = endpoint.with ?? {};
  const texts = Object.entries(given).filter((entry): entry is [string, string] => Object.hasOwn(fields, entry[0]) && isBound(fields[entry[0]]!) && typeof entry[1] === 'string');
  const roots = [...requestRoots, 'record'];
  const bound = new Map(await Promise.all(texts.map(async ([name, text]) => [name, await inFile(file, pointerOf([...keys, 'with', name]), () => compileBound(text, { ...env, roots }))] as const)));
  const others = await inFile(file, pointerOf([...keys, 'with']), () => compileOptional(Object.fromEntries(Object.entries(given).filter(([name]) => !bound.has(name))), { ...env, roots: requestRoots }));
  const all = new Set([others, ...bound.values()].flatMap((template) => [...template.roots]));
  return {
    ...opened, code, bound, roots: all,
    params: async (scope, context) => inFile(file, pointerOf([...keys, 'with']), async () => host.registry.complete(plugin, { ...((await others.evaluate(scope, context)) as object), ...Object.fromEntries(texts) }, code.params) as never),
  };
}

async function openInstance(host: EngineHost, { instance, manifest, open }: Pick<ProtocolUse, 'instance' | 'manifest' | 'open'>): Promise<Opened> {
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

async function scopeOf(use: ProtocolUse, { scope, roots }: OpenedEndpoint, payload: Payload, params: unknown, context: PayloadContext, run: string): Promise<Scope> {
  return {
    ...scope, params: use.complete(params), page: {}, meta: payload.meta, run: { id: run }, now: new Date(context.now).toISOString(),
    ...(roots.has('payload') && { payload: isJson(payload.mediaType) ? await payload.json() : await payload.text() }),
  };
}

interface Session {
  /** `timeoutMs`: of the question that needs it. Waiting for a connection, and making it, are no part of that. */
  client(timeoutMs: number, signal: AbortSignal, onTurn: () => void): Promise<never>;
  /** Something failed on it: another is taken where one is needed. */
  renew(): void;
  rest(): void;
  go(): void;
  end(isSound: boolean): void;
}

/** Milliseconds that a turn, and then a connection, is waited for, where the question itself may not take longer. */
const patienceMs = 60_000;

/** The connection of one call, taken when it is first needed: on a replay never. */
function sessionOf(host: EngineHost, { plugin, settings, credentials, key, address }: Opened, instance: string, log: Log): Session {
  let lease: Promise<Lease<unknown>> | undefined;
  let held: Lease<unknown> | undefined;
  const isShared = plugin.isShared === true;
  const most = plugin.mostConnections ?? 4;
  const take = async (timeoutMs: number, signal: AbortSignal, onTurn: () => void): Promise<Lease<unknown>> => {
    const ms = Math.max(patienceMs, timeoutMs);
    const late = (): FlowError => new FlowError('REMOTE_TIMEOUT', `All ${most} connections of "${instance}" to ${address} were in use for ${ms} ms.`, { details: { instance, most, waitedMs: ms }, remedy: 'Let fewer steps and flows that use it run at the same time, or give them less to do at once.' });
    // Others may wait for a shared one, and go on when this call is stopped.
    const stop = isShared ? new AbortController().signal : signal;
    return host.sessions.lease(key, { isShared, most, patience: { ms, late }, onTurn, open: () => connected(host, `Connecting to ${address}`, ms, stop, (own) => plugin.connect(settings as never, credentials as never, { signal: own, log, folder: host.workspace.folder })) }, signal);
  };
  return {
    async client(timeoutMs, signal, onTurn) {
      lease ??= take(timeoutMs, signal, onTurn).catch((error: unknown) => {
        lease = undefined;
        throw unasked(error);
      });
      held = await lease;
      return held.client as never;
    },
    renew() {
      // One that others use as well is looked at when it is taken again.
      held?.end(isShared);
      [lease, held] = [undefined, undefined];
    },
    rest: () => held?.rest(),
    go: () => held?.go(),
    end: (isSound) => void lease?.then(({ end }) => end(isSound), () => undefined),
  };
}

/** One that comes too late is closed. */
async function connected(host: EngineHost, what: string, timeoutMs: number, signal: AbortSignal, connect: (signal: AbortSignal) => Promise<Connection<unknown>>): Promise<Connection<unknown>> {
  let isOver = false;
  try {
    return await within(host, timeoutMs, signal, what, timeoutMs, async (own) => {
      const connection = await connect(own);
      if (isOver) await connection.close();
      return connection;
    });
  } catch (error) {
    isOver = true;
    throw error;
  }
}

interface Asked extends Opened {
  readonly connector: string;
  readonly retry?: EndpointRetry | undefined;
  readonly defaults?: EndpointRetry | undefined;
  readonly isIdempotent?: boolean;
}

async function exchange(host: EngineHost, { address, connector, retry, defaults, isIdempotent = false }: Asked, session: Session, context: PayloadContext, request: ExchangeRequest, perform: (client: never, signal: AbortSignal) => Promise<ExchangeAnswer>): Promise<ExchangeAnswer> {
  const { method, target = '', changes = false, isRepeatable = isIdempotent, timeoutMs = 30_000, graceMs = 0 } = request;
  const sent = request.body === undefined ? undefined : bytesOf(request.body, request.mediaType);
  const via = async (signal: AbortSignal, onTurn: () => void): Promise<RawResponse> => {
    const client = await session.client(timeoutMs, signal, onTurn);
    const answer = await within(host, timeoutMs + graceMs, signal, `${method} ${address}${target}`, timeoutMs, async (own) => perform(client, own), request.timeoutMs === undefined ? undefined : 'Raise `timeoutMs` of the endpoint, or ask for less at once.');
    const { bytes, mediaType } = answer.body === undefined ? { bytes: new Uint8Array(), mediaType: '' } : bytesOf(answer.body, answer.mediaType);
    const body = typeof bytes === 'string' ? encoder.encode(bytes) : bytes;
    const { responseBytes } = host.workspace.limits;
    if (body.length > responseBytes) throw new FlowError('REMOTE_TOO_LARGE', `The answer of ${address} is longer than ${responseBytes} bytes.`, { details: { address } });
    return { status: 200, headers: { ...answer.fields, ...(mediaType && { 'content-type': mediaType }) }, body };
  };
  const http = context.http as ScopedHttp;
  const plan = planRetry({ method, idempotent: true }, retry, defaults);
  const response = await askRepeatedly(host, { plan, isRepeatable, signal: context.signal, random: () => context.random(), renew: session.renew }, (attempt) =>
    http.send({ method, url: `${address}${target}`, headers: sent ? { 'content-type': sent.mediaType } : {}, ...(sent && { body: sent.bytes }), timeoutMs }, { connector, via, changes, ...(changes && !isRepeatable && { isUnrepeatable: true }), ...(attempt > 1 && { attempt }) }));
  const { 'content-type': _type, ...fields } = response.headers;
  const mediaType = mediaTypeOf(response.headers);
  return { ...(mediaType && { body: response.body, mediaType }), fields };
}

const encoder = new TextEncoder();

function bytesOf(body: unknown, mediaType?: string): { readonly bytes: string | Uint8Array; readonly mediaType: string } {
  if (body instanceof Uint8Array) return { bytes: body, mediaType: mediaType ?? 'application/octet-stream' };
  if (typeof body === 'string' && !(mediaType && isJson(mediaType))) return { bytes: body, mediaType: mediaType ?? 'text/plain; charset=utf-8' };
  return { bytes: JSON.stringify(body), mediaType: mediaType ?? 'application/json' };
}

/** `saidMs`: the time limit as whoever set it knows it. */
async function within<T>(host: EngineHost, timeoutMs: number, signal: AbortSignal, what: string, saidMs: number, work: (signal: AbortSignal) => Promise<T>, remedy?: string): Promise<T> {
  const end = new AbortController();
  const over = new AbortController();
  const leave = (): void => end.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', leave, { once: true });
  const alarm = host.clock.alarm ?? host.clock.sleep;
  alarm(timeoutMs, over.signal).then(() => end.abort(new FlowError('REMOTE_TIMEOUT', `${what} took longer than ${saidMs} ms.`, { details: { timeoutMs: saidMs }, ...(remedy !== undefined && { remedy }) })), () => undefined);
  const ended = new Promise<never>((_resolve, reject) => end.signal.addEventListener('abort', () => reject(end.signal.reason as Error), { once: true }));
  try {
    return await Promise.race([work(end.signal), ended]);
  } finally {
    over.abort();
    signal.removeEventListener('abort', leave);
    ended.catch(() => undefined);
  }
}
