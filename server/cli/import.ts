import { existsSync } from 'node:fs';
import { mkdir, readFile as readText, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Argument } from 'commander';
import { FlowError } from '../../plugins/sdk/index.ts';
import { authNotes, connectorName, importKinds, type ImportKind } from '../imports/about.ts';
import type { ImportResult } from '../imports/import-result.ts';
import { largestParts } from '../imports/only.ts';
import { addressNotes } from '../model/address.ts';
import { editConnector } from '../model/connector-edit.ts';
import { applyEdits } from '../model/flow-edit-apply.ts';
import { planImport, type Imported } from '../model/import-plan.ts';
import { isObject } from '../model/json.ts';
import { mostCharacters, readFile as read } from '../model/read.ts';
import { textOfBytes } from '../runner/text-of-bytes.ts';
import { serialize } from '../model/serialize.ts';
import { fileKinds } from '../model/workspace.ts';
import { fetchDescription, importDescription, type Description } from '../runner/import-description.ts';
import { counted } from '../model/words.ts';
import { CommandError, exit } from './exit-codes.ts';
import { collect } from './options.ts';
import type { Define, Session } from './program.ts';
import { importLosses, namesOf } from './import-losses.ts';
import { readBytes, shownName } from './read-json.ts';
import { shellWord } from './shell-word.ts';
import { withoutControls, writeJson, type Terminal } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { isFile, workspaceOf } from './workspace-of.ts';

interface ImportOptions { readonly workspace?: string; readonly json?: boolean; readonly name?: string; readonly into?: string; readonly only?: readonly string[]; readonly force?: boolean }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay import openapi square.json --name square\n  patchbay import openapi square.json --only Orders --only "/customers*"\n  patchbay import postman shop.postman_collection.json\n  pbpaste | patchbay import curl - --into shop\n  patchbay import graphql https://shop.example.com/graphql\n')
    .addArgument(new Argument('<kind>', 'what the file is').choices(importKinds))
    .argument('<file>', 'the file, or its address; - reads stdin')
    .option('--name <name>', 'id of the connector; default made of its title')
    .option('--into <connector>', 'add what it lacks to a connector that is there, which keeps all that it has')
    .option('--only <pattern>', 'only endpoints with such a tag, id or path, * stands for any text; may be given several times', collect, [])
    .option('--force', 'write over a connector that is there')
    .option('--json', 'print what was imported as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((kind: ImportKind, file: string, options: ImportOptions) => run(session, kind, file, options));
};
export default define;

async function run(session: Session, kind: ImportKind, file: string, { name: given, into, only = [], force = false, json = false, ...options }: ImportOptions): Promise<void> {
  const { terminal } = session;
  if (into !== undefined && (given !== undefined || force)) throw new CommandError('--into names a connector that is there and keeps what it has: it goes with neither --name nor --force.');
  if (given !== undefined && !plainName.test(given)) throw new CommandError(`"${given}" cannot be the name of a connector: use lower-case words joined by hyphens, such as acme-shop.`);
  const root = workspaceOf(terminal, options);
  const target = into === undefined ? undefined : await readTarget(root, into);
  const result = await importDescription(kind, { ...(await readSource(terminal, kind, file)), only });
  if (target) return addTo(session, root, target, result, { json });
  const name = given ?? connectorName(result.manifest);
  const written = fileOf(name);
  const path = join(root, written);
  if (!force && existsSync(path)) throw new CommandError(`${written} is there already.`, { exitCode: exit.refused, hint: `Choose another name with --name, add what it lacks with --into ${name}, or write over it with --force.` });
  const text = serialize('connector', result.manifest);
  checkSize(text, result);
  const losses = existsSync(path) ? importLosses(written, await readText(path, 'utf8'), result.manifest) : [];
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  if (json) writeJson(terminal, { connector: name, endpoints: Object.keys(result.manifest.endpoints), auth: authNotes(name, result.manifest), skipped: result.skipped, suggestions: result.suggestions });
  else print(terminal, result, relative(terminal.folder, path), name);
  if (losses.length > 0) terminal.say(withoutControls(`It was written over a connector. ${losses.join(' ')}`) + '\n');
}

const fileOf = (name: string): string => `${fileKinds.connector.folder}/${name}${fileKinds.connector.ending}`;

function checkSize(text: string, result: ImportResult): void {
  if (text.length <= mostCharacters) return;
  const parts = largestParts(result).map(({ pattern, count }, index) => `--only ${shellWord(pattern)} (${index === 0 ? counted(count, 'endpoint') : count})`);
  const such = parts.length < 2 ? (parts[0] ?? '--only "/orders*"') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)!}`;
  throw new CommandError(`The connector would have ${text.length} characters; a file may have ${mostCharacters}.`, { exitCode: exit.invalid, hint: `Import a part of the description, such as ${such}, and further parts as connectors of their own.` });
}

interface Target {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The connector to which something is added. It may be wrong, as long as it is one. */
async function readTarget(root: string, name: string): Promise<Target> {
  const file = fileOf(name);
  if (/(^|[\\/])\.\.?([\\/]|$)/.test(name) || !isFile(join(root, file))) throw new CommandError(`There is no connector ${JSON.stringify(name)}.`, { hint: 'Without --into a description becomes a connector of its own.' });
  const text = await readText(join(root, file), 'utf8');
  const { raw, diagnostics: [fault] } = read('connector', file, text);
  if (!isObject(raw)) throw new FlowError('CONFIG_INVALID', fault?.message ?? `${file} is no connector.`, { place: { file, ...(fault && { line: fault.line, column: fault.column }) } });
  if (typeof raw['protocol'] === 'string') throw new CommandError(`${file} speaks ${raw['protocol']}; descriptions are of HTTP.`, { exitCode: exit.invalid });
  return { name, file, text, value: raw };
}

/** Adds what is not there, as the editor does; what is there stays as it is. */
async function addTo(session: Session, root: string, { name, file, text, value }: Target, result: ImportResult, { json }: { readonly json: boolean }): Promise<void> {
  const { terminal } = session;
  const { changes, added, kept, imported } = planImport(value, { ...result, connector: name, auth: authNotes(name, result.manifest) });
  const plugins = await withRunner(session, { root }, async (runner) => runner.catalog());
  const changed = applyEdits(text, editConnector(text, changes, { plugins }));
  checkSize(changed, result);
  if (changed !== text) await writeFile(join(root, file), changed);
  const auth = imported.auth.filter(({ name: method }) => changes.some(({ path }) => path[0] === 'auth' && path[1] === method));
  if (json) return writeJson(terminal, { connector: name, endpoints: added, kept, auth, skipped: imported.skipped, suggestions: imported.suggestions });
  terminal.out(`${relative(terminal.folder, join(root, file))}\n`);
  const say = (line: string): void => terminal.say(`${withoutControls(line)}\n`);
  say(added.length === 0 ? 'No endpoint was added.' : `${counted(added.length, 'endpoint')} added: ${namesOf(added)}.`);
  if (kept.length > 0) say(`There already, otherwise, and kept as they are: ${namesOf(kept)}.`);
  tell(say, { ...imported, auth });
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
  for (const note of addressNotes(manifest)) say(`${note}.`);
  tell(say, { skipped, suggestions, auth: authNotes(name, manifest) });
}

/** How it signs in, what was left out, and what a person may accept. */
function tell(say: (line: string) => void, { auth, skipped, suggestions }: Pick<Imported, 'auth' | 'skipped' | 'suggestions'>): void {
  for (const { name: method, type, secrets } of auth) say(`Signs in by ${method} (${type})${secrets.length > 0 ? `; secrets of an instance: ${secrets.join(', ')}` : ''}.`);
  if (skipped.length > 0) say('Not imported:');
  for (const { what, why } of skipped) say(`  ${what}: ${why}`);
  if (suggestions.length > 0) say('It seems that (nothing of this was written):');
  for (const { kind, endpoint, value, score, why } of suggestions.slice(0, 10)) say(`  ${kind}${endpoint === undefined ? '' : ` of ${endpoint}`} is ${JSON.stringify(value)} (${Math.round(score * 100)} %): ${why}`);
  if (suggestions.length > 10) say(`  and ${suggestions.length - 10} more; --json prints them all.`);
}
