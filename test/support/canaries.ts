import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Ways in which a value can be written. */
const spellings = (value: string): readonly Buffer[] => [...new Set([
  value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), new URLSearchParams([['', value]]).toString().slice(1),
  Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1), Buffer.from(value).toString('hex'),
])].map((text) => Buffer.from(text));

/** Looks for values, in all their spellings, in every file below a folder. `holds`: the ending of one that must be among them. */
export async function checkFiles(root: string, canaries: Readonly<Record<string, string>>, holds: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  assert.ok(files.some((file) => file.endsWith(holds)), files.join(' '));
  const found: string[] = [];
  for (const file of files) found.push(...foundIn(await readFile(file), canaries).map((what) => `${what} in ${file.slice(root.length)}`));
  assert.deepEqual(found, []);
}

/** What of it is in there, each with what stands around it. */
export function foundIn(given: string | Uint8Array, canaries: Readonly<Record<string, string>>): readonly string[] {
  const bytes = Buffer.from(given as Uint8Array);
  const found: string[] = [];
  for (const [name, value] of Object.entries(canaries)) for (const spelling of spellings(value)) {
    const at = bytes.indexOf(spelling);
    if (at >= 0) found.push(`${name}: ${JSON.stringify(bytes.subarray(Math.max(0, at - 80), at + 60).toString('latin1'))}`);
  }
  return found;
}
