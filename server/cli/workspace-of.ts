import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { fileKinds, type WorkspaceFile } from '../model/workspace.ts';
import { findWorkspace } from '../runner/workspace-files.ts';
import { didYouMean } from '../model/suggest.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface WorkspaceOption { readonly workspace?: string }

/** The workspace of a command: what `--workspace` names, else the nearest above the file that is meant, else above the current folder. */
export function workspaceOf({ folder }: Pick<Terminal, 'folder'>, { workspace }: WorkspaceOption, file?: string): string {
  const from = workspace === undefined ? (file === undefined ? folder : dirname(resolve(folder, file))) : resolve(folder, workspace);
  const root = workspace === undefined ? findWorkspace(from) : isFile(join(from, 'patchbay.json')) ? from : undefined;
  if (root !== undefined) return root;
  const where = workspace === undefined ? `${from} lies in no workspace` : `${from} is no workspace`;
  throw new CommandError(`${where}: there is no patchbay.json.`, { exitCode: exit.invalid, hint: 'Make one with `patchbay init`, or name one with --workspace.' });
}

/** A flow by its id or by its file. `mayBeGone`: it may be one that is deployed and has no file any more; the runner knows. Fails with `CONFIG_NOT_FOUND`, and says which one may have been meant. */
export function flowOf(terminal: Pick<Terminal, 'folder'>, given: string, options: WorkspaceOption & { readonly mayBeGone?: boolean }): { readonly root: string; readonly flow: string } {
  const { root, id } = namedOf(terminal, 'flow', given, options);
  return { root, flow: id };
}

/** The same for a mapping file. */
export function mapOf(terminal: Pick<Terminal, 'folder'>, given: string, options: WorkspaceOption): { readonly root: string; readonly map: string } {
  const { root, id } = namedOf(terminal, 'map', given, options);
  return { root, map: id };
}

function namedOf(terminal: Pick<Terminal, 'folder'>, kind: 'flow' | 'map', given: string, options: WorkspaceOption & { readonly mayBeGone?: boolean }): { readonly root: string; readonly id: string } {
  const { folder, ending } = fileKinds[kind];
  const path = resolve(terminal.folder, given);
  if (given.endsWith(ending) && isFile(path)) {
    const root = workspaceOf(terminal, options, given);
    const below = relative(join(root, folder), path);
    if (below.startsWith('..') || isAbsolute(below)) throw new CommandError(`${given} is not in the folder ${folder}/ of the workspace ${root}.`);
    return { root, id: below.split(sep).join('/').slice(0, -ending.length) };
  }
  const root = workspaceOf(terminal, options);
  const id = given.replace(new RegExp(`^${folder}/`), '').replace(new RegExp(`${ending.replaceAll('.', String.raw`\.`)}$`), '');
  if (options.mayBeGone) return { root, id };
  const ids = idsOf(root, kind);
  if (!ids.includes(id)) throw new FlowError('CONFIG_NOT_FOUND', `There is no ${kind === 'flow' ? 'flow' : 'mapping'} "${id}" in ${basename(root)}.${didYouMean(id, ids) || (ids.length ? ` There ${ids.length === 1 ? 'is' : 'are'} ${ids.slice(0, 8).join(', ')}.` : '')}`);
  return { root, id };
}

/** Ids of the files of a kind, by their names alone: no file is read. */
export function idsOf(root: string, kind: 'flow' | 'connector' | 'instance' | 'map'): string[] {
  const { folder, ending } = fileKinds[kind];
  const names = statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() ? (readdirSync(join(root, folder), { recursive: true }) as string[]) : [];
  return names.filter((name) => name.endsWith(ending)).map((name) => name.split(sep).join('/').slice(0, -ending.length)).sort();
}

/** The workspace's file. One that cannot be read counts as empty here: `lint` and the runner say what is wrong with it. */
export const workspaceFile = (root: string): Partial<WorkspaceFile> => readObject(join(root, 'patchbay.json'));

function readObject(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
