import { readdirSync, readFileSync } from 'node:fs';
import { isObject } from '../model/json.ts';
import { fileKinds } from '../model/workspace.ts';
import { listFiles } from './workspace-files.ts';

export interface StrayFile {
  readonly file: string;
  readonly message: string;
  readonly fix: string;
}

const kinds = Object.entries(fileKinds).filter(([, { folder }]) => folder !== '');
const folders = [...new Set(kinds.flatMap(([, { folder }]) => [folder, folder.slice(0, -1)]))];
/** Folders in which all JSON is of one kind; beside flows there is also what tests read. */
const pure = kinds.filter(([kind]) => ['connector', 'instance', 'environment', 'map'].includes(kind));

/** Files that look like a part of the workspace and are none, since they stand or are called otherwise. `known`: the files that are. */
export function strayFiles(root: string, known: ReadonlySet<string>): readonly StrayFile[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.json'));
  return listFiles(root, folders, top).files.filter(({ file }) => file.endsWith('.json') && !known.has(file)).flatMap(({ file, path }) => strayFile(file, path) ?? []);
}

function strayFile(file: string, path: string): StrayFile | undefined {
  const named = kinds.find(([, { ending }]) => file.endsWith(ending));
  if (named) {
    const [kind, { folder }] = named;
    return file.startsWith(`${folder}/`) ? undefined : { file, message: `It is called like a file of the kind "${kind}" and is not read: these stand below ${folder}/.`, fix: `Move it to ${folder}/.` };
  }
  const [kind, { ending, folder }] = pure.find(([, one]) => file.startsWith(`${one.folder}/`)) ?? (looksLikeFlow(file, path) ? ['flow', fileKinds.flow] as const : [undefined, fileKinds.flow]);
  return kind === undefined ? undefined : { file, message: `It stands in ${folder}/ and is not read: names of files of the kind "${kind}" end with ${ending}.`, fix: `Call it ${file.replace(/\.json$/, ending)}.` };
}

function looksLikeFlow(file: string, path: string): boolean {
  if (!file.startsWith('flows/')) return false;
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(content) && isObject(content['steps']) && typeof content['start'] === 'string';
  } catch {
    return false;
  }
}
