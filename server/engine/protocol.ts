import { FlowError, type CallContext, type Connection, type Endpoint, type EndpointCall, type OpenContext, type Payload, type PayloadContext, type TriggerContext, type TriggerEvent, type ValueContext } from '../../plugins/sdk/index.ts';
import { compileBound, type BoundTemplate } from '../model/bound-template.ts';
import type { Scope } from '../model/expression.ts';
import { requestRoots } from '../model/expression-roots.ts';
import { pointerOf } from '../model/json.ts';
import { fieldsOf, isBound, type ProtocolEndpoint, type ProtocolManifest } from '../model/protocol.ts';
import { connectorFile, inFile, instanceFile } from './credentials.ts';
import type { Cursor, CursorPlace, EngineHost, ResolvedInstance } from './host.ts';
import { isRange } from './incremental.ts';
import { compileOptional } from './optional-template.ts';
import { isJson } from './payload.ts';
import { placed } from './place.ts';
import { withExchanges } from './protocol-context.ts';
import { exchange } from './protocol-exchange.ts';
import { openInstance, type Opened } from './protocol-instance.ts';
import { passingOf } from './protocol-passing.ts';
import { openProtocolReading, readIncrementally } from './protocol-reading.ts';
import { sessionOf } from './protocol-session.ts';
import { completed, errorKind } from './run-error.ts';

export interface ProtocolUse {
  readonly instance: ResolvedInstance;
  readonly manifest: ProtocolManifest;
  /** Name of the endpoint in the manifest, which has it. */
  readonly endpoint: string;
  readonly open: OpenContext;
  /** Completes what is given for the params of the endpoint. */
  complete(given: unknown): unknown;
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
function inFiles(thrown: unknown, { instance, manifest }: Pick<ProtocolUse, 'instance' | 'manifest'>, endpoint?: string): unknown {
  const error = completed(thrown);
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
  let connection: Connection<unknown>;
  try {
    connection = await opened.plugin.connect(opened.settings as never, opened.credentials as never, { signal, log, folder: host.workspace.folder });
  } catch (error) {
    throw inFiles(error, use);
  }
  try {
    yield* opened.code.listen(given, { client: connection.client as never, signal, log, clock, memory });
  } catch (error) {
    throw inFiles(error, use, pointerOf(['endpoints', use.endpoint, 'with']));
  } finally {
    await connection.close();
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

async function scopeOf(use: ProtocolUse, { scope, roots }: OpenedEndpoint, payload: Payload, params: unknown, context: PayloadContext, run: string): Promise<Scope> {
  return {
    ...scope, params: use.complete(params), page: {}, meta: payload.meta, run: { id: run }, now: new Date(context.now).toISOString(),
    ...(roots.has('payload') && { payload: isJson(payload.mediaType) ? await payload.json() : await payload.text() }),
  };
}
