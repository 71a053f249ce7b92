import { readFileSync } from 'node:fs';
import { basename, relative, sep } from 'node:path';
import type { Node, Program } from 'acorn';
import { transform, type Options } from 'sucrase';
import type { ScriptSource } from '../../sdk/index.ts';
import { scriptInvalid } from './invalid.ts';
import { findFrom, findPackage, packageOf, type Found, type PackageFile } from './package-files.ts';
import { parseScript } from './parser.ts';
import { originalsOf, type Original } from './source-map.ts';
import type { ModuleLines } from './stack.ts';

/** What a script imports, and where it says so for the first time. */
export interface Wanted {
  readonly specifier: string;
  readonly at?: { readonly line: number; readonly column?: number } | undefined;
}

const maxLength = 8 * 1024 * 1024;

export interface Bundle {
  /** A function expression that takes what to do with other names and gives `require`; `''` where there are none. */
  readonly code: string;
  readonly modules: readonly ModuleLines[];
}

/**
 * The code of the packages that a script imports, with all that those import. Fails with `SCRIPT_INVALID` where a package is not allowed, not installed or cannot be read.
 */
export function bundlePackages(wanted: readonly Wanted[], { file, packages = { folder: '', allowed: [] } }: ScriptSource): Bundle {
  if (wanted.length === 0) return { code: '', modules: [] };
  const modules = new Map<string, { readonly number: number; readonly file: string; code: string; links: Record<string, number | string>; original?: Original | undefined }>();
  let length = 0;
  const add = (found: PackageFile): number => {
    const known = modules.get(found.path);
    if (known) return known.number;
    const made = { number: modules.size, file: `node_modules/${found.owner.name}/${relative(found.owner.folder, found.path).split(sep).join('/')}`, code: '', links: {} as Record<string, number | string>, original: undefined as Original | undefined };
    modules.set(found.path, made);
    const text = readFileSync(found.path, 'utf8');
    const { code, map } = codeOf(found, text, file);
    made.code = code;
    made.original = originalsOf(found, text, map);
    length += made.code.length;
    if (length > maxLength) throw scriptInvalid(file, `Its packages have more than ${maxLength / 2 ** 20} MB of code.`);
    if (!found.path.endsWith('.json')) for (const specifier of importsOf(made.code, found, file)) made.links[specifier] = linkTo(findFrom(found, specifier), specifier, found, add);
    return made.number;
  };
  const entries = wanted.map(({ specifier, at }) => [specifier, add(entryOf(specifier, packages, file, at))] as const);
  const all = [...modules.values()].map(({ file, code, links, original }) => ({ file, code, original, head: `[${JSON.stringify(links)}, function (module, exports, require, global) {` }));
  const code = `${opening}${all.map(({ head, code }) => `${head}${code}\n}]`).join(',\n')}];
const load = (number) => {
  if (made[number]) return made[number].exports;
  const module = made[number] = { exports: {} };
  const [links, run] = modules[number];
  run.call(module.exports, module, module.exports, (name) => {
    const link = links[name];
    if (typeof link === 'number') return load(link);
    if (link === '') return {};
    throw new Error(link ?? 'A package asks for ' + name + ', which could not be foreseen.');
  }, globalThis);
  return module.exports;
};
const entries = ${JSON.stringify(Object.fromEntries(entries))};
return (name) => (Object.prototype.hasOwnProperty.call(entries, name) ? load(entries[name]) : other(name));
})`;
  return { code, modules: linesOf(all) };
}

const opening = `(function (other) {
const made = [];
const modules = [`;

function linesOf(modules: readonly { readonly file: string; readonly code: string; readonly head: string; readonly original: Original | undefined }[]): readonly ModuleLines[] {
  let first = opening.split('\n').length;
  return modules.map(({ file, code, head, original }, index) => {
    const lines = code.split(/\r\n|[\n\r\u2028\u2029]/).length;
    const made = { file, first, before: head.length + (index === 0 ? opening.length - opening.lastIndexOf('\n') - 1 : 0), last: first + lines - 1, ...(original && { original }) };
    first += lines + 1;
    return made;
  });
}

function entryOf(specifier: string, { folder, allowed }: NonNullable<ScriptSource['packages']>, file: string, at: Wanted['at']): PackageFile {
  const name = packageOf(specifier);
  if (!allowed.includes(name)) throw scriptInvalid(file, `Scripts may not import ${JSON.stringify(name)}: \`scripts.packages\` of patchbay.json names ${allowed.length === 0 ? 'no package' : allowed.join(', ')}.`, at, `Add ${JSON.stringify(name)} to \`scripts.packages\` of patchbay.json, if scripts are to have it, and install it in the workspace.`);
  const found = findPackage(specifier, folder);
  if (!found || found === 'nothing') throw scriptInvalid(file, `${JSON.stringify(specifier)} is not installed: run \`npm install ${name}\` in the workspace.`, at);
  return found;
}

/** A number of a module, `''` for an empty one, or why there is none: that is an error only if the package comes to ask for it. */
function linkTo(found: Found | undefined, specifier: string, from: PackageFile, add: (file: PackageFile) => number): number | string {
  if (found === 'nothing') return '';
  if (found === 'builtin') return `The package ${from.owner.name} needs the module ${JSON.stringify(specifier)} of Node.js, which scripts do not have.`;
  return found ? add(found) : `The package ${from.owner.name} needs ${JSON.stringify(specifier)}, which is not installed.`;
}

interface PackageCode {
  readonly code: string;
  /** Makes a source map of it, where it is not as it was written. */
  readonly map?: () => object;
}

/** Its code as CommonJS. */
function codeOf({ path, owner }: PackageFile, given: string, script: string): PackageCode {
  const text = given.replace(/^\u{FEFF}/u, '').replace(/^#!/, '//');
  if (path.endsWith('.json')) return { code: `module.exports = ${text};` };
  if (path.endsWith('.cjs') || (!path.endsWith('.mjs') && owner.manifest.type !== 'module' && !isModule(text))) return { code: text };
  const options = { transforms: ['imports'], disableESTransforms: true, preserveDynamicImport: false } satisfies Options;
  try {
    return { code: transform(text, options).code, map: () => transform(text, { ...options, filePath: path, sourceMapOptions: { compiledFilename: path } }).sourceMap! };
  } catch (error) {
    throw scriptInvalid(script, `The package ${owner.name} cannot be read (${basename(path)}): ${(error as Error).message}`);
  }
}

/** Some packages name the modules among their files for bundlers alone. */
const isModule = (text: string): boolean => /^(import|export)\b/m.test(text) && programOf(text, 'script') === undefined;

function importsOf(code: string, { path, owner }: PackageFile, script: string): ReadonlySet<string> {
  const program = programOf(code, 'script') ?? programOf(code, 'module');
  if (!program) throw scriptInvalid(script, `The package ${owner.name} cannot be read: ${basename(path)} is no JavaScript.`);
  return requiresIn(program);
}

/** Names in calls of `require` with a text. */
export function requiresIn(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null || typeof (node as Node).type !== 'string') return;
    const { type, callee, arguments: args } = node as Node & { readonly callee?: { type: string; name?: string }; readonly arguments?: readonly { type: string; value?: unknown }[] };
    if (type === 'CallExpression' && callee?.type === 'Identifier' && callee.name === 'require' && typeof args?.[0]?.value === 'string') found.add(args[0].value);
    for (const value of Object.values(node)) if (typeof value === 'object') visit(value);
  };
  visit(program);
  return found;
}

function programOf(code: string, sourceType: 'script' | 'module'): Program | undefined {
  try {
    return parseScript(code, { sourceType, allowReturnOutsideFunction: sourceType === 'script', allowHashBang: true });
  } catch {
    return undefined;
  }
}
