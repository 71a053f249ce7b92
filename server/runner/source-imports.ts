import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Modules that a source names in imports and exports, in `import()` and in `require()`. Those in comments are found too: one too many does no harm. */
export const importsOf = (text: string): string[] =>
  [...text.matchAll(/\b(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"\n]+)['"]|\bimport\s*['"]([^'"\n]+)['"]|\b(?:import|require)\s*\(\s*['"]([^'"\n]+)['"]/g)].map((found) => (found[1] ?? found[2] ?? found[3]) as string);

/** Where a relative import of a file leads, below the root; `undefined` where it leads out of it. */
export function targetOf(file: string, specifier: string): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(file), specifier.replace(/[?#].*$/, '')));
  return target === '..' || target.startsWith('../') || posix.isAbsolute(target) ? undefined : target;
}

/** The npm package of an import; `undefined` of what is none. */
export function packageOf(specifier: string): string | undefined {
  if (/^(?:\.|\/|#|[a-z]+:)/.test(specifier)) return undefined;
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The version of a package as it is installed for a workspace; `undefined` where it is not. */
export function installedVersion(root: string, name: string): string | undefined {
  try {
    const manifest = findPackageJSON(name, pathToFileURL(join(root, 'patchbay.json')));
    return manifest === undefined ? undefined : ((JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version ?? '0.0.0');
  } catch {
    return undefined;
  }
}
