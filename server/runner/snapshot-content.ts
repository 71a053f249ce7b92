import { readFileSync } from 'node:fs';
import { findPlugin, type Catalog } from '../model/catalog.ts';
import { isObject } from '../model/json.ts';
import type { SnapshotContent } from '../stores/snapshots.ts';
import { refsIn } from './refs.ts';
import { importsOf, installedVersion, packageOf, targetOf } from './source-imports.ts';
import { listFiles, type FoundFile } from './workspace-files.ts';
import type { Entry, Workspace } from './workspace.ts';

export interface SnapshotPlan extends SnapshotContent {
  /** Flows that it calls; they are no part of it. */
  readonly flows: readonly string[];
  /** Imports of its plugins that lead out of the workspace. */
  readonly outside: readonly { readonly file: string; readonly specifier: string }[];
}

/**
 * All that a flow needs, as the files are now. Definitions are found by what refers to them. Scripts, lookups and schemas are taken where their name stands in
 * anything that is taken, be it in an expression or in the code of a plugin: one too many does no harm. Plugins reach each other by name only, so all of them
 * are taken. Environments are, since a version runs in any of them. `more`: instances that scripts name.
 */
export function snapshotContent(workspace: Workspace, catalog: Catalog, entry: Entry<'flow'>, more: readonly string[] = []): SnapshotPlan {
  const { flow, instances, connectors, flows, maps } = definitionsOf(workspace, catalog, entry, more);
  const definitions = [flow, ...instances, ...connectors, ...maps, ...workspace.environments.values()];
  const found = new Map(listFiles(workspace.root, ['connectors', 'lookups', 'plugins', 'schemas', 'scripts']).files.map((file) => [file.file, file]));
  const texts = new Map<string, Uint8Array>();
  const take = (file: FoundFile): void => void texts.set(file.file, readFileSync(file.path));
  for (const file of found.values()) if (file.file.startsWith('plugins/') && !isTest.test(file.file)) take(file);
  for (const { id } of connectors) for (const file of found.values()) if (file.file.startsWith(`connectors/${id}/`) && !file.file.startsWith(`connectors/${id}/fixtures/`) && !file.file.endsWith('.connector.json')) take(file);
  const outside = takeImports(workspace.root, texts, take);
  takeNamed(workspace, found, definitions, texts, take);
  outside.push(...takeImports(workspace.root, texts, take));
  const further = instancesIn(texts, [...workspace.instances.keys()].filter((id) => !instances.some((one) => one.id === id)));
  if (further.length > 0) return snapshotContent(workspace, catalog, entry, [...more, ...further]);
  const files = [
    { file: 'patchbay.json', bytes: Buffer.from(configOf(workspace)) },
    ...definitions.map(({ file, text }) => ({ file, bytes: Buffer.from(text) })),
    ...[...texts].map(([file, bytes]) => ({ file, bytes })),
  ].sort((left, right) => (left.file < right.file ? -1 : 1));
  return { files, packages: packagesOf(workspace, texts), flows, outside };
}

const isTest = /\.test\.[cm]?[jt]s$/;
const isCode = /\.[cm]?[jt]s$/;

/** Keys of `patchbay.json` that are about the place where flows run, and not about the flow; they count as they are when it runs. */
const ofThePlace = new Set(['$schema', 'title', 'environment', 'redact', 'retention', 'server', 'notifications']);

function configOf({ configEntry }: Workspace): string {
  const value = configEntry?.read.value ?? { version: 1 };
  return `${JSON.stringify(Object.fromEntries(Object.entries(value).filter(([key]) => !ofThePlace.has(key))), undefined, 2)}\n`;
}

/** Instances that a script asks by `context.http`: those whose name stands in it as a text. */
function instancesIn(texts: ReadonlyMap<string, Uint8Array>, ids: readonly string[]): string[] {
  const scripts = [...texts].filter(([file]) => file.startsWith('scripts/')).map(([, bytes]) => Buffer.from(bytes).toString('utf8'));
  return ids.filter((id) => scripts.some((text) => ["'", '"', '`'].some((quote) => text.includes(`${quote}${id}${quote}`))));
}

function definitionsOf(workspace: Workspace, catalog: Catalog, flow: Entry<'flow'>, more: readonly string[]) {
  const { steps = {}, triggers = {} } = flow.read.value ?? {};
  const uses = [
    ...Object.values(steps).map(({ shape, settings }) => ({ plugin: findPlugin(catalog, 'shape', shape), settings })),
    ...Object.values(triggers).map(({ trigger, settings }) => ({ plugin: findPlugin(catalog, 'trigger', trigger), settings })),
  ];
  const named = (ref: string): string[] => [...new Set(uses.flatMap(({ plugin, settings }) => (plugin ? refsIn(settings, plugin.settings, ref) : [])))].sort();
  const instances = [...new Set([...named('instance'), ...more])].sort().map((id) => workspace.instances.get(id)).filter((entry) => entry !== undefined);
  const connectors = new Set(instances.map(({ read }) => workspace.connectors.get(read.value?.connector ?? '')).filter((entry) => entry !== undefined));
  return { flow, instances, connectors: [...connectors], flows: named('flow'), maps: mapsOf(workspace, catalog, named('map')) };
}

/** Mappings and those that they call. */
function mapsOf(workspace: Workspace, catalog: Catalog, names: readonly string[]): readonly Entry<'map'>[] {
  const schema = findPlugin(catalog, 'shape', 'map')?.settings ?? {};
  const found = new Map<string, Entry<'map'>>();
  // A list that grows while it is walked is walked to its new end.
  const left = [...names];
  for (const name of left) {
    const entry = workspace.maps.get(name);
    if (!entry || found.has(name)) continue;
    found.set(name, entry);
    left.push(...refsIn({ rules: entry.read.value?.rules ?? [] }, schema, 'map'));
  }
  return [...found.values()];
}

/** What the taken code imports, and what that imports. Gives what leads out of the workspace. */
function takeImports(root: string, texts: ReadonlyMap<string, Uint8Array>, take: (file: FoundFile) => void): { file: string; specifier: string }[] {
  const outside: { file: string; specifier: string }[] = [];
  // A map that grows while it is walked is walked to its new end.
  for (const [file, bytes] of texts) {
    if (!isCode.test(file)) continue;
    for (const specifier of importsOf(Buffer.from(bytes).toString('utf8'))) {
      if (!specifier.startsWith('.')) continue;
      const target = targetOf(file, specifier);
      if (target === undefined) outside.push({ file, specifier });
      const next = target === undefined ? undefined : listFiles(root, [], importEndings.map((ending) => target + ending)).files[0];
      if (next && !texts.has(next.file)) take(next);
    }
  }
  return outside;
}

/** CommonJS leaves them out. */
const importEndings = ['', '.js', '.cjs', '.json', '/index.js'];

function takeNamed(workspace: Workspace, found: ReadonlyMap<string, FoundFile>, definitions: readonly Entry[], texts: ReadonlyMap<string, Uint8Array>, take: (file: FoundFile) => void): void {
  let words = [...definitions.flatMap(({ read }) => textsIn(read.value ?? read.raw)), ...[...texts.values()].map((bytes) => Buffer.from(bytes).toString('utf8'))].join('\n');
  const candidates = new Map([
    ...workspace.scripts.map((file) => [file, file.slice('scripts/'.length)] as const),
    ...workspace.schemas.map((file) => [file, file.slice('schemas/'.length)] as const),
    ...workspace.lookups.map((name) => [`lookups/${name}.csv`, name] as const),
  ]);
  // A lookup that is named by a variable may be any of them.
  const isAny = (file: string): boolean => file.startsWith('lookups/') && /\blookup\s*:\s*[A-Za-z_[]/.test(words);
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const [file, name] of candidates) {
      if (!words.includes(name) && !isAny(file)) continue;
      candidates.delete(file);
      for (const one of [file, file.replace(/\.csv$/, '.lookup.json')]) {
        const next = found.get(one);
        if (!next || texts.has(one)) continue;
        take(next);
        // Tables name nothing.
        if (!one.endsWith('.csv')) words += `\n${Buffer.from(texts.get(one)!).toString('utf8')}`;
        isNew = true;
      }
    }
  }
}

/** All texts of a JSON value, keys too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]) : [];
}

function packagesOf({ root, config }: Workspace, texts: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  const code = [...texts].filter(([file]) => isCode.test(file)).flatMap(([, bytes]) => importsOf(Buffer.from(bytes).toString('utf8')));
  const names = new Set([...(config.plugins ?? []), ...code.map(packageOf).filter((name) => name !== undefined)]);
  return Object.fromEntries([...names].sort().flatMap((name) => {
    const version = installedVersion(root, name);
    return version === undefined ? [] : [[name, version] as const];
  }));
}
