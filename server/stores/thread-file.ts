import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The code of a worker thread: shipped, `<name>.js` beside the bundle; in a checkout the TypeScript file beside the caller, whose folder is given. */
export function threadFile(folder: string, name: string): URL {
  const shipped = join(folder, `${name}.js`);
  return pathToFileURL(existsSync(shipped) ? shipped : join(folder, `${name}.ts`));
}
