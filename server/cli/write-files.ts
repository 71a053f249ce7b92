import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError, exit } from './exit-codes.ts';

/** Writes new files, all or none: a file that is there is never written over. */
export async function writeFiles(root: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const names = Object.keys(files);
  const taken = names.filter((name) => existsSync(join(root, name)));
  if (taken.length) throw new CommandError(`${taken.join(', ')} ${taken.length === 1 ? 'is' : 'are'} there already.`, { exitCode: exit.refused, hint: 'Choose another name, or remove what is there.' });
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), files[name]!, { flag: 'wx' });
  }
  return names;
}
