import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What may go into the package: each asks for no more than that its text goes along. */
const allowed = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'MPL-2.0'];
/** What else may. The licence of tweetnacl, which the clients of NATS and SSH need for their keys, asks for nothing at all; the icons are named where they come from. */
const alsoAllowed: Readonly<Record<string, string>> = { tweetnacl: 'Unlicense', '@vscode/codicons': 'CC-BY-4.0' };

/** The licences of all packages that files of a bundle belong to, as one text. Fails for one that may not go into the package, or whose licence nobody knows. */
export async function licencesOf(files: Iterable<string>): Promise<string> {
  const folders = [...new Set([...files].flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/|$)/.exec(file.replaceAll('\\', '/'))?.[0] ?? []))];
  const packages = await Promise.all(folders.map(readPackage));
  const named = Map.groupBy(packages, ({ name, version, licence, text }) => JSON.stringify([name, version, licence, text]));
  const parts = [...named.values()].map(([first]) => first!).toSorted((one, other) => (`${one.name} ${one.version}` < `${other.name} ${other.version}` ? -1 : 1));
  return ['What Patchbay is made with, and under which licences.', ...parts.map(({ name, version, licence, text }) => `${name} ${version}\nLicence: ${licence}\n\n${text.trim()}`)].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n';
}

type Said = string | { readonly type?: string };

async function readPackage(folder: string): Promise<{ readonly name: string; readonly version: string; readonly licence: string; readonly text: string }> {
  const { name, version = '', license, licenses = [] } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { readonly name: string; readonly version?: string; readonly license?: Said; readonly licenses?: readonly Said[] };
  // Older packages have several, or objects.
  const licence = (license === undefined ? licenses : [license]).map((said) => (typeof said === 'string' ? said : (said.type ?? ''))).join(' OR ');
  // Of several to choose from, one that is allowed will do.
  const isAllowed = licence.replaceAll(/[()]/g, '').split(/ OR /).some((one) => one.split(/ AND /).every((part) => allowed.includes(part) || alsoAllowed[name] === part));
  if (!isAllowed) throw new Error(`The package ${name} ${version} has the licence ${JSON.stringify(licence)}, which may not go into what is shipped. Do without it, or add the licence to extension/licences.ts.`);
  const texts = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  return { name, version, licence, text: (await Promise.all(texts.map((file) => readFile(join(folder, file), 'utf8')))).join('\n\n') };
}
