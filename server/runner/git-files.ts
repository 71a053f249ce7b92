import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { devNull } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { stateFolder } from '../stores/database.ts';
import { isAlive, takeLease } from '../stores/leases.ts';
import { followLinks, isOfWorkspace } from './git-links.ts';
import { workspaceFolders } from './workspace.ts';

/** A folder with files, which goes when it is disposed. */
export interface GitFiles extends AsyncDisposable {
  readonly folder: string;
}

/**
 * The files of a workspace as they are in a revision of its repository; those that git ignores, and what links out of the repository, as they are. Whatever is checked out or staged stays as it is.
 * Fails with `API_INVALID` where the revision is none.
 */
export async function gitFiles(root: string, revision: string): Promise<GitFiles> {
  const id = randomUUID();
  const lease = takeLease(replaysOf(root), id);
  const place = join(replaysOf(root), id);
  const folder = join(place, 'files');
  const gone = async (): Promise<void> => {
    await rm(place, { recursive: true, force: true });
    lease[Symbol.dispose]();
  };
  const git = (cwd: string, args: readonly string[], input = ''): Promise<string> => run(cwd, args, input, { GIT_INDEX_FILE: join(place, 'index') }).catch((error: unknown) => {
    throw new FlowError('API_INVALID', `Git does not give the files of ${JSON.stringify(revision)}: ${(error as Error).message}`, { cause: error, remedy: 'Name a commit, a branch or a tag of the repository of this workspace, such as HEAD or main.' });
  });
  try {
    if (!/^[\w./~^@{}-]+$/.test(revision) || revision.startsWith('-')) throw new FlowError('API_INVALID', `${JSON.stringify(revision)} is no revision.`, { remedy: 'Name a commit, a branch or a tag of the repository of this workspace, such as HEAD or main.' });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const [repository, prefix] = (await git(root, ['rev-parse', '--absolute-git-dir', '--show-prefix'])).split('\n') as [string, string];
    const here = (args: readonly string[], input?: string): Promise<string> => git(folder, [`--git-dir=${repository}`, `--work-tree=${folder}`, ...args], input);
    await here(['read-tree', `${revision}:${prefix.replace(/\/$/, '')}`]);
    const lost = await followLinks(here, `${revision}:${prefix}`);
    const files = (await here(['ls-files', '-z'])).split('\0').filter(isOfWorkspace);
    await here(['checkout-index', '-z', '--stdin'], files.join('\0'));
    const ignored = (await run(root, ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--', 'patchbay.json', ...workspaceFolders], '', {})).split('\0').filter(Boolean);
    for (const file of [...ignored, ...lost]) await copyFile(file, root, folder);
    return { folder, [Symbol.asyncDispose]: gone };
  } catch (error) {
    await gone();
    throw error;
  }
}

/** What was left of replays whose process ended in the middle. */
export async function clearReplays(root: string): Promise<void> {
  const folder = replaysOf(root);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory() && !isAlive(folder, entry.name)) await rm(join(folder, entry.name), { recursive: true, force: true });
}

const replaysOf = (root: string): string => join(stateFolder(root), 'replays');

/** Or the folder of another repository within this one. What the revision has in its place comes first, and what leads to nothing is left out. */
async function copyFile(file: string, root: string, folder: string): Promise<void> {
  try {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file), { force: false, recursive: true, dereference: true, filter: (from) => basename(from) !== '.git' });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!leftOut.has(code)) throw new FlowError('API_INVALID', `${JSON.stringify(file)}, which is not in the revision, cannot be copied for the replay: ${message}`, { cause: error, remedy: 'See to it that the file can be read, and that there is room for a copy.' });
  }
}

const leftOut = new Set(['ENOENT', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ERR_FS_CP_DIR_TO_NON_DIR', 'ERR_FS_CP_NON_DIR_TO_DIR']);

function run(cwd: string, args: readonly string[], input: string, environment: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('git', ['--no-pager', '-c', `core.hooksPath=${devNull}`, '-c', 'core.symlinks=false', ...args], { cwd, env: { ...process.env, ...environment }, maxBuffer: 32 * 1024 * 1024, windowsHide: true }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim().split('\n')[0] || error.message));
      else resolve(stdout);
    });
    child.stdin?.on('error', () => undefined).end(input);
  });
}
