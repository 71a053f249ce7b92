import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from './database.ts';

/** Where the payload of a run lies that is too long for the recording, as long as the run is under way. */
export const inputFile = (root: string, run: string): string => join(inputFolder(root), run);

const inputFolder = (root: string): string => join(stateFolder(root), 'inputs');

/** A file may be there a moment before its run is. */
const youngMs = 3_600_000;

/** Removes the files of runs that are over: their process died before it could. Files have the time of the machine, whatever `now` is elsewhere. */
export function removeStrayInputs(root: string, isOpen: (run: string) => boolean, now = Date.now()): void {
  for (const run of namesIn(inputFolder(root))) {
    const file = inputFile(root, run);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat && stat.ctimeMs < now - youngMs && !isOpen(run)) rmSync(file, { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
