import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { exports as exported, imports as imported, legacy, type Package } from 'resolve.exports';

/** A file of an npm package. */
export interface PackageFile {
  /** Without links. */
  readonly path: string;
  readonly owner: PackageFolder;
}

export interface PackageFolder {
  readonly name: string;
  /** Without links. */
  readonly folder: string;
  readonly manifest: Manifest;
}

type Manifest = Package & { readonly name?: string; readonly type?: string; readonly browser?: string | Readonly<Record<string, string | false>> };

/** What an import leads to: a file, nothing (where the package says so for browsers), or a module of Node.js, which is not there. */
export type Found = PackageFile | 'nothing' | 'builtin';

/** `@scope/name` or `name` of `@scope/name/some/file`. */
export const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Finds what a package gives under a name, from a folder upwards. Undefined where it is not installed or gives no such thing. */
export function findPackage(specifier: string, from: string): PackageFile | 'nothing' | undefined {
  const name = packageOf(specifier);
  for (let folder = from; ; folder = dirname(folder)) {
    const owner = packageIn(join(folder, 'node_modules', name), name);
    if (owner) return entryOf(owner, specifier.slice(name.length));
    if (dirname(folder) === folder) return undefined;
  }
}

/** What a file of a package gets when it imports something. Scripts have more in common with a browser than with Node.js. */
export function findFrom({ path, owner }: PackageFile, specifier: string): Found | undefined {
  const instead = forBrowsers(owner);
  const own = (target: string): Found | undefined => ownFile(owner, target);
  if (/^\.{1,2}(\/|$)/.test(specifier)) return own(join(dirname(path), specifier));
  if (specifier.startsWith('#')) {
    const [target] = first(() => imported(owner.manifest, specifier, { browser: true, require: true })) ?? first(() => imported(owner.manifest, specifier, { browser: true })) ?? [];
    return target === undefined ? undefined : target.startsWith('./') ? own(join(owner.folder, target)) : findFrom({ path, owner }, target);
  }
  const other = instead[specifier];
  if (other === false) return 'nothing';
  if (other !== undefined && other !== specifier) return other.startsWith('.') ? own(join(owner.folder, other)) : findFrom({ path, owner }, other);
  return isBuiltin(specifier) ? 'builtin' : findPackage(specifier, dirname(path));
}

/** What stands in for a file or a module where there is no Node.js; false for nothing. */
const forBrowsers = ({ manifest: { browser } }: PackageFolder): Readonly<Record<string, string | false>> => (typeof browser === 'object' ? browser : {});

function ownFile(owner: PackageFolder, target: string): PackageFile | 'nothing' | undefined {
  const key = `./${relative(owner.folder, target).split(sep).join('/')}`;
  const other = [key, `${key}.js`, `${key}/index.js`].map((name) => forBrowsers(owner)[name]).find((value) => value !== undefined);
  return other === false ? 'nothing' : fileIn(owner, other === undefined ? target : join(owner.folder, other));
}

function entryOf(owner: PackageFolder, rest: string): PackageFile | 'nothing' | undefined {
  const { manifest, folder } = owner;
  if (manifest.exports !== undefined) {
    const entry = rest === '' ? '.' : `.${rest}`;
    // CommonJS is what scripts become; modules are made so.
    for (const options of [{ browser: true, require: true }, { browser: true }]) {
      for (const target of first(() => exported(manifest, entry, options)) ?? []) {
        const file = fileIn(owner, join(folder, target));
        if (file) return file;
      }
    }
    return undefined;
  }
  if (rest !== '') return ownFile(owner, join(folder, rest));
  const main = typeof manifest.browser === 'string' ? manifest.browser : legacy(manifest, { browser: false, fields: ['main', 'module'] });
  return (main === undefined ? undefined : ownFile(owner, join(folder, main))) ?? ownFile(owner, join(folder, 'index'));
}

/** Nothing outside the package itself is read, whatever it asks for. */
function fileIn(owner: PackageFolder, target: string): PackageFile | undefined {
  for (const ending of ['', '.js', '.cjs', '.mjs', '.json', `${sep}index.js`, `${sep}index.cjs`, `${sep}index.json`]) {
    const path = realFile(target + ending);
    if (path !== undefined) return path.startsWith(owner.folder + sep) ? { path, owner } : undefined;
  }
  // A folder with a package.json of its own, such as `lodash/fp` of some packages.
  const inner = packageIn(target, owner.name);
  return inner && inner.folder.startsWith(owner.folder + sep) && typeof inner.manifest.main === 'string' ? fileIn(owner, join(inner.folder, inner.manifest.main)) : undefined;
}

function packageIn(folder: string, name: string): PackageFolder | undefined {
  const file = realFile(join(folder, 'package.json'));
  if (file === undefined) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof manifest === 'object' && manifest !== null ? { name, folder: dirname(file), manifest: { name, ...manifest } as Manifest } : undefined;
}

/** Without links; undefined where there is no such file. */
export function realFile(path: string): string | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  return realpathSync(path);
}

/** It throws where there is no such entry. */
function first<T>(find: () => readonly T[] | void): readonly T[] | undefined {
  try {
    return find() ?? undefined;
  } catch {
    return undefined;
  }
}
