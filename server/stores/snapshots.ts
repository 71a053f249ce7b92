import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { prepareStateFolder, stateFolder, storageFailed } from './database.ts';
import { faultPoint } from './fault-point.ts';
import { syncFolder } from './sync-folder.ts';

/** What makes a version of a flow. Equal contents have equal hashes, whenever and by whomever they were put together. */
export interface SnapshotContent {
  /** Below the root of the workspace, with `/`. */
  readonly files: readonly { readonly file: string; readonly bytes: Uint8Array }[];
  /** npm packages that its plugins come from or use, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
}

/** `snapshot.json`: what a snapshot says of itself. */
export interface SnapshotHead {
  readonly version: 1;
  readonly flow: string;
  readonly number: number;
  readonly hash: string;
  readonly createdAt: number;
  readonly by: string;
  readonly note?: string;
  /** Version of Patchbay that made it. */
  readonly engine: string;
  readonly packages: Readonly<Record<string, string>>;
  /** Flows that it calls: they run in the version that is deployed of them. */
  readonly flows: readonly string[];
  /** SHA-256 of each file. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Versions of flows: folders `.patchbay/versions/<flow>/<number>/` that hold the files as they were, laid out like the workspace. One that has its name is
 * complete, and never changes again.
 */
export interface Snapshots {
  folderOf(flow: string, number: number): string;
  /**
   * Whoever calls it holds the lock of the state. A folder that is there has been forgotten by a crash, and is replaced. `check` may look at the snapshot while it
   * has another name; where it fails, there is none. (What was loaded from a folder is never loaded anew, so nothing is loaded from one that another may
   * replace.) Fails with `STORAGE_FAILED`, and as `check` does.
   */
  write(content: SnapshotContent, head: Omit<SnapshotHead, 'version' | 'hash' | 'packages' | 'files'>, check?: (folder: string, head: SnapshotHead) => Promise<void>): Promise<SnapshotHead>;
  /** Reads what a snapshot says of itself, and checks that its files are those that were deployed: no other, no more, no less. Fails with `VERSION_DAMAGED`. */
  verify(flow: string, number: number, hash: string): SnapshotHead;
}

const headFile = 'snapshot.json';

export function openSnapshots(root: string): Snapshots {
  const flowFolder = (flow: string): string => join(stateFolder(root), 'versions', folderNameOf(flow));
  const folderOf = (flow: string, number: number): string => join(flowFolder(flow), String(number));
  return {
    folderOf,
    async write(content, given, check) {
      const head: SnapshotHead = { version: 1, ...given, hash: hashOf(content), packages: content.packages, files: Object.fromEntries(content.files.map(({ file, bytes }) => [file, sha256(bytes)])) };
      const folder = folderOf(head.flow, head.number);
      const draft = `${folder}.${head.hash.slice(0, 12)}.part`;
      let isChecked = true;
      try {
        prepareStateFolder(root);
        await removeLeavings(folder);
        mkdirSync(draft, { recursive: true });
        await writeFiles(draft, [...content.files, { file: headFile, bytes: Buffer.from(`${JSON.stringify(head, undefined, 2)}\n`) }]);
        faultPoint('snapshot-written');
        isChecked = false;
        await check?.(draft, head);
        isChecked = true;
        await rename(draft, folder);
        for (let above = dirname(folder); above !== root; above = dirname(above)) syncFolder(above);
        faultPoint('snapshot-renamed');
        return head;
      } catch (error) {
        await rm(draft, { recursive: true, force: true }).catch(() => undefined);
        throw isChecked ? storageFailed(error, folder, 'The version') : error;
      }
    },
    verify(flow, number, hash) {
      const folder = folderOf(flow, number);
      const damaged = (what: string): FlowError => new FlowError('VERSION_DAMAGED', `Version ${number} of the flow ${JSON.stringify(flow)} is not what was deployed: ${what}.`, { details: { flow, version: number, folder } });
      if (!existsSync(folder)) throw damaged(`the folder ${folder} is missing`);
      const head = readHead(folder);
      if (!head) throw damaged(`${headFile} cannot be read`);
      const found = filesBelow(folder).filter((file) => file !== headFile);
      const extra = found.find((file) => !Object.hasOwn(head.files, file));
      if (extra !== undefined) throw damaged(`${extra} was added`);
      for (const [file, wanted] of Object.entries(head.files)) {
        if (!found.includes(file)) throw damaged(`${file} is missing`);
        if (sha256(readFileSync(join(folder, file))) !== wanted) throw damaged(`${file} was changed`);
      }
      if (contentHash(head.files, head.packages) !== hash) throw damaged(`${headFile} was changed`);
      return head;
    },
  };
}

export const hashOf = ({ files, packages }: SnapshotContent): string => contentHash(Object.fromEntries(files.map(({ file, bytes }) => [file, sha256(bytes)])), packages);

const contentHash = (files: Readonly<Record<string, string>>, packages: Readonly<Record<string, string>>): string => sha256(JSON.stringify([sorted(files), sorted(packages)]));
const sorted = (values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] => Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

/** Ids of flows may hold slashes, so that a folder per part would make a version of `a` and the flow `a/1` one. */
function folderNameOf(flow: string): string {
  const name = encodeURIComponent(flow).replaceAll('*', '%2A');
  // Longer names of folders are not possible everywhere.
  return name.length <= 150 ? name : `${name.slice(0, 100)}~${sha256(flow).slice(0, 32)}`;
}

/** What crashes have left: a version that the index does not name, and half ones. */
async function removeLeavings(folder: string): Promise<void> {
  const above = dirname(folder);
  const names = existsSync(above) ? readdirSync(above).filter((name) => name === basename(folder) || name.endsWith('.part')) : [];
  for (const name of names) await rm(join(above, name), { recursive: true, force: true });
}

async function writeFiles(folder: string, files: SnapshotContent['files']): Promise<void> {
  const folders = new Set([folder]);
  for (const { file, bytes } of files) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    for (let above = dirname(path); above !== folder; above = dirname(above)) folders.add(above);
    // Nobody is to change it by mistake.
    const handle = await open(path, 'wx', 0o444);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    faultPoint('snapshot-file-written');
  }
  for (const one of folders) syncFolder(one);
}

function readHead(folder: string): SnapshotHead | undefined {
  try {
    const head = JSON.parse(readFileSync(join(folder, headFile), 'utf8')) as SnapshotHead;
    return head.version === 1 && typeof head.files === 'object' && typeof head.packages === 'object' ? head : undefined;
  } catch {
    return undefined;
  }
}

const filesBelow = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) => !lstatSync(join(folder, name)).isDirectory()).map((name) => relative(folder, join(folder, name)).split(sep).join('/'));
