import { randomUUID } from 'node:crypto';
import { errors, FlowError } from '../../plugins/sdk/index.ts';
import type { EngineHost, Transport } from '../engine/host.ts';
import { findConnector, findInstance, openInstance } from '../engine/manifest.ts';
import { openContext } from '../engine/open-context.ts';
import { createPayload } from '../engine/payload.ts';
import { asFlowError, toRunError } from '../engine/run-error.ts';
import { tryEndpoint, type TrySteps } from '../engine/try-endpoint.ts';
import { detect } from '../imports/detect.ts';
import { inferUnion, lookedAt } from '../model/infer-schema.ts';
import type { ConnectorFile, ConnectorManifest, EndpointParam } from '../model/connector.ts';
import type { InstanceOverride } from '../model/environment.ts';
import { pointerOf } from '../model/json.ts';
import { payloadNeed } from '../model/payload-need.ts';
import { isProtocol } from '../model/protocol.ts';
import type { EndpointRow, Trial, TrialExchange, TrialNote, TrialPage } from '../model/trial.ts';
import type { RunError } from '../model/run-event.ts';
import { createMasker, type SecretValues } from '../stores/redact.ts';
import { isMock } from './mock-probe.ts';
import { mockedHost } from './mocked-host.ts';
import { refuseProduction } from './production.ts';
import { trialBodies, type TrialBodies } from './trial-bodies.ts';
import { exampleOf, type SaveExample } from './trial-example.ts';
import type { Workspace } from './workspace.ts';

/** Endpoints that somebody tries out: nothing is recorded, and no flow takes part. */
export interface Trials {
  /**
   * Calls an endpoint as a flow would. What goes wrong once a request was made stands in the result; before that it fails as a run would: with a config error,
   * `SECRET_MISSING`, `DATA_MISSING`, `PRODUCTION_UNCONFIRMED`, `WRITE_UNCONFIRMED`.
   */
  try(request: TryRequest): Promise<Trial>;
  /** The endpoints of an instance, and what each wants. */
  list(instance: string): Promise<readonly EndpointRow[]>;
}

export interface TryRequest {
  readonly instance: string;
  /** Default the one with which the connector is checked: that which it names, else the first that receives and needs no params; of a protocol, its own check. */
  readonly endpoint?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** What an endpoint that sends gets. */
  readonly payload?: { readonly body: unknown; readonly mediaType: string };
  /** Pages at most; default 5, or 1 where no endpoint is named. */
  readonly pages?: number;
  readonly environment?: string;
  readonly isProductionConfirmed?: boolean;
  /** Whoever tries it knows that something is written in the other system. A mock needs no such word. */
  readonly isWriteConfirmed?: boolean;
  /** What leads the instance to a mock of its connector: then nothing of the environment's own is asked, and no secret is needed. */
  readonly mock?: InstanceOverride;
  /** Keeps the first page as an example of the connector, under this title. */
  readonly save?: string;
  /** Says how the answers seem to be paged. */
  readonly detect?: boolean;
  /** Of the whole trial; default 60,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface TrialsOptions {
  refresh(): Promise<void>;
  /** All secrets that can be known are masked when it resolves. */
  reveal(): Promise<void>;
  readonly workspace: Workspace;
  readonly host: (environment: string | undefined) => EngineHost;
  readonly environment: () => string | undefined;
  readonly values: SecretValues;
  readonly save: SaveExample;
}

const usualTimeoutMs = 60_000;
const usualPages = 5;

export function createTrials({ refresh, reveal, workspace, host: hostOf, environment: environmentNow, values, save }: TrialsOptions): Trials {
  return {
    async try(request) {
      await refresh();
      await reveal();
      const environment = request.environment ?? environmentNow();
      if (!request.mock) refuseProduction(workspace, environment, request.isProductionConfirmed === true);
      const masker = createMasker(values, workspace.config.redact ?? []);
      const bodies = trialBodies(masker);
      const base = request.mock ? mockedHost(hostOf(environment), request.instance, request.mock) : hostOf(environment);
      const { instance, manifest } = await findReadable(workspace, base, request.instance);
      const endpoint = request.endpoint ?? (isProtocol(manifest) ? '' : checkOf(manifest, instance.connector));
      const host: EngineHost = { ...base, bodies, transport: request.isWriteConfirmed || isKnownToWrite(manifest, endpoint) ? base.transport : onlyReading(base.transport) };
      checkPayload(manifest, endpoint, request);
      await guardWrite(host, manifest, endpoint, request);
      masker.listen({ params: request.params, payload: request.payload?.body }, bodies.heard.add);
      // What answers and errors repeat in words.
      const trial = bodies.heard.hide(await collect(host, { ...request, endpoint, ...(request.endpoint === undefined && { pages: 1 }) }, bodies));
      const example = isProtocol(manifest) ? undefined : masker.value(exampleOf(manifest, { ...request, endpoint }, trial.pages[0]));
      const saved = request.save !== undefined && example && !trial.error ? await save(instance.connector, endpoint, { ...example, title: request.save }) : undefined;
      return { ...trial, ...(example && { example }), ...(saved && { saved }), ...(request.detect && { detected: detect(trial.pages) }) };
    },
    async list(id) {
      await refresh();
      const { manifest } = await findReadable(workspace, hostOf(environmentNow()), id);
      return Object.entries(manifest.endpoints).map(([endpoint, found]) => {
        const params: Readonly<Record<string, EndpointParam>> = found.params ?? {};
        const required = Object.keys(params).filter((name) => params[name]!.required === true && !('default' in params[name]!));
        return { endpoint, title: found.title, direction: found.direction, params: { required, optional: Object.keys(params).filter((name) => !required.includes(name)) }, payload: payloadNeed(found) };
      });
    },
  };
}

function findReadable(workspace: Workspace, host: EngineHost, id: string): ReturnType<typeof findConnector> {
  const entry = workspace.instances.get(id);
  const file = entry?.read.value && workspace.connectors.get(entry.read.value.connector);
  for (const read of [entry?.read, file?.read]) {
    const fault = read?.value === undefined ? read?.diagnostics.find(({ severity }) => severity === 'error') : undefined;
    if (fault) throw new FlowError(fault.code in errors ? (fault.code as 'CONFIG_INVALID') : 'CONFIG_INVALID', fault.message, { place: { file: fault.file, pointer: fault.path } });
  }
  return findConnector(host, id);
}

/** The endpoint by which a connection is tested. */
function checkOf({ check, endpoints }: ConnectorManifest, connector: string): string {
  if (check !== undefined) return check;
  const found = Object.entries(endpoints).find(([, { direction, method, params = {} }]) => direction === 'receive' && method === 'GET' && Object.values(params).every((param) => param.required !== true || 'default' in param));
  if (found) return found[0];
  throw new FlowError('CONFIG_INVALID', `The connector "${connector}" has no endpoint with which a connection could be tested: none that receives by GET and needs no params.`, { place: { file: `connectors/${connector}.connector.json`, pointer: '' }, remedy: 'Name one with "check" in the connector.' });
}

/** Null would be sent instead. */
function checkPayload({ endpoints }: ConnectorFile, name: string, { instance, payload }: TryRequest): void {
  if (payload !== undefined || !Object.hasOwn(endpoints, name) || payloadNeed(endpoints[name]!) !== 'needed') return;
  throw new FlowError('DATA_MISSING', `"${name}" of "${instance}" makes its request of a payload, and there is none.`, { details: { instance, endpoint: name }, remedy: 'Give one: `--input FILE` on the command line, *Payload* in the connector editor, `payload` in the API.' });
}

/** Writes are made in a mock without a word; elsewhere somebody must want them. */
async function guardWrite(host: EngineHost, manifest: ConnectorFile, name: string, { instance, isWriteConfirmed = false }: TryRequest): Promise<void> {
  if (isProtocol(manifest)) {
    const writes = Object.hasOwn(manifest.endpoints, name) && manifest.endpoints[name]!.direction === 'send';
    if (writes && !isWriteConfirmed) throw new FlowError('WRITE_UNCONFIRMED', `"${name}" of "${instance}" writes. Whoever tries it out must confirm it.`, { details: { instance, endpoint: name } });
    return;
  }
  const { endpoints } = manifest;
  const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
  if (!endpoint || isWriteConfirmed || endpoint.direction !== 'send' || readingMethods.includes(endpoint.method)) return;
  const { base } = await openInstance(host, await findInstance(host, instance), openContext(host), { at: { endpoint, pointer: pointerOf(['endpoints', name]) } });
  if (await isMock(base)) return;
  throw new FlowError('WRITE_UNCONFIRMED', `"${name}" writes: ${endpoint.method} to ${base.origin}, which is no mock. Whoever tries it out must confirm it.`, { details: { instance, endpoint: name, method: endpoint.method, origin: base.origin } });
}

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Whether the method says what the endpoint does: of one that sends by POST the guard has asked, one that receives by POST asks a question. */
const isKnownToWrite = (manifest: ConnectorFile, name: string): boolean => !isProtocol(manifest) && Object.hasOwn(manifest.endpoints, name) && !readingMethods.includes(manifest.endpoints[name]!.method);

/** An endpoint that receives may change something all the same: it deletes what it has read, or its script makes a POST of a GET. */
const onlyReading = (transport: Transport): Transport => ({
  async send(request, options) {
    if (options.changes && (options.via || !(await isMock(new URL(request.url))))) throw new FlowError('WRITE_UNCONFIRMED', `${request.method} of ${request.url.split('?', 1)[0]} may change something there. Whoever tries it out must confirm it.`, { details: { method: request.method } });
    return transport.send(request, options);
  },
});

interface Collected extends Omit<Trial, 'example' | 'saved' | 'detected'> {
  readonly pages: TrialPage[];
}

async function collect(host: EngineHost, request: TryRequest & { readonly endpoint: string }, bodies: TrialBodies): Promise<Collected> {
  const { instance, endpoint, params = {}, payload: given, pages: most = usualPages, timeoutMs = usualTimeoutMs } = request;
  const pages: TrialPage[] = [];
  const log: TrialNote[] = [];
  const refused: RunError[] = [];
  const pending: TrialExchange[] = [];
  let stop: Trial['stop'];
  let records = 0;
  const seen: unknown[] = [];
  const shaped: unknown[] = [];
  const errorOf = (error: unknown): RunError => bodies.masker.error(toRunError(error));
  const flush = (page: Partial<TrialPage>): void => {
    const last = pending.pop();
    if (!last) return;
    const { request: asked, response, ms, waitMs } = last;
    pages.push({ request: asked, ...(response && { response }), records: 0, ms, waitMs, before: pending.splice(0), ...page });
  };
  const steps: TrySteps = {
    exchange: (head, waitMs) => void pending.push({ ...bodies.exchange(head), waitMs }),
    page({ records: found, stop: reason, byGuess, next }) {
      records += found.length;
      for (const one of found) seen.push(one);
      if (reason) stop = { reason, byGuess: byGuess === true };
      flush({ records: found.length, ...(next && { next: bodies.masker.value(next.request) }) });
    },
    given(some) {
      for (const one of some) shaped.push(one);
    },
    lookUp(of) {
      const last = pending.pop();
      if (last) pending.push({ ...last, lookUp: of });
    },
    refused: (error) => void refused.push(errorOf(error)),
    note: (note) => void log.push(note),
  };
  let error: RunError | undefined;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new FlowError('STEP_TIMEOUT', `The trial was ended after ${timeoutMs / 1000} s.`, { remedy: 'Give it more time, or ask for fewer pages.' })), timeoutMs);
  try {
    // Systems that take no message twice know it by this.
    const run = `try-${randomUUID()}`;
    const payload = createPayload({ id: run, ...(given ?? { body: null, mediaType: 'application/json' }) });
    const signal = request.signal ? AbortSignal.any([limit.signal, request.signal]) : limit.signal;
    await tryEndpoint(host, { instance, endpoint, params, payload, pages: most, run, signal }, steps);
    // An answer that counts as none.
    flush({});
  } catch (thrown) {
    // What can be known before a request is made is for the files to be corrected; what comes after belongs to what is seen.
    if (pages.length === 0 && pending.length === 0 && !FlowError.is(thrown, 'STEP_TIMEOUT')) throw asFlowError(thrown);
    error = errorOf(thrown);
    flush({});
  } finally {
    clearTimeout(timer);
  }
  // Bytes are no record with a field for each of them.
  const known = (shaped.length > 0 ? shaped : seen).filter((one) => !(one instanceof Uint8Array));
  const schema = known.length > 0 ? inferUnion(known) : undefined;
  const looked = lookedAt(known);
  return { instance, endpoint, pages, ...(stop && { stop }), records, ...(schema && { schema }), ...(looked && { looked }), log, refused, ...(error && { error }) };
}
