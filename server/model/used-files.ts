import { idOf, type LintWorld } from './lint.ts';
import { textsIn } from './json.ts';
import { definitionOf, namesIn, type NamedFile } from './names.ts';
import { fileKinds, fileOfId } from './workspace.ts';

interface Files {
  readonly files: readonly NamedFile[];
  /** All files that there are, scripts, schemas, lookups and plugins included. */
  readonly paths: readonly string[];
  readonly world: LintWorld;
}

/** The files that a run of some of them reads, below the root: they themselves, all that they name, and what that names. `environment`: with which it runs. */
export function usedFiles(starts: readonly string[], environment: string | undefined, { files, paths, world }: Files): ReadonlySet<string> {
  const known = new Map(files.map((file) => [file.file, file]));
  const used = new Set<string>();
  const left = [...starts, fileKinds.workspace.ending, ...(environment === undefined ? [] : [fileOfId('environment', environment)]), ...paths.filter((path) => path.startsWith('plugins/'))];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (used.has(path)) continue;
    used.add(path);
    // A script may import any other, and ask any lookup.
    if (path.startsWith('scripts/')) left.push(...paths.filter((other) => /^(?:scripts|lookups)\//.test(other)));
    if (path.startsWith('lookups/')) left.push(path.replace(/\.csv$/, fileKinds.lookup.ending));
    const file = known.get(path);
    // Nothing names the documents of its cases: each text that may be a path counts.
    if (file?.kind === 'test') left.push(fileOfId('flow', idOf('test', path)), ...textsIn(file.read.raw).filter((text) => isPath.test(text)));
    // An environment is for all instances, of which a run uses some.
    if (file && file.kind !== 'environment' && file.kind !== 'workspace') left.push(...namesIn(file, world).flatMap((spot) => definitionOf(spot, paths)?.file ?? []));
  }
  return used;
}

const isPath = /^[^{}:\n]+\.\w+$/;
