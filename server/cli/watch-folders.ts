import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

export interface WatchOptions {
  /** Whether a path below the root, with `/`, does not matter; a folder is not looked into then. */
  isIgnored(path: string): boolean;
  onChange(path: string): void;
}

/**
 * Tells of each file below a folder that is written, made, renamed or removed. Each folder has a watcher of its own: the recursive one of Node loses a file on
 * Linux once it is replaced as a whole, as many editors do.
 */
export function watchFolders(root: string, { isIgnored, onChange }: WatchOptions): Disposable {
  const watched = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  const drop = (folder: string): void => {
    watched.get(folder)?.watcher.close();
    watched.delete(folder);
  };
  const changed = (folder: string, name: string | null): void => {
    if (identityOf(join(root, folder)) === undefined) drop(folder);
    const path = [folder, name ?? ''].filter(Boolean).join('/');
    if (path !== '' && isIgnored(path)) return;
    // What was put into a new folder before it was watched is new as well.
    add(path);
    onChange(path);
  };
  const add = (folder: string): void => {
    const identity = identityOf(join(root, folder));
    // A folder that was replaced as a whole has its old watcher, and so have those below it.
    if (identity === undefined || watched.get(folder)?.identity === identity) return;
    drop(folder);
    try {
      // Gone, or too many: what is left is watched.
      watched.set(folder, { identity, watcher: watch(join(root, folder), (_event, name) => changed(folder, name)).on('error', () => drop(folder)) });
      for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory() && !isIgnored(path)) add(path);
      }
    } catch {
      drop(folder);
    }
  };
  add('');
  return { [Symbol.dispose]: () => { for (const folder of watched.keys()) drop(folder); } };
}

/** Tells a folder from another one in its place; numbers of inodes are used again. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found?.isDirectory() === true ? `${found.ino} ${found.birthtimeNs}` : undefined;
}
