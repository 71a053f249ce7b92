import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** A file of the workspace as it was when it was last looked at. */
export interface FoundFile {
  /** Below the root, with `/`. */
  readonly file: string;
  readonly path: string;
  /** Changes with the content. */
  readonly stamp: string;
  readonly size: number;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Links that lead out of the workspace: they are not followed. */
  readonly refused: readonly string[];
}

/** The nearest folder, from here upwards, that holds a `patchbay.json`. */
export function findWorkspace(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (statSync(join(folder, 'patchbay.json'), { throwIfNoEntry: false })?.isFile()) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Lists the files of some folders of a root, sorted, and single files. Folders that are links are not entered, files that are links must lead to a file of the root;
 * names that begin with a dot and `node_modules` are left out.
 */
export function listFiles(root: string, folders: readonly string[], single: readonly string[] = []): FoundFiles {
  const realRoot = realpathSync(root);
  const files: FoundFile[] = [];
  const refused: string[] = [];
  const add = (path: string): void => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) files.push({ file: relative(root, path).split(sep).join('/'), path, stamp: `${stat.mtimeMs} ${stat.size} ${stat.ino}`, size: stat.size });
  };
  const visit = (folder: string): void => {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) add(path);
      else if (entry.isSymbolicLink()) {
        if (isFileWithin(realRoot, path)) add(path);
        else refused.push(relative(root, path).split(sep).join('/'));
      }
    }
  };
  for (const file of single) add(join(root, file));
  for (const folder of folders) {
    const path = join(root, folder);
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) refused.push(folder);
    else visit(path);
  }
  files.sort((left, right) => (left.file < right.file ? -1 : 1));
  return { files, refused };
}

/** The text of a file; `undefined` where it has gone since it was listed. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a path below the root really lies there, whatever links say. What is not there yet lies where its folder does. */
export function isWithin(root: string, file: string): boolean {
  try {
    const realRoot = realpathSync(root);
    let path = join(root, file);
    while (!lstatSync(path, { throwIfNoEntry: false }) && path !== dirname(path)) path = dirname(path);
    return `${realpathSync(path)}${sep}`.startsWith(`${realRoot}${sep}`);
  } catch {
    return false;
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function isFileWithin(realRoot: string, path: string): boolean {
  try {
    const real = realpathSync(path);
    return real.startsWith(realRoot + sep) && statSync(real).isFile();
  } catch {
    return false;
  }
}
