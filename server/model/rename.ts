import { FlowError } from '../../plugins/sdk/index.ts';
import { fileSchemas } from './file-schemas.ts';
import type { LintWorld } from './lint.ts';
import type { NamedKind } from './lint-world.ts';
import { fileOf, isSameName, namesIn, type Named, type NamedFile, type Spot } from './names.ts';
import { schemaAt } from './schema-walk.ts';
import type { FileKind } from './workspace.ts';

/** A text that replaces another in a file. */
export interface NameEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Renaming {
  readonly edits: readonly NameEdit[];
  /** Files that move. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

const renamed: ReadonlySet<NamedKind> = new Set(['flow', 'step', 'instance', 'connector', 'endpoint', 'auth', 'environment', 'script', 'lookup', 'map', 'schema', 'group']);

/** Whether all places that name it are known: a port and a variable stand in settings and expressions as well. */
export const canRename = ({ kind }: Named): boolean => renamed.has(kind);

/**
 * What changes in a workspace when something gets another name. `paths`: all files that there are. Fails with `CONFIG_INVALID` where it cannot have that name.
 */
export function rename(named: Named, to: string, { files, world, paths }: { readonly files: readonly NamedFile[]; readonly world: LintWorld; readonly paths: readonly string[] }): Renaming {
  const { kind, name, owner } = named;
  if (to === name) return { edits: [], files: [] };
  const spots = files.flatMap((file) => namesIn(file, world));
  checkName(named, to, spots, paths);
  const edits = spots.filter((spot) => isSameName(spot, named)).map(({ file, start, end, ...spot }) => ({ file, start, end, text: JSON.stringify(writtenAs(textAt(files, { ...spot, file, start, end }), name, to)).slice(1, -1) }));
  // What belongs to it is named together with it, such as the steps of a flow in its tests.
  const moved = fileOf(kind, name);
  return { edits, files: owner !== undefined || moved === undefined ? [] : movesOf(kind, name, to, paths) };
}

/** What has another name when a file has moved; `undefined` where nothing names such a file. */
export function renameOfFile(from: string, to: string): { readonly named: Named; readonly to: string } | undefined {
  for (const kind of ['script', 'schema'] as const) if (from.startsWith(`${kind}s/`) && to.startsWith(`${kind}s/`)) return { named: { kind, name: from }, to };
  for (const kind of fileNames) {
    const [folder, ending] = fileOf(kind, '*')!.split('*') as [string, string];
    const nameIn = (file: string): string | undefined => (file.startsWith(folder) && file.endsWith(ending) ? file.slice(folder.length, -ending.length) : undefined);
    const [name, other] = [nameIn(from), nameIn(to)];
    if (name !== undefined && other !== undefined) return { named: { kind, name }, to: other };
  }
  return undefined;
}

const fileNames = ['flow', 'instance', 'connector', 'environment', 'map', 'lookup'] as const;

function checkName({ kind, owner }: Named, to: string, spots: readonly Spot[], paths: readonly string[]): void {
  const section = sections[kind];
  const { pattern, description } = section ? rulesOf(section) : fileRules;
  if (!new RegExp(pattern).test(to)) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(to)} is no name for ${article[kind] ?? 'it'}.`, { remedy: description });
  const isTaken = section ? spots.some((spot) => spot.isDefinition && isSameName(spot, { kind, name: to, ...(owner !== undefined && { owner }) })) : paths.includes(fileOf(kind, to) ?? '');
  if (isTaken) throw new FlowError('CONFIG_INVALID', `There is ${article[kind] ?? 'something'} ${JSON.stringify(to)} already.`, { remedy: 'Choose another name.' });
}

interface NameRules {
  readonly pattern: string;
  readonly description: string;
}

const fileRules: NameRules = { pattern: '^\\w[\\w. -]*(/\\w[\\w. -]*)*$', description: 'Names of files are letters, digits, spaces, hyphens, underscores and dots, with `/` between folders.' };

/** Where what is no file is defined. */
const sections: Partial<Record<NamedKind, readonly [FileKind, ...string[]]>> = { step: ['flow', 'steps'], endpoint: ['connector', 'endpoints'], auth: ['connector', 'auth'], group: ['workspace', 'notifications', 'groups'] };

function rulesOf([kind, ...keys]: readonly [FileKind, ...string[]]): NameRules {
  const { propertyNames } = schemaAt(fileSchemas[kind], keys) as { readonly propertyNames?: NameRules };
  return propertyNames ?? { pattern: '^.+$', description: 'Write at least one character.' };
}

const article: Partial<Record<NamedKind, string>> = { flow: 'a flow', step: 'a step', instance: 'an instance', connector: 'a connector', endpoint: 'an endpoint', auth: 'an auth method', environment: 'an environment', script: 'a script', lookup: 'a lookup', map: 'a mapping', schema: 'a schema', group: 'a group' };

const textAt = (files: readonly NamedFile[], { file, start, end }: Pick<Spot, 'file' | 'start' | 'end'>): string => JSON.parse(`"${files.find((one) => one.file === file)!.text.slice(start, end)}"`) as string;

/** A script may stand without the folder of all scripts. */
function writtenAs(written: string, name: string, to: string): string {
  if (written === name) return to;
  const folder = name.slice(0, name.length - written.length);
  return to.startsWith(folder) ? to.slice(folder.length) : to;
}

/** The file, and those that belong to it by their names. */
function movesOf(kind: NamedKind, name: string, to: string, paths: readonly string[]): Renaming['files'] {
  const pairs = [[fileOf(kind, name)!, fileOf(kind, to)!], ...(kind === 'flow' ? [[`flows/${name}.test.json`, `flows/${to}.test.json`]] : []), ...(kind === 'lookup' ? [[`lookups/${name}.lookup.json`, `lookups/${to}.lookup.json`]] : [])] as [string, string][];
  return pairs.filter(([from]) => paths.includes(from)).map(([from, target]) => ({ from, to: target }));
}
