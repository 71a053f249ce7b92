import { workspaceFolders } from './workspace.ts';

type Git = (args: readonly string[], input?: string) => Promise<string>;

/** Links to folders that hold links again, and so on. */
const deepest = 5;

export const isOfWorkspace = (file: string): boolean => file === 'patchbay.json' || workspaceFolders.some((one) => file === one || file.startsWith(`${one}/`));

/** Puts what links mean in the place of links of the index, as `tree` has it. Gives those that lead to nothing in it, which are left out. */
export async function followLinks(git: Git, tree: string): Promise<readonly string[]> {
  const lost: string[] = [];
  for (let depth = 0; ; depth++) {
    const links = (await git(['ls-files', '-s', '-z'])).split('\0').flatMap((entry) => { const [, file] = /^120000 [^\t]*\t([^]*)$/.exec(entry) ?? []; return file !== undefined && isOfWorkspace(file) ? [file] : []; });
    if (links.length === 0) return lost;
    for (const link of links) {
      const [, id, type] = (depth < deepest && /^(\w+) (blob|tree) /.exec(await git(['cat-file', '--batch-check', '--follow-symlinks'], `${tree}${link}\n`))) || [];
      await git(['update-index', '--force-remove', '--', link]);
      if (type === 'blob') await git(['update-index', '--add', '--cacheinfo', `100644,${id},${link}`]);
      else if (type === 'tree') await git(['read-tree', `--prefix=${link}/`, id!]);
      else lost.push(link);
    }
  }
}
