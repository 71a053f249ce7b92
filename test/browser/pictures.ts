import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Pictures of every screen for people to look at, into out/pictures: `node test/browser/pictures.ts [screen] [theme]`. */
const folder = join(import.meta.dirname, 'pictures');
const screens = readdirSync(folder).map((file) => file.replace(/\.ts$/, '')).sort();
const [wanted, ...more] = process.argv.slice(2);
if (wanted !== undefined && !screens.includes(wanted)) throw new Error(`There is no screen ${wanted}. There are ${screens.join(', ')}.`);
for (const screen of wanted === undefined ? screens : [wanted]) {
  const [code] = await once(spawn(process.execPath, [join(folder, `${screen}.ts`), ...more], { stdio: 'inherit' }), 'exit');
  console.log(`${screen}: ${code === 0 ? 'taken' : 'failed'}`);
  if (code !== 0) process.exitCode = 1;
}
