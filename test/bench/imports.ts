import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import { importText } from '../../server/imports/import.ts';
import { serialize } from '../../server/model/serialize.ts';

/** Published descriptions; they are not part of the repository. */
const folder = process.env['PATCHBAY_SPECS'] ?? join(import.meta.dirname, '../../../shared/testing/specs');

export const publishedDescriptions = (): string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => /\.(json|ya?ml)$/.test(name)).sort().map((name) => join(folder, name)) : []);

/** What an import of each published description takes, in a process of its own: `node test/bench/imports.ts [FILE…]`. */
export function describeImports(files = publishedDescriptions()): string {
  if (files.length === 0) return `imports: skipped, there are no descriptions in ${folder}\n`;
  return files.map((file) => spawnSync(process.execPath, [import.meta.filename, '--one', file], { encoding: 'utf8' }).stdout).join('');
}

function describeOne(file: string): string {
  const text = readFileSync(file, 'utf8');
  const start = performance.now();
  const took = (): string => `${((performance.now() - start) / 1000).toFixed(2)} s, peak resident memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`;
  const head = `import of ${basename(file)} (${(text.length / 1_000_000).toFixed(1)} MB): `;
  try {
    const { manifest, operations } = importText('openapi', text);
    const read = took();
    const written = serialize('connector', manifest);
    return `${head}${operations} operations, ${Object.keys(manifest.endpoints).length} endpoints, ${read}; ${(written.length / 1_000_000).toFixed(1)} MB written after ${took()}\n`;
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    return `${head}${error.message} ${took()}\n`;
  }
}

if (import.meta.main) process.stdout.write(process.argv[2] === '--one' ? describeOne(process.argv[3]!) : describeImports(process.argv.length > 2 ? process.argv.slice(2) : undefined));
