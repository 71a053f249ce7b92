import { readFileSync, statSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, posix, relative, resolve, sep } from 'node:path';
import { realFile, type PackageFile } from './package-files.ts';

/** Where a place of a file was written, before its package was built. Lines and columns count from 1. */
export type Original = (line: number, column: number) => { readonly file: string; readonly line: number; readonly column: number } | undefined;

const longestMap = 32 * 1024 * 1024;

/**
 * By the source map that the file names, which is read when it is first asked; what is wrong with a map is nobody's error. `made`: gives the map of the code that was
 * made of the file. Undefined where the code is as it was written.
 */
export function originalsOf(file: PackageFile, text: string, made?: () => object): Original | undefined {
  const named = /\/\/[#@]\s*sourceMappingURL=(\S+)\s*$/.exec(text.trimEnd().split('\n').at(-1)!)?.[1];
  if (named === undefined && !made) return undefined;
  const own = once(() => (made ? new SourceMap(made() as SourceMapPayload) : undefined));
  const built = once(() => (named === undefined ? undefined : read(file, named)));
  return (line, column) => {
    const code = own();
    const at = code ? entryAt(code, { line, column }) : { line, column };
    const map = at && built();
    const written = map && entryAt(map, at);
    if (written) return { ...written, file: nameOf(written.source, map.payload.sourceRoot, file) };
    return at && code ? { file: `node_modules/${file.owner.name}/${relative(file.owner.folder, file.path).split(sep).join('/')}`, ...at } : undefined;
  };
}

interface At { readonly line: number; readonly column: number }

function entryAt(map: SourceMap, { line, column }: At): (At & { readonly source: string }) | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  return 'originalSource' in entry && typeof entry.originalSource === 'string' ? { source: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 } : undefined;
}

/** `undefined` also where it fails. */
function once<T>(make: () => T): () => T | undefined {
  let made: { readonly value: T | undefined } | undefined;
  return () => {
    if (!made) {
      try {
        made = { value: make() };
      } catch {
        made = { value: undefined };
      }
    }
    return made.value;
  };
}

function read({ path, owner }: PackageFile, named: string): SourceMap | undefined {
  const [, encoding, data] = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(named) ?? [];
  if (data !== undefined) return parsed(encoding === undefined ? decodeURIComponent(data) : Buffer.from(data, 'base64').toString('utf8'));
  const found = realFile(resolve(dirname(path), decodeURIComponent(named)));
  // Nothing outside the package itself is read, whatever it asks for.
  if (!found?.startsWith(owner.folder + sep) || statSync(found).size > longestMap) return undefined;
  return parsed(readFileSync(found, 'utf8'));
}

/** The texts of the sources are not needed. */
const parsed = (text: string): SourceMap => {
  const { sourcesContent: _, ...payload } = JSON.parse(text) as SourceMapPayload;
  return new SourceMap(payload as SourceMapPayload);
};

/** As a file of its package, whatever the tool that built it calls it. */
function nameOf(source: string, root: string | undefined, { path, owner }: PackageFile): string {
  const own = source.replaceAll(/\p{Cc}/gu, '').slice(0, 300);
  const tool = /^[a-z][a-z+.-]+:\/{2,3}[^/]*\/(.*)$/i.exec(own)?.[1];
  const folder = relative(owner.folder, dirname(path)).split(sep).join('/');
  const inside = posix.normalize(tool ?? (own.startsWith('/') ? own.slice(1) : posix.join(folder, root ?? '', own))).replace(/^(\.{1,2}\/)+/, '');
  return `node_modules/${owner.name}/${inside}`;
}
