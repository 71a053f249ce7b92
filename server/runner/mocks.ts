import { FlowError, textOrBytes } from '../../plugins/sdk/index.ts';
import type { EngineHost } from '../engine/host.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import type { InstanceOverride } from '../model/environment.ts';
import type { InstanceFile } from '../model/instance.ts';
import { isObject } from '../model/json.ts';
import { isSecretRef } from '../model/lint-settings.ts';
import { basePathOf } from '../mock/addresses.ts';
import { readFaults } from '../mock/faults.ts';
import type { Mock } from '../mock/mock-server.ts';
import type { RecordedExchange } from '../mock/recorded.ts';
import type { RunArchive } from './contract.ts';
import type { ExampleCheck } from './example-checks.ts';
import { among, type Workspace } from './workspace.ts';

/** Mocks of the other systems of a workspace. */
export interface Mocks {
  /** Fails with `CONFIG_UNKNOWN_CONNECTOR`, `CONFIG_INVALID`, `DATA_INVALID` (faults), `API_NOT_FOUND` (runs). */
  start(request: MockRequest): Promise<StartedMock>;
  /** Runs the examples of connectors; default of all that speak HTTP and can be read. Fails with `CONFIG_UNKNOWN_CONNECTOR`, `CONFIG_INVALID`. */
  check(order: { readonly connectors?: readonly string[]; readonly signal: AbortSignal }): Promise<readonly ExampleCheck[]>;
}

export interface MockRequest {
  readonly connector: string;
  readonly port?: number;
  /** Records of a collection; default 60. */
  readonly records?: number;
  readonly seed?: number;
  /** As they stand in a file: see `Fault`. */
  readonly faults?: unknown;
  /** Nobody needs credentials. */
  readonly isOpen?: true;
  /** See `MockOptions`. */
  readonly isTimeless?: true;
  /** Runs whose exchanges are answered as they were. */
  readonly runs?: readonly string[];
}

export interface StartedMock extends Mock {
  /** What an environment says of the instances of the connector, so that their requests go to the mock. Secrets of theirs are all called `mock`. */
  readonly overrides: Readonly<Record<string, InstanceOverride>>;
  /** Addresses for tokens and the like that belong to others, so that they are no part of the mock. */
  readonly elsewhere: readonly string[];
  /** Answers that were taken from runs. */
  readonly recorded: number;
}

export interface MocksOptions {
  refresh(): Promise<void>;
  readonly workspace: Workspace;
  readonly host: () => EngineHost;
  readonly archive: () => RunArchive;
}

/** The name of the secret that stands for all secrets where a mock is asked. */
export const mockSecret = 'mock';

export function createMocks({ refresh, workspace, host, archive }: MocksOptions): Mocks {
  return {
    async start({ connector, faults, runs = [], isOpen, ...options }) {
      await refresh();
      const manifest = manifestOf(workspace, connector);
      const recorded = (await Promise.all(runs.map((run) => exchangesOf(archive(), run, connector)))).flat();
      const { startMock } = await import('../mock/mock-server.ts');
      const mock = await startMock({ host: host(), connector, manifest: isOpen ? { ...manifest, auth: {} } : manifest, ...options, ...(faults !== undefined && { faults: readFaults(faults) }), recorded });
      const instances = [...workspace.instances].filter(([, { read }]) => read.value?.connector === connector);
      const overrides = Object.fromEntries(instances.map(([id, { read }]) => [id, overrideOf(manifest, mock, read.value)]));
      return { ...mock, overrides, elsewhere: elsewhereOf(manifest), recorded: recorded.length };
    },
    async check({ connectors, signal }) {
      await refresh();
      const all = [...workspace.connectors].filter(([, { read }]) => read.value && 'baseUrl' in read.value).map(([id]) => id);
      const { checkExamples } = await import('./example-checks.ts');
      const checks: ExampleCheck[] = [];
      for (const id of connectors ?? all) checks.push(...(await checkExamples(host(), { id, file: workspace.connectors.get(id)?.file ?? '', manifest: manifestOf(workspace, id) }, signal)));
      return checks;
    },
  };
}

function manifestOf({ connectors }: Workspace, id: string): ConnectorManifest {
  const entry = connectors.get(id);
  if (!entry) throw new FlowError('CONFIG_UNKNOWN_CONNECTOR', `There is no connector ${JSON.stringify(id)}${among([...connectors.keys()])}`, { details: { connector: id } });
  const { value, diagnostics } = entry.read;
  const fault = diagnostics.find(({ severity }) => severity === 'error');
  if (!value) throw new FlowError('CONFIG_INVALID', fault?.message ?? `The connector ${JSON.stringify(id)} cannot be read.`, { place: { file: entry.file, ...(fault && { pointer: fault.path }) } });
  if (!('baseUrl' in value)) throw new FlowError('CONFIG_INVALID', `The connector ${JSON.stringify(id)} does not speak HTTP: there is no mock of it.`, { place: { file: entry.file, pointer: '/protocol' }, remedy: 'Run a real one on this machine, and let an environment name it.' });
  return value;
}

/** `{{ instance.url }}/api` → `url`. */
const addressSetting = (baseUrl: string): string | undefined => /^\{\{\s*instance\.([\w-]+)\s*\}\}(?=\/|$)/.exec(baseUrl)?.[1];

function overrideOf({ baseUrl, baseUrls = {} }: ConnectorManifest, mock: Mock, { settings: given = {}, credentials = {} }: Partial<Pick<InstanceFile, 'settings' | 'credentials'>> = {}): InstanceOverride {
  const setting = addressSetting(baseUrl);
  const secrets = Object.keys(given).filter((name) => isSecretRef(given[name]));
  const settings = { ...Object.fromEntries(secrets.map((name) => [name, { $secret: mockSecret }])), ...(setting !== undefined && { [setting]: mock.origin }) };
  const named = withMockSecrets(credentials) as Readonly<Record<string, unknown>>;
  const others = Object.fromEntries(Object.entries(baseUrls).map(([name, url]) => [name, `${mock.origin}${basePathOf(url)}`]));
  return { ...(setting === undefined && { baseUrl: mock.url }), ...(Object.keys(settings).length > 0 && { settings }), ...(Object.keys(others).length > 0 && { baseUrls: others }), ...(Object.keys(named).length > 0 && { credentials: named }) };
}

/** Only what is secret, under the name that stands for all of it; a list is replaced as a whole. */
function withMockSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMockSecrets);
  if (!isObject(value)) return value;
  if (typeof value['$secret'] === 'string') return { $secret: mockSecret };
  return Object.fromEntries(Object.entries(value).filter(([, field]) => isObject(field) || (Array.isArray(field) && field.some(isObject))).map(([name, field]) => [name, withMockSecrets(field)]));
}

function elsewhereOf({ auth = {}, baseUrl }: ConnectorManifest): string[] {
  const own = URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
  return Object.values(auth).flatMap(({ settings = {} }) => Object.values(settings).filter((value): value is string => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin !== own));
}

const perPage = 500;

async function exchangesOf(archive: RunArchive, run: string, connector: string): Promise<RecordedExchange[]> {
  if (!archive.run(run)) throw new FlowError('API_NOT_FOUND', `There is no run ${JSON.stringify(run)}.`, { remedy: '`patchbay runs list` shows those that there are.' });
  const found: RecordedExchange[] = [];
  for (let page = 1; ; page++) {
    const { items } = archive.exchanges(run, undefined, page, perPage);
    for (const { connector: asked, method, url, requestBody, status, responseHeaders: headers = {}, responseBody } of items) {
      if (asked !== connector || status === undefined) continue;
      const [sent, body] = await Promise.all([bytesOf(archive, run, requestBody), bytesOf(archive, run, responseBody)]);
      found.push({ method, url, status, headers, ...(sent && { requestBody: sent.toString('utf8') }), ...(body && { body: textOrBytes(body) }) });
    }
    if (items.length < perPage) return found;
  }
}

async function bytesOf(archive: RunArchive, run: string, hash: string | undefined): Promise<Buffer | undefined> {
  const body = hash === undefined ? undefined : archive.body(run, hash);
  if (!body) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.open()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
