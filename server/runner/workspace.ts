import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FlowError, type ErrorCode, type Lookup, type Script, type ScriptSource } from '../../plugins/sdk/index.ts';
import type { Registry, ResolvedInstance, WorkspaceView } from '../engine/host.ts';
import type { ConnectorFile } from '../model/connector.ts';
import type { Environment } from '../model/environment.ts';
import type { Flow } from '../model/flow.ts';
import { mergeCredentials, type InstanceFile } from '../model/instance.ts';
import { isObject } from '../model/json.ts';
import type { LookupFile } from '../model/lookup-file.ts';
import type { MapFile } from '../model/map-file.ts';
import { readFile, type ReadFile } from '../model/read.ts';
import { brokenJson } from '../model/syntax-errors.ts';
import type { TestFile } from '../model/test-file.ts';
import { fileKinds, type FileKind, type Limits, type ScriptEngineName, type WorkspaceFile } from '../model/workspace.ts';
import { readLookup, type LookupSource } from './lookups.ts';
import { silentLog, type RunnerLog } from './log.ts';
import { listFiles, readText, type FoundFile } from './workspace-files.ts';

export { findWorkspace } from './workspace-files.ts';

interface Kinds {
  readonly workspace: WorkspaceFile;
  readonly flow: Flow;
  readonly connector: ConnectorFile;
  readonly instance: InstanceFile;
  readonly environment: Environment;
  readonly map: MapFile;
  readonly lookup: LookupFile;
  readonly test: TestFile;
}

/** A file of the workspace, read. */
export interface Entry<K extends FileKind = FileKind> {
  readonly kind: K;
  /** The path below the folder of its kind without the ending; `''` of patchbay.json. */
  readonly id: string;
  /** Below the root. */
  readonly file: string;
  readonly text: string;
  readonly hash: string;
  readonly read: ReadFile<Kinds[K]>;
}

/** The files of a workspace by name. What `refresh` found stays the same until the next one, so that a run sees one state of them. */
export interface Workspace {
  readonly root: string;
  /** Grows with each change that `refresh` has found. */
  readonly version: number;
  /** Looks for changes; cheap where there are none. Says whether there were some. */
  refresh(): boolean;
  readonly config: WorkspaceFile;
  readonly configEntry: Entry<'workspace'> | undefined;
  readonly flows: ReadonlyMap<string, Entry<'flow'>>;
  readonly connectors: ReadonlyMap<string, Entry<'connector'>>;
  readonly instances: ReadonlyMap<string, Entry<'instance'>>;
  readonly environments: ReadonlyMap<string, Entry<'environment'>>;
  readonly maps: ReadonlyMap<string, Entry<'map'>>;
  readonly tests: ReadonlyMap<string, Entry<'test'>>;
  readonly entries: readonly Entry[];
  /** `scripts/totals.ts` */
  readonly scripts: readonly string[];
  /** `schemas/order.json` */
  readonly schemas: readonly string[];
  /** Names, without folder and ending. */
  readonly lookups: readonly string[];
  readonly plugins: readonly { readonly path: string; readonly source: string }[];
  /** Links that lead out of the workspace. */
  readonly refused: readonly string[];
  /** The newest table. Fails with `CONFIG_UNKNOWN_LOOKUP`, `CONFIG_INVALID`, `DATA_INVALID`. */
  lookup(name: string): Promise<Lookup>;
  /** Where one is, to be read in another way. Fails with `CONFIG_UNKNOWN_LOOKUP`, `CONFIG_INVALID`. */
  lookupSource(name: string): LookupSource & { readonly stamp: string };
  /** Fails with `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
  script(file: string, options?: { readonly limits?: Limits; readonly engine?: ScriptEngineName | undefined }): Promise<Script>;
  /** A JSON Schema file, parsed. Fails with `CONFIG_NOT_FOUND`, `CONFIG_INVALID`. */
  schema(file: string): unknown;
  /** What the engine sees of it in an environment. Fails with `CONFIG_NOT_FOUND`. */
  view(environment: string | undefined, secret: (name: string) => Promise<string>): WorkspaceView;
}

export interface WorkspaceOptions {
  readonly root: string;
  /** Where the files of the user are, where that is not the root: a version that was deployed works on those of the workspace. */
  readonly home?: string;
  readonly registry: () => Registry;
  readonly log?: RunnerLog;
}

/** A definition longer than this is refused: an editor could not open it either. */
const longestFile = 16 * 1024 * 1024;
/** Below the root. */
export const workspaceFolders = ['flows', 'connectors', 'instances', 'environments', 'maps', 'scripts', 'schemas', 'lookups', 'plugins'];
const pluginFile = /(?<!\.test|\.d)\.(ts|js|mjs)$/;
const scriptFile = /(?<!\.test|\.d)\.[cm]?[jt]s$/;

export function openWorkspace({ root, home = root, registry, log = silentLog }: WorkspaceOptions): Workspace {
  let version = 0;
  let state = emptyState();
  const lookups = new Map<string, { readonly stamp: string; readonly lookup: Promise<Lookup> }>();
  const scripts = new Map<string, Promise<Script>>();

  const refresh = (): boolean => {
    const { files, refused } = listFiles(root, workspaceFolders, ['patchbay.json']);
    if (version > 0 && files.length === state.stamps.size && files.every(({ file, stamp }) => state.stamps.get(file) === stamp)) return false;
    state = readState(files, new Map(files.map(({ file, stamp }) => [file, stamp])), refused, state);
    version++;
    return true;
  };

  const lookupFrom = async (from: State, name: string): Promise<Lookup> => {
    const { stamp, ...source } = lookupSource(from, name);
    const known = lookups.get(name);
    if (known?.stamp === stamp) return known.lookup;
    const read = readLookup(source);
    lookups.set(name, { stamp, lookup: read });
    // A file that cannot be read may be readable the next time; one that is wrong is read anew when it has changed.
    read.catch((error: unknown) => {
      if (!FlowError.is(error) && lookups.get(name)?.lookup === read) lookups.delete(name);
    });
    return read;
  };
  const lookup = (name: string): Promise<Lookup> => lookupFrom(state, name);

  const script: Workspace['script'] = async (file, { limits = state.config.limits, engine: wanted } = {}) => {
    const found = state.scriptFiles.get(file) ?? state.scriptFiles.get(`scripts/${file}`);
    const text = found && readText(found.path);
    if (!found || text === undefined) throw new FlowError('CONFIG_UNKNOWN_SCRIPT', `There is no script ${JSON.stringify(file)}${among([...state.scriptFiles.keys()])}`, { details: { script: file } });
    const { scriptMs, scriptMegabytes } = limits ?? {};
    const engine = wanted === 'strict' ? wanted : (state.config.scripts?.engine ?? 'default');
    const packages = { folder: home, allowed: state.config.scripts?.packages ?? [] };
    const place = `${found.file} ${engine} ${scriptMs} ${scriptMegabytes} ${installedAt(packages)} `;
    const key = `${place}${createHash('sha256').update(text).digest('hex')}`;
    const known = scripts.get(key);
    if (known) return known;
    const compiled = compile(registry(), engine, { text, file: found.file, packages }, { ...(scriptMs !== undefined && { timeoutMs: scriptMs }), ...(scriptMegabytes !== undefined && { memoryMb: scriptMegabytes }) }, log);
    // The newest text of a file is kept, and errors as well: they do not change before the text does.
    for (const old of scripts.keys()) if (old.startsWith(place)) scripts.delete(old);
    scripts.set(key, compiled);
    compiled.catch((error: unknown) => {
      if (!FlowError.is(error, 'SCRIPT_INVALID')) scripts.delete(key);
    });
    return compiled;
  };

  const schema = (file: string): unknown => {
    const found = state.schemaFiles.get(file) ?? state.schemaFiles.get(`schemas/${file}`);
    const text = found && readText(found.path);
    if (!found || text === undefined) throw new FlowError('CONFIG_NOT_FOUND', `There is no schema ${JSON.stringify(file)}${among([...state.schemaFiles.keys()])}`, { details: { schema: file } });
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      const { message, remedy, at } = brokenJson(text, 'The schema');
      throw new FlowError('CONFIG_INVALID', message, { cause, place: { file: found.file, ...at }, remedy });
    }
  };

  const view = (environment: string | undefined, secret: (name: string) => Promise<string>): WorkspaceView => {
    const { connectors, instances, environments, maps, config } = state;
    const overrides = environment === undefined ? undefined : environments.get(environment);
    if (environment !== undefined && !overrides?.read.value) throw new FlowError('CONFIG_NOT_FOUND', `There is no environment ${JSON.stringify(environment)}${among([...environments.keys()])}`, { details: { environment } });
    const values = overrides?.read.value;
    const limits = { ...config.limits, ...values?.limits };
    const then = state;
    /** A run that has asked a lookup goes on with that table, whatever becomes of the file. */
    const asked = new Map<string, Promise<Lookup>>();
    const ownLookup = (name: string): Promise<Lookup> => {
      const found = asked.get(name) ?? lookupFrom(then, name);
      asked.set(name, found);
      found.catch(() => asked.delete(name));
      return found;
    };
    return {
      instance: (id) => {
        const file = instances.get(id)?.read.value;
        return file && { ...resolveInstance(id, file, values), ...(values?.instances?.[id]?.credentials && { changedIn: `environments/${environment}.env.json` }) };
      },
      connector: (id) => connectors.get(id)?.read.value,
      map: (name) => soundMap(name, maps),
      script: (file, engine) => script(file, { limits, engine }), schema: async (file) => schema(file), lookup: ownLookup, secret, folder: home,
      env: values?.variables ?? {}, scriptHosts: config.scripts?.hosts ?? [],
      limits: { payloadBytes: limits.payloadBytes ?? 64 * 1024 * 1024, responseBytes: limits.responseBytes ?? 64 * 1024 * 1024, ...(limits.runsPerFlow !== undefined && { runsPerFlow: limits.runsPerFlow }), ...(limits.connectionsPerHost !== undefined && { connectionsPerHost: limits.connectionsPerHost }) },
    };
  };

  refresh();
  return {
    root, refresh, lookup, lookupSource: (name) => lookupSource(state, name), script, schema, view,
    get version() { return version; },
    get config() { return state.config; },
    get configEntry() { return state.configEntry; },
    get flows() { return state.flows; },
    get connectors() { return state.connectors; },
    get instances() { return state.instances; },
    get environments() { return state.environments; },
    get maps() { return state.maps; },
    get tests() { return state.tests; },
    get entries() { return state.entries; },
    get scripts() { return [...state.scriptFiles.keys()]; },
    get schemas() { return [...state.schemaFiles.keys()]; },
    get lookups() { return [...state.lookupFiles.keys()]; },
    get plugins() { return state.plugins; },
    get refused() { return state.refused; },
  };
}

/** Changes with the packages that scripts may import: npm writes the file anew whenever it installs something. */
const installedAt = ({ folder, allowed }: NonNullable<ScriptSource['packages']>): string =>
  allowed.length === 0 ? '' : `${allowed.join()} ${statSync(join(folder, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false })?.mtimeMs ?? ''}`;

/** An instance with what an environment says otherwise; nested settings are replaced, not merged. Credentials of another auth method are not for this one. */
export const resolveInstance = (id: string, file: InstanceFile, environment?: Environment): ResolvedInstance => {
  const own = environment?.instances?.[id];
  const auth = own?.auth ?? file.auth;
  return { id, connector: file.connector, ...(own?.baseUrl !== undefined && { baseUrl: own.baseUrl }), ...(own?.baseUrls !== undefined && { baseUrls: own.baseUrls }), ...(auth !== undefined && { auth }), settings: { ...file.settings, ...own?.settings }, credentials: mergeCredentials((auth === file.auth ? file.credentials : undefined) ?? {}, own?.credentials ?? {}) };
};

/** Names of the secrets in a value, at any depth, with the JSON pointer of each. */
export function secretsIn(value: unknown, pointer = ''): { readonly name: string; readonly pointer: string }[] {
  if (isObject(value) && typeof value['$secret'] === 'string') return [{ name: value['$secret'], pointer }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => secretsIn(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}

/** A lookup file with its settings. `stamp`: changes with either. Fails with `CONFIG_UNKNOWN_LOOKUP`, and with the first error of the settings. */
function lookupSource({ lookupFiles, lookupSettings }: State, name: string): LookupSource & { readonly stamp: string } {
  const found = lookupFiles.get(name);
  if (!found) throw new FlowError('CONFIG_UNKNOWN_LOOKUP', `There is no lookup ${JSON.stringify(name)}${among([...lookupFiles.keys()])}`, { details: { lookup: name } });
  const entry = lookupSettings.get(name);
  return { name, file: found.file, path: found.path, settings: entry && soundValue(entry), stamp: `${found.stamp} ${entry?.hash ?? ''}` };
}

function soundMap(name: string, maps: Workspace['maps']): ReturnType<WorkspaceView['map']> {
  const entry = maps.get(name);
  if (!entry) throw new FlowError('CONFIG_NOT_FOUND', `There is no mapping ${JSON.stringify(name)}${among([...maps.keys()])}`, { details: { map: name } });
  return { file: entry.file, value: soundValue(entry) };
}

/** The value of a file. Fails with its first error. */
export function soundValue<T>({ file, read: { value, diagnostics } }: { readonly file: string; readonly read: Pick<ReadFile<T>, 'value' | 'diagnostics'> }): T {
  if (value) return value;
  const { code = 'CONFIG_INVALID', message = 'The file cannot be read.', line, column, path } = diagnostics.find(({ severity }) => severity === 'error') ?? {};
  throw new FlowError(code as ErrorCode, message, { place: { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }), ...(path !== undefined && { pointer: path }) } });
}

/** The rest of a sentence that says what there is. */
export const among = (names: readonly string[]): string => {
  if (names.length === 0) return '; there is none.';
  return `; there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, 12).map((name) => JSON.stringify(name)).join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}.`;
};

interface State {
  readonly stamps: ReadonlyMap<string, string>;
  readonly config: WorkspaceFile;
  readonly configEntry: Entry<'workspace'> | undefined;
  readonly flows: ReadonlyMap<string, Entry<'flow'>>;
  readonly connectors: ReadonlyMap<string, Entry<'connector'>>;
  readonly instances: ReadonlyMap<string, Entry<'instance'>>;
  readonly environments: ReadonlyMap<string, Entry<'environment'>>;
  readonly maps: ReadonlyMap<string, Entry<'map'>>;
  readonly tests: ReadonlyMap<string, Entry<'test'>>;
  readonly entries: readonly Entry[];
  readonly scriptFiles: ReadonlyMap<string, FoundFile>;
  readonly schemaFiles: ReadonlyMap<string, FoundFile>;
  readonly lookupFiles: ReadonlyMap<string, FoundFile>;
  readonly lookupSettings: ReadonlyMap<string, Entry<'lookup'>>;
  readonly plugins: readonly { readonly path: string; readonly source: string }[];
  readonly refused: readonly string[];
}

const emptyState = (): State => ({
  stamps: new Map(), config: { version: 1 }, configEntry: undefined, flows: new Map(), connectors: new Map(), instances: new Map(), environments: new Map(), maps: new Map(), tests: new Map(), entries: [],
  scriptFiles: new Map(), schemaFiles: new Map(), lookupFiles: new Map(), lookupSettings: new Map(), plugins: [], refused: [],
});

function readState(files: readonly FoundFile[], stamps: ReadonlyMap<string, string>, refused: readonly string[], old: State): State {
  const known = new Map(old.entries.map((entry) => [entry.file, entry]));
  const entries = files.flatMap((file): Entry[] => {
    const before = known.get(file.file);
    if (before && old.stamps.get(file.file) === file.stamp) return [before];
    const kind = kindOf(file.file);
    return kind ? [readEntry(kind, file)] : [];
  });
  const ofKind = <K extends FileKind>(kind: K): ReadonlyMap<string, Entry<K>> => new Map(entries.filter((entry) => entry.kind === kind).map((entry) => [entry.id, entry as Entry<K>]));
  const configEntry = ofKind('workspace').get('');
  return {
    stamps, refused, entries, configEntry, config: configEntry?.read.value ?? { version: 1 },
    flows: ofKind('flow'), connectors: ofKind('connector'), instances: ofKind('instance'), environments: ofKind('environment'), maps: ofKind('map'), tests: ofKind('test'),
    scriptFiles: new Map(files.filter(({ file }) => file.startsWith('scripts/') && scriptFile.test(file)).map((file) => [file.file, file])),
    schemaFiles: new Map(files.filter(({ file }) => file.startsWith('schemas/') && file.endsWith('.json')).map((file) => [file.file, file])),
    lookupFiles: new Map(files.filter(({ file }) => file.startsWith('lookups/') && file.endsWith('.csv')).map((file) => [file.file.slice('lookups/'.length, -'.csv'.length), file])),
    lookupSettings: ofKind('lookup'),
    plugins: files.filter(({ file }) => file.startsWith('plugins/') && pluginFile.test(file)).map(({ file, path }) => ({ path, source: file })),
  };
}

/** The kind of a file by its place and ending. */
export function kindOf(file: string): FileKind | undefined {
  return (Object.keys(fileKinds) as FileKind[]).find((kind) => {
    const { folder, ending } = fileKinds[kind];
    return folder === '' ? file === ending : file.startsWith(`${folder}/`) && file.endsWith(ending);
  });
}

function readEntry(kind: FileKind, found: FoundFile): Entry {
  const { folder, ending } = fileKinds[kind];
  const text = found.size > longestFile ? '' : (readText(found.path) ?? '');
  const id = folder === '' ? '' : found.file.slice(folder.length + 1, -ending.length);
  const read = readFile(kind, found.file, text) as Entry['read'];
  const tooLong = { file: found.file, path: '', line: 1, column: 1, severity: 'error', code: 'CONFIG_INVALID', message: `The file is ${found.size} bytes long; ${longestFile} are possible.` } as const;
  return { kind, id, file: found.file, text, hash: createHash('sha256').update(text).digest('hex'), read: found.size > longestFile ? { ...read, diagnostics: [tooLong] } : read };
}

async function compile(registry: Registry, name: ScriptEngineName, source: ScriptSource, limits: object, log: RunnerLog): Promise<Script> {
  const engine = await registry.find('script', name);
  if (!engine) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no script engine "${name}".`, { details: { kind: 'script', type: name } });
  const script = await engine.compile(source, registry.complete(engine, limits) as never, { log });
  // Runs share it, so none of them may end it.
  return { ...(script.at && { at: script.at }), ...(script.warnings && { warnings: script.warnings }), run: (inputs, options) => script.run(inputs, options), async [Symbol.asyncDispose]() {} };
}
