import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Esbuild from 'esbuild';

/** In a bundle this is the folder of the bundle: the ESM way first, then the CommonJS one. */
const here = import.meta.dirname ?? __dirname;
/** By what runs scripts in it. */
export const children = ['vm2', 'strict'] as const;
export type ChildKind = (typeof children)[number];
export const childFileName = (kind: ChildKind): string => `script-child-${kind}.cjs`;

const known = new Map<ChildKind, Promise<Buffer>>();

/**
 * The code of a child process, as one file. Shipped, it lies beside the bundle (`dist/script-child-vm2.cjs`); in a checkout it is made on demand
 * and kept under `node_modules/.cache/patchbay/`, by a hash of what it is made of.
 */
export function childSource(kind: ChildKind): Promise<Buffer> {
  const source = known.get(kind) ?? find(kind);
  known.set(kind, source);
  return source;
}

/** Writes a child's code, its engine included, to a file, and gives the files that it is made of. Needs the development dependency esbuild. */
export async function buildScriptChild(kind: ChildKind, outfile: string): Promise<readonly string[]> {
  const { build } = await bundler();
  const { metafile } = await build({
    entryPoints: [join(here, `child-${kind}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    // The text of the harness is evaluated in the sandbox, so names must not be rewritten to helpers outside of it.
    minifyWhitespace: true,
    keepNames: false,
    legalComments: 'inline',
    // Compilers that vm2 would load if it were asked to.
    external: ['typescript', 'coffee-script'],
    // One for who imports and who requires it.
    alias: { acorn: createRequire(join(here, 'bundle.ts')).resolve('acorn') },
    logLevel: 'error',
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

async function find(kind: ChildKind): Promise<Buffer> {
  const shipped = join(here, childFileName(kind));
  if (existsSync(shipped)) return readFile(shipped);
  const root = join(here, '..', '..', '..');
  const cached = join(root, 'node_modules', '.cache', 'patchbay', `script-child-${kind}-${await hashOfParts(root)}.cjs`);
  if (!existsSync(cached)) {
    await mkdir(dirname(cached), { recursive: true });
    // Several processes may do this at once: each writes its own file, and the names are exchanged in one step.
    const own = `${cached}.${process.pid}-${Math.trunc(performance.now() * 1000)}`;
    await buildScriptChild(kind, own);
    await rename(own, cached);
  }
  return readFile(cached);
}

/** Packages are pinned, so their versions stand for their files. */
async function hashOfParts(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(here)).filter((name) => /(?<!\.test|\.d)\.ts$/.test(name)).sort()) hash.update(`${name}\n`).update(await readFile(join(here, name)));
  for (const name of ['vm2', 'acorn', 'acorn-walk', 'quickjs-emscripten-core', '@jitl/quickjs-singlefile-cjs-release-sync', 'esbuild']) hash.update(await readFile(join(root, 'node_modules', name, 'package.json')));
  return hash.digest('hex').slice(0, 16);
}

/** The name is kept from bundlers: the product has no esbuild, and does not need it. */
function bundler(): Promise<typeof Esbuild> {
  const name = 'esbuild';
  return import(name) as Promise<typeof Esbuild>;
}
