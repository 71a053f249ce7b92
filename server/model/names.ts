import { isObject, pointerOf } from './json.ts';
import { namingsIn, type LintWorld } from './lint.ts';
import type { NamedKind } from './lint-world.ts';
import type { ReadFile } from './read.ts';
import { fileKinds, fileOfId, type FileKind } from './workspace.ts';

/** A file of a workspace, as far as names in it are looked for. */
export interface NamedFile {
  readonly kind: FileKind;
  /** Path below the root. */
  readonly file: string;
  readonly id: string;
  readonly text: string;
  readonly read: ReadFile;
}

/** What is named: a step and a port belong to a flow, an endpoint and an auth method to a connector, a param to `connector/endpoint`, a plugin to its kind. */
export interface Named {
  readonly kind: NamedKind;
  readonly name: string;
  readonly owner?: string;
}

/** A name as it stands in a file. */
export interface Spot extends Named {
  readonly file: string;
  readonly pointer: string;
  /** What is named is this very place. */
  readonly isDefinition: boolean;
  /** Offsets of the text between the quotes. */
  readonly start: number;
  readonly end: number;
  /** What could stand there; of a definition nothing. */
  readonly known: readonly string[];
}

export const isSameName = (one: Named, other: Named): boolean => one.kind === other.kind && one.name === other.name && one.owner === other.owner;

/** All names that stand in a file, in the order of the text. Never fails; of a file with broken syntax there are none. */
export function namesIn(file: NamedFile, world: LintWorld): readonly Spot[] {
  const { kind, id, read } = file;
  const used = namingsIn(kind, file.file, read, world).map(({ key = false, owner, ...naming }) => spotOf(file, { ...naming, ...ownerOf(naming.kind, owner, kind, id) }, { key, isDefinition: false }));
  const defined = definitions(kind, read.raw).map(([name, keys, of]) => spotOf(file, { kind: of, name, ...ownerOf(of, undefined, kind, id), pointer: pointerOf(keys), known: [] }, { key: true, isDefinition: true }));
  return [...used, ...defined].filter((spot) => spot !== undefined).sort((one, other) => one.start - other.start);
}

/** The name at an offset; the end of a name belongs to it. */
export const nameAt = (spots: readonly Spot[], offset: number): Spot | undefined => spots.find(({ start, end }) => start <= offset && offset <= end);

export interface Definition {
  readonly file: string;
  /** The place in it; `''`: the file itself. */
  readonly pointer: string;
}

/** Where it is defined; `undefined` where that is no file of the workspace. `paths`: all files that there are. */
export function definitionOf({ kind, name, owner }: Named, paths: readonly string[]): Definition | undefined {
  const [file, ...keys] = placeOf(kind, name, owner) ?? [];
  return file !== undefined && paths.includes(file) ? { file, pointer: pointerOf(keys) } : undefined;
}

/** The file of what is a file itself. */
export function fileOf(kind: NamedKind, name: string): string | undefined {
  const [file, ...keys] = placeOf(kind, name, undefined) ?? [];
  return keys.length === 0 ? file : undefined;
}

function placeOf(kind: NamedKind, name: string, owner: string | undefined): readonly string[] | undefined {
  const of = (files: FileKind, id = name): string => fileOfId(files, id);
  const below = (files: FileKind, section: string): readonly string[] | undefined => (owner === undefined ? undefined : [of(files, owner), section, name]);
  switch (kind) {
    case 'flow': case 'instance': case 'connector': case 'environment': case 'map': return [of(kind)];
    case 'script': case 'schema': return [name];
    case 'lookup': return [`lookups/${name}.csv`];
    case 'step': return below('flow', 'steps');
    case 'variable': return below('flow', 'variables');
    case 'endpoint': return below('connector', 'endpoints');
    case 'auth': return below('connector', 'auth');
    case 'param': {
      const [, connector, endpoint] = /^([^/]*)\/(.*)$/.exec(owner ?? '') ?? [];
      return connector === undefined || endpoint === undefined ? undefined : [of('connector', connector), 'endpoints', endpoint, 'params', name];
    }
    case 'group': return [fileKinds.workspace.ending, 'notifications', 'groups', name];
    case 'port': case 'plugin': return undefined;
  }
}

/** In its own file a step is that of the flow, an endpoint that of the connector. */
function ownerOf(named: NamedKind, owner: string | undefined, kind: FileKind, id: string): { readonly owner?: string } {
  if (owner !== undefined) return { owner };
  if (kind === 'flow' && (named === 'step' || named === 'port' || named === 'variable')) return { owner: id };
  return kind === 'connector' && (named === 'endpoint' || named === 'auth') ? { owner: id } : {};
}

function definitions(kind: FileKind, raw: unknown): [name: string, keys: readonly string[], kind: NamedKind][] {
  const in_ = (section: readonly string[], named: NamedKind): [string, readonly string[], NamedKind][] => {
    const found = section.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), raw);
    return Object.keys(isObject(found) ? found : {}).map((name) => [name, [...section, name], named]);
  };
  if (kind === 'flow') return [...in_(['steps'], 'step'), ...in_(['variables'], 'variable')];
  if (kind === 'connector') return [...in_(['endpoints'], 'endpoint'), ...in_(['auth'], 'auth')];
  return kind === 'workspace' ? in_(['notifications', 'groups'], 'group') : [];
}

function spotOf({ file, text, read }: NamedFile, { pointer, known, ...named }: Named & { readonly pointer: string; readonly known: readonly string[] }, { key, isDefinition }: { readonly key: boolean; readonly isDefinition: boolean }): Spot | undefined {
  const { offset, length } = read.mark(pointer, { key });
  return text[offset] === '"' ? { ...named, file, pointer, isDefinition, known, start: offset + 1, end: offset + length - 1 } : undefined;
}
