import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtIns } from '../../plugins/built-ins.ts';
import { FlowError, type Converter, type Kind, type Plugin, type Schema } from '../../plugins/sdk/index.ts';
import type { Registry } from '../engine/host.ts';
import type { PluginState } from '../model/api.ts';
import type { Catalog, CatalogEntry } from '../model/catalog.ts';
import { completeSettings, trustSchemas } from './complete-settings.ts';
import { guardForeign, spotOf } from './foreign-plugin.ts';
import { pluginsOf } from './plugin-spec.ts';
import { probePlugins, type Probed } from './probe-plugins.ts';

/** The plugins of a workspace: those that come with Patchbay, its own, and those of npm packages. */
export interface Plugins {
  readonly registry: Registry;
  readonly catalog: Catalog;
  readonly states: readonly PluginState[];
  /** Grows when a plugin has come, gone or changed. */
  readonly version: number;
  /** Looks again at the files and packages; loads what is new or has changed. */
  refresh(wanted: WantedPlugins): Promise<void>;
  /** Ends what plugins have started, unless another workspace of this process uses them too. */
  close(): Promise<void>;
}

export interface WantedPlugins {
  /** Absolute path and path below the root of each file in `plugins/`. */
  readonly files: readonly { readonly path: string; readonly source: string }[];
  /** npm packages of `patchbay.json`. */
  readonly packages: readonly string[];
}

export interface PluginsOptions {
  readonly root: string;
  /** Milliseconds that a plugin may take to load. */
  readonly loadTimeoutMs?: number;
}

interface Foreign {
  readonly source: string;
  /** Changes with the file. */
  readonly stamp: string;
  readonly url: string;
  readonly probed: Probed;
}

interface Place {
  readonly foreign: Foreign;
  readonly index: number;
}

const builtInNames = new Map<string, (typeof builtIns)[number]>(builtIns.flatMap((entry) => [entry.type, ...(entry.aliases ?? [])].map((name) => [`${entry.kind} ${name}`, entry] as const)));

export async function openPlugins({ root, loadTimeoutMs = 5_000 }: PluginsOptions, wanted: WantedPlugins): Promise<Plugins> {
  let foreign: readonly Foreign[] = [];
  let places = new Map<string, Place>();
  let states: readonly PluginState[] = [];
  let catalog: Catalog | undefined;
  let version = 0;
  const loaded = new Map<string, Promise<Plugin>>();

  const loadForeign = ({ foreign: { url, source }, index }: Place): Promise<Plugin> => {
    const key = `${url} ${index}`;
    const known = loaded.get(key) ?? importPlugin(url, source, index);
    loaded.set(key, known);
    return known;
  };

  const registry: Registry = {
    async find<K extends Kind>(kind: K, type: string): Promise<Extract<Plugin, { kind: K }> | undefined> {
      const builtIn = builtInNames.get(`${kind} ${type}`);
      if (builtIn) return (await loadBuiltIn(builtIn)) as Extract<Plugin, { kind: K }>;
      const place = places.get(`${kind} ${type}`);
      return place && ((await loadForeign(place)) as Extract<Plugin, { kind: K }>);
    },
    async converter(type): Promise<Converter | undefined> {
      const wantedType = type.split(';')[0]!.trim().toLowerCase();
      const extension = wantedType.replace(/^.*\./, '').replace(/^\./, '');
      const entry = catalogOf().plugins.find(
        (one) => one.kind === 'converter' && (one.type === wantedType || one.aliases?.includes(wantedType) || one.mediaTypes?.includes(wantedType) || one.fileExtensions?.some((own) => own.replace(/^\./, '') === extension)),
      );
      if (entry) return registry.find('converter', entry.type);
      // Such as `application/atom+xml` and `application/vnd.api+json`.
      const suffix = /^[^/]+\/.+\+(xml|json)$/.exec(wantedType)?.[1];
      return suffix === undefined ? undefined : registry.find('converter', suffix);
    },
    complete: (plugin, given, schema?: Schema) => completeSettings(plugin, given, schema as object | undefined),
  };

  const catalogOf = (): Catalog => (catalog ??= { plugins: [...builtInCatalog().plugins, ...foreign.flatMap((one) => (one.probed.entries ?? []).filter((entry) => places.get(`${entry.kind} ${entry.type}`)?.foreign === one))] });

  const refresh = async ({ files, packages }: WantedPlugins): Promise<void> => {
    const found = [...files.map(({ path, source }) => located(source, () => path)), ...packages.map((name) => located(name, () => entryOfPackage(root, name)))];
    const isSame = found.length === foreign.length && found.every(({ stamp, source }, index) => stamp === foreign[index]!.stamp && source === foreign[index]!.source);
    if (isSame && version > 0) return;
    const fresh = found.filter(({ stamp, source, error }) => error === undefined && !foreign.some((one) => one.stamp === stamp && one.source === source));
    const probed = await probePlugins(fresh, loadTimeoutMs);
    foreign = found.map((one) => {
      if (one.error !== undefined) return { ...one, probed: { error: one.error } };
      const index = fresh.indexOf(one);
      return index < 0 ? foreign.find(({ stamp, source }) => stamp === one.stamp && source === one.source)! : { ...one, probed: probed[index]! };
    });
    ({ places, states } = arrange(foreign));
    catalog = undefined;
    version++;
  };

  await refresh(wanted);
  users++;
  return {
    registry, refresh,
    async close() {
      if (--users > 0) return;
      const engines = await Promise.allSettled([...loadedBuiltIns.values(), ...loaded.values()]);
      await Promise.all(engines.map((one) => (one.status === 'fulfilled' && one.value.kind === 'script' ? one.value.close() : undefined)));
    },
    get catalog() {
      return catalogOf();
    },
    get states() {
      return states;
    },
    get version() {
      return version;
    },
  };
}

/** Gives each name to the first who claims it; nothing that is built in can be claimed. */
function arrange(foreign: readonly Foreign[]): { places: Map<string, Place>; states: PluginState[] } {
  const places = new Map<string, Place>();
  const states: PluginState[] = [];
  for (const one of foreign) {
    const { source, probed } = one;
    if (probed.error !== undefined) states.push({ source, state: 'failed', provides: [], error: probed.error, ...probed.spot });
    if (probed.entries === undefined || probed.entries.length === 0) continue;
    const provides = probed.entries.map(({ kind, type }) => ({ kind, type }));
    const taken = probed.entries.flatMap((entry) => namesOf(entry).map((name) => ({ entry, name }))).find(({ name }) => builtInNames.has(name) || places.has(name));
    if (taken) {
      const owner = builtInNames.has(taken.name) ? 'built in and cannot be replaced' : `also in ${places.get(taken.name)!.foreign.source}`;
      states.push({ source, state: 'failed', provides: [], error: `The ${taken.entry.kind} ${JSON.stringify(taken.name.split(' ')[1])} is ${owner}.` });
      continue;
    }
    for (const [index, entry] of probed.entries.entries()) for (const name of namesOf(entry)) places.set(name, { foreign: one, index });
    states.push({ source, state: 'loaded', provides });
  }
  return { places, states };
}

const namesOf = ({ kind, type, aliases = [] }: CatalogEntry): string[] => [type, ...aliases].map((name) => `${kind} ${name}`);

/** Workspaces that are open in this process. */
let users = 0;

const loadedBuiltIns = new Map<(typeof builtIns)[number], Promise<Plugin>>();

function loadBuiltIn(entry: (typeof builtIns)[number]): Promise<Plugin> {
  const known = loadedBuiltIns.get(entry) ?? importBuiltIn(entry);
  loadedBuiltIns.set(entry, known);
  return known;
}

async function importBuiltIn(entry: (typeof builtIns)[number]): Promise<Plugin> {
  try {
    const { default: plugin } = await entry.load();
    trustSchemas(plugin);
    return plugin;
  } catch (cause) {
    throw new FlowError('PLUGIN_FAILED', `The built-in ${entry.kind} ${JSON.stringify(entry.type)} cannot be loaded: ${(cause as Error).message}.`, { cause });
  }
}

async function importPlugin(url: string, source: string, index: number): Promise<Plugin> {
  try {
    const found = pluginsOf((await import(url)) as Record<string, unknown>);
    return guardForeign(found![index] as Plugin, source, url);
  } catch (cause) {
    throw new FlowError('PLUGIN_FAILED', `The plugin ${source} cannot be loaded: ${(cause as Error).message}.`, { cause, place: { file: source, ...spotOf(cause, url) } });
  }
}

type Located = { readonly source: string; readonly stamp: string; readonly url: string; readonly error?: string };

/** Where a plugin is, with the time of its last change in the address: so a changed file is a new module. */
function located(source: string, find: () => string): Located {
  try {
    const path = find();
    const { mtimeMs, size } = statSync(path);
    const stamp = `${path} ${mtimeMs} ${size}`;
    return { source, stamp, url: `${pathToFileURL(path).href}?t=${Math.trunc(mtimeMs)}-${size}` };
  } catch (error) {
    return { source, stamp: `failed ${(error as Error).message}`, url: '', error: (error as Error).message };
  }
}

/** The file that a package is loaded from, as Node would find it from the workspace. */
function entryOfPackage(root: string, name: string): string {
  if (!/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name)) throw new Error(`${JSON.stringify(name)} is not the name of an npm package; plugins of the workspace itself lie in plugins/.`);
  const base = join(realpathSync(root), 'patchbay.json');
  const manifest = manifestOf(name, base);
  if (manifest === undefined) throw new Error(`The package ${name} is not installed: run npm install ${name} in the workspace.`);
  const { exports, main } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: unknown; main?: string };
  const target = exports === undefined ? undefined : targetOf(typeof exports === 'object' && exports !== null && '.' in exports ? exports['.'] : exports);
  if (target !== undefined) return join(dirname(manifest), target);
  return main === undefined ? createRequire(base).resolve(name) : createRequire(manifest).resolve(join(dirname(manifest), main));
}

function manifestOf(name: string, base: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(base));
  } catch {
    return undefined;
  }
}

function targetOf(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) return exports.map(targetOf).find((target) => target !== undefined);
  if (typeof exports !== 'object' || exports === null) return undefined;
  // In the order of the package, as Node does.
  for (const [condition, target] of Object.entries(exports)) {
    if (!['node', 'import', 'module-sync', 'default'].includes(condition)) continue;
    const found = targetOf(target);
    if (found !== undefined) return found;
  }
  return undefined;
}

let builtInEntries: Catalog | undefined;

/** What the built-in plugins say of themselves, generated: none of them is loaded for it. */
export function builtInCatalog(): Catalog {
  if (builtInEntries) return builtInEntries;
  const shipped = join(import.meta.dirname, 'catalog.json');
  let text: string;
  try {
    text = readFileSync(shipped, 'utf8');
  } catch {
    text = readFileSync(join(import.meta.dirname, '..', '..', 'plugins', 'catalog.json'), 'utf8');
  }
  return (builtInEntries = JSON.parse(text) as Catalog);
}
