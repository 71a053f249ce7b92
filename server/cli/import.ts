import { existsSync } from 'node:fs';
import { mkdir, readFile as readText, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Argument } from 'commander';
import { authNotes, connectorName, importKinds, type ImportKind } from '../imports/about.ts';
import type { ImportResult } from '../imports/import-result.ts';
import { addressNotes } from '../model/address.ts';
import { mostCharacters } from '../model/read.ts';
import { textOfBytes } from '../runner/text-of-bytes.ts';
import { serialize } from '../model/serialize.ts';
import { fileKinds } from '../model/workspace.ts';
import { fetchDescription, importDescription, type Description } from '../runner/import-description.ts';
import { counted } from '../model/words.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { importLosses } from './import-losses.ts';
import { readBytes, shownName } from './read-json.ts';
import { withoutControls, writeJson, type Terminal } from './terminal.ts';
import { isFile, workspaceOf } from './workspace-of.ts';

interface ImportOptions { readonly workspace?: string; readonly json?: boolean; readonly name?: string; readonly force?: boolean }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay import openapi square.json --name square\n  patchbay import postman shop.postman_collection.json\n  pbpaste | patchbay import curl - --name shop\n  patchbay import graphql https://shop.example.com/graphql\n')
    .addArgument(new Argument('<kind>', 'what the file is').choices(importKinds))
    .argument('<file>', 'the file, or its address; - reads stdin')
    .option('--name <name>', 'id of the connector; default made of its title')
    .option('--force', 'write over a connector that is there')
    .option('--json', 'print what was imported as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((kind: ImportKind, file: string, options: ImportOptions) => run(session, kind, file, options));
};
export default define;

async function run({ terminal }: Session, kind: ImportKind, file: string, { name: given, force = false, json = false, ...options }: ImportOptions): Promise<void> {
  if (given !== undefined && !plainName.test(given)) throw new CommandError(`"${given}" cannot be the name of a connector: use lower-case words joined by hyphens, such as acme-shop.`);
  const root = workspaceOf(terminal, options);
  const result = await importDescription(kind, await readSource(terminal, kind, file));
  const name = given ?? connectorName(result.manifest);
  const target = `${fileKinds.connector.folder}/${name}${fileKinds.connector.ending}`;
  const path = join(root, target);
  if (!force && existsSync(path)) throw new CommandError(`${target} is there already.`, { exitCode: exit.refused, hint: 'Choose another name with --name, or write over it with --force.' });
  const text = serialize('connector', result.manifest);
  if (text.length > mostCharacters) throw new CommandError(`The connector would have ${text.length} characters; a file may have ${mostCharacters}.`, { exitCode: exit.invalid, hint: 'Import a part of the description.' });
  const losses = existsSync(path) ? importLosses(target, await readText(path, 'utf8'), result.manifest) : [];
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  if (json) writeJson(terminal, { connector: name, endpoints: Object.keys(result.manifest.endpoints), auth: authNotes(name, result.manifest), skipped: result.skipped, suggestions: result.suggestions });
  else print(terminal, result, relative(terminal.folder, resolve(root, target)), name);
  if (losses.length > 0) terminal.say(withoutControls(`It was written over a connector. ${losses.join(' ')}`) + '\n');
}

const plainName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

async function readSource(terminal: Terminal, kind: ImportKind, file: string): Promise<Description> {
  if (/^https?:\/\//i.test(file)) return fetchDescription(kind, file);
  if (file !== '-' && !isFile(resolve(terminal.folder, file))) throw new CommandError(`There is no file ${file}.`);
  return { text: textOfBytes(await readBytes(terminal, file), shownName(file)) };
}

/** The file on stdout, as `new` does; what a person should know on stderr. */
function print(terminal: Terminal, { manifest, skipped, suggestions }: ImportResult, file: string, name: string): void {
  terminal.out(`${file}\n`);
  const say = (line: string): void => terminal.say(`${withoutControls(line)}\n`);
  const count = Object.keys(manifest.endpoints).length;
  say(`${counted(count, 'endpoint')} of ${manifest.title}.`);
  for (const { name: method, type, secrets } of authNotes(name, manifest)) say(`Signs in by ${method} (${type})${secrets.length > 0 ? `; secrets of an instance: ${secrets.join(', ')}` : ''}.`);
  for (const note of addressNotes(manifest)) say(`${note}.`);
  if (skipped.length > 0) say('Not imported:');
  for (const { what, why } of skipped) say(`  ${what}: ${why}`);
  if (suggestions.length > 0) say('It seems that (nothing of this was written):');
  for (const { kind, endpoint, value, score, why } of suggestions.slice(0, 10)) say(`  ${kind}${endpoint === undefined ? '' : ` of ${endpoint}`} is ${JSON.stringify(value)} (${Math.round(score * 100)} %): ${why}`);
  if (suggestions.length > 10) say(`  and ${suggestions.length - 10} more; --json prints them all.`);
}
