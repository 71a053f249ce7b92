import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.ts';

let last = 0;

/** Replaces a file as a whole: whoever reads it, and whatever breaks, sees the old text or the new one; after this the new one. */
export async function writeAtomically(file: string, content: string | Iterable<Uint8Array>, mode = 0o644): Promise<void> {
  const own = `${file}.${process.pid}-${++last}.part`;
  try {
    const handle = await open(own, 'w', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(own, file);
    // What has a new name has it after a power cut as well.
    syncFolder(dirname(file));
  } catch (error) {
    await rm(own, { force: true });
    throw error;
  }
}
