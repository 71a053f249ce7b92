import apiKey from '../../plugins/auth/api-key.ts';
import basic from '../../plugins/auth/basic.ts';
import bearer from '../../plugins/auth/bearer.ts';
import oauth2 from '../../plugins/auth/oauth2-client-credentials.ts';
import asyncJob from '../../plugins/pagination/async-job.ts';
import csv from '../../plugins/converters/csv.ts';
import jsonDocument from '../../plugins/converters/json.ts';
import ndjson from '../../plugins/converters/ndjson.ts';
import xml from '../../plugins/converters/xml.ts';
import cursor from '../../plugins/pagination/cursor.ts';
import dateWindow from '../../plugins/pagination/date-window.ts';
import expression from '../../plugins/pagination/expression.ts';
import graphqlCursor from '../../plugins/pagination/graphql-cursor.ts';
import headerCursor from '../../plugins/pagination/header-cursor.ts';
import headerLink from '../../plugins/pagination/header-link.ts';
import headerUrl from '../../plugins/pagination/header-url.ts';
import jsonLink from '../../plugins/pagination/json-link.ts';
import keyset from '../../plugins/pagination/keyset.ts';
import linkAsQuery from '../../plugins/pagination/link-as-query.ts';
import offset from '../../plugins/pagination/offset.ts';
import pageNumber from '../../plugins/pagination/page-number.ts';
import relativeUri from '../../plugins/pagination/relative-uri.ts';
import script from '../../plugins/pagination/script.ts';
import scroll from '../../plugins/pagination/scroll.ts';
import singlePage from '../../plugins/pagination/single-page.ts';
import soapSearch from '../../plugins/pagination/soap-search.ts';
import xmlPage from '../../plugins/pagination/xml-page.ts';
import { FlowError, type CheckpointOptions, type HttpRequest, type Payload, type PayloadContext, type Plugin, type Script } from '../../plugins/sdk/index.ts';
import { createConnections } from '../../server/engine/connections.ts';
import type { EngineHost, RawResponse, ResolvedInstance, Transport } from '../../server/engine/host.ts';
import { scopedHttp } from '../../server/engine/http.ts';
import { openEndpoint, type OpenEndpoint } from '../../server/engine/manifest.ts';
import { openContext } from '../../server/engine/open-context.ts';
import { bodyOf, createPayload } from '../../server/engine/payload.ts';
import { seededRandom } from '../../server/engine/random.ts';
import { asFlowError } from '../../server/engine/run-error.ts';
import type { ConnectorManifest, EndpointManifest } from '../../server/model/connector.ts';
import type { ProtocolManifest } from '../../server/model/protocol.ts';
import type { RunEvent } from '../../server/model/run-event.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { createMasker, secretValues } from '../../server/stores/redact.ts';
import { registryOf, testHost, virtualClock } from './engine-host.ts';

export interface ConnectorHost extends EngineHost {
  /** Milliseconds of each sleep, in the order in which they began. */
  readonly sleeps: readonly number[];
  /** Texts of the bodies that were recorded. */
  readonly recorded: readonly string[];
  /** Bodies that were kept, by name. */
  readonly kept: ReadonlyMap<string, unknown>;
}

export interface ConnectorHostOptions {
  /** One endpoint, `it`: GET /it where it does not say otherwise. */
  readonly endpoint?: Partial<EndpointManifest>;
  readonly connector?: Partial<ConnectorManifest>;
  /** In place of a connector that speaks HTTP. */
  readonly protocol?: ProtocolManifest;
  readonly instance?: Partial<ResolvedInstance>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, unknown>>;
  /** Beside the built-in plugins of connectors. */
  readonly plugins?: readonly Plugin[];
  readonly transport?: Transport;
  /** Default one that jumps: not beside a network that takes its time. */
  readonly clock?: EngineHost['clock'];
  send?(request: HttpRequest, signal: AbortSignal): RawResponse | Promise<RawResponse>;
}

/** A host with one instance, `shop`, the built-in plugins of connectors, real tokens and limits, real masking, and a clock that jumps. */
export function connectorHost(options: ConnectorHostOptions): ConnectorHost {
  const { endpoint, connector, protocol, instance, secrets = {}, env = {}, plugins = [], send = () => json(null) } = options;
  const base = testHost({ env });
  const sleeps: number[] = [];
  const recorded: string[] = [];
  const time = options.clock ?? virtualClock();
  const clock: EngineHost['clock'] = { now: () => time.now(), sleep: (ms, signal) => (sleeps.push(ms), time.sleep(ms, signal)) };
  const masker = createMasker(secretValues(), []);
  const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: 'https://shop.test/api', endpoints: { it: { title: 'It', direction: 'receive', method: 'GET', path: '/it', ...endpoint } }, ...connector };
  const resolved: ResolvedInstance = { id: 'shop', connector: 'shop', settings: {}, credentials: {}, ...instance };
  return {
    ...base, clock, sleeps, recorded,
    registry: { ...registryOf([...(builtIns as unknown as readonly Plugin[]), ...plugins]), complete: completeSettings },
    workspace: {
      ...base.workspace,
      instance: (id) => (id === 'shop' ? resolved : undefined),
      connector: (id) => (id === 'shop' ? (protocol ?? manifest) : undefined),
      async secret(name) {
        const value = secrets[name];
        if (value === undefined) throw new FlowError('SECRET_MISSING', `There is no secret ${name}.`);
        masker.secrets.add(value);
        return value;
      },
    },
    transport: options.transport ?? { send: async (request, { signal, via }) => (signal.throwIfAborted(), via ? via(signal) : send(request, signal)) },
    bodies: {
      ...base.bodies,
      keepRaw: (body, mediaType) => ({ hash: `body-${recorded.push(typeof body === 'string' ? masker.text(body, mediaType) : new TextDecoder().decode(masker.bytes(body, mediaType)))}`, size: body.length }),
      mask: (value) => masker.value(value),
      conceal: (secret, owner) => masker.secrets.add(secret, owner),
      holdsSecret: (text) => masker.secrets.test(text),
    },
    connections: createConnections(clock),
  };
}

const builtIns = [apiKey, basic, bearer, oauth2, cursor, headerLink, jsonLink, offset, pageNumber, singlePage,
  dateWindow, expression, graphqlCursor, headerCursor, headerUrl, keyset, linkAsQuery, relativeUri, script, scroll, asyncJob, soapSearch, xmlPage, csv, jsonDocument, ndjson, xml,
];

export interface Call {
  readonly endpoint?: string;
  readonly params?: unknown;
  readonly payload?: Payload;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Of the payload at the step. */
  readonly attempt?: number;
  readonly seed?: number;
  /** See `PayloadContext`. */
  readonly resumed?: unknown;
  /** See `EndpointCall`. */
  readonly passesInput?: boolean;
  readonly mergeAt?: string;
  readonly range?: { readonly from?: unknown; readonly to?: unknown };
  /** See `OpenEndpoint`. */
  readonly cursor?: OpenEndpoint['cursor'];
  /** See `OpenEndpoint`. */
  readonly testPages?: number;
  readonly script?: (file: string) => Promise<Script>;
  /** Takes no more than so many payloads. */
  readonly most?: number;
}

export interface Called {
  /** Bodies of what the endpoint gave. */
  readonly bodies: readonly unknown[];
  readonly payloads: readonly Payload[];
  readonly failed: readonly { readonly id: string; readonly body: unknown; readonly code: string; readonly message: string }[];
  readonly events: readonly RunEvent[];
  /** Messages of the log. */
  readonly logs: readonly string[];
  readonly error: FlowError | undefined;
  /** The last state from which it could go on. */
  readonly checkpoint: unknown;
  /** Body of what fails in the place of the payload; `undefined` where that is the payload itself. */
  readonly rest: unknown;
}

/** Calls the endpoint as a step would, and takes all that it gives. */
export async function call(host: ConnectorHost, { endpoint = 'it', params = {}, body = null, payload = createPayload({ id: 'p', body }), signal = new AbortController().signal, attempt = 1, seed = 7, resumed, passesInput = false, mergeAt, testPages, script, most = Infinity, range, cursor }: Call = {}): Promise<Called> {
  const events: RunEvent[] = [];
  const payloads: Payload[] = [];
  const failed: Called['failed'][number][] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const random = seededRandom(seed);
  const logs: string[] = [];
  const write = (message: string): void => void logs.push(message);
  const log = { debug: write, info: write, warn: write, error: write };
  const context = {
    attempt, signal, log, random, resumed, checkpoint: (state: unknown, options: CheckpointOptions = {}) => {
      checkpoint = JSON.parse(JSON.stringify(state));
      restOf = options.rest;
    }, now: host.clock.now(), settings: {}, clock: host.clock,
    http: scopedHttp(host, { step: 's', payload: payload.id, attempt, signal, emit }),
    fail: (given: Payload, error: Error) => void failed.push({ id: given.id, body: valueOf(given), code: asFlowError(error).code, message: error.message }),
  } as unknown as PayloadContext;
  let error: FlowError | undefined;
  let checkpoint: unknown;
  let restOf: CheckpointOptions['rest'];
  try {
    const open = await openEndpoint(host, { instance: 'shop', endpoint, run: 'run-1', step: 's', flowFile: 'flows/f.flow.json', open: openContext(host), emit, ...(testPages !== undefined && { testPages }), ...(script && { script }), ...(cursor && { cursor }) });
    for await (const given of open(payload, params, context, { passesInput, ...(mergeAt !== undefined && { mergeAt }), ...(range && { range }) })) {
      if (payloads.length >= most) break;
      payloads.push(given);
    }
  } catch (thrown) {
    error = asFlowError(thrown);
  }
  const rest = restOf?.();
  return { bodies: payloads.map(valueOf), payloads, failed, events, logs, error, checkpoint, rest: rest && valueOf(rest) };
}

/** An answer of a server. */
export const json = (body: unknown, { status = 200, headers = {} }: Partial<Omit<RawResponse, 'body'>> = {}): RawResponse => ({ status, headers: { 'content-type': 'application/json', ...headers }, body: new TextEncoder().encode(JSON.stringify(body)) });

export const text = (body: string, { status = 200, headers = {} }: Partial<Omit<RawResponse, 'body'>> = {}): RawResponse => ({ status, headers, body: new TextEncoder().encode(body) });

function valueOf(payload: Payload): unknown {
  const body = bodyOf(payload);
  return body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : body.kind === 'bytes' ? body.bytes : body;
}
