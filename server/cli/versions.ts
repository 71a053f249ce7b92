import type { FlowVersions, VersionDiff } from '../model/api.ts';
import { CommandError } from './exit-codes.ts';
import { versionNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { paint, table, writeJson, type Terminal } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { flowOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean }

type Side = number | 'draft';
interface Asked { readonly action: string | undefined; readonly from: Side | undefined; readonly to: Side | undefined }

const sideOf = (text: string): Side => (text === 'draft' ? text : versionNumber(text));

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay versions import-orders\n  patchbay versions import-orders diff 3 4\n  patchbay versions import-orders diff 4 draft\n')
    .argument('<flow>', 'id or file of the flow')
    .argument('[action]', 'diff: what is different between two versions')
    .argument('[from]', 'number of a version, or draft: the files as they are', sideOf)
    .argument('[to]', 'number of a version, or draft', sideOf)
    .option('--json', 'print JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((flow: string, action: string | undefined, from: Side | undefined, to: Side | undefined, options: Options) => run(session, flow, { action, from, to }, options));
};
export default define;

async function run(session: Session, given: string, { action, from, to }: Asked, options: Options): Promise<void> {
  const { terminal } = session;
  if (action !== undefined && action !== 'diff') throw new CommandError(`There is no "${action}" of versions.`, { hint: 'See `patchbay versions --help`.' });
  if (action === 'diff' && (from === undefined || to === undefined)) throw new CommandError('Which versions are to be compared?', { hint: '`patchbay versions FLOW diff 1 2`, or `diff 1 draft`.' });
  const { root, flow } = flowOf(terminal, given, { ...options, mayBeGone: true });
  await withRunner(session, { root }, async ({ versions }) => {
    const answer = action === 'diff' ? await versions.compare(flow, from!, to!) : await versions.list(flow);
    if (options.json) writeJson(terminal, answer);
    else if ('files' in answer) printDiff(terminal, answer);
    else printList(terminal, answer);
  });
}

function printList(terminal: Terminal, { flow, deployed, enabled, draftDiffers, versions }: FlowVersions): void {
  if (versions.length > 0) terminal.out(table(['', 'version', 'at', 'by', 'note'], versions.map(({ number, at, by, note }) => [number === deployed ? '*' : '', number, new Date(at).toISOString(), by, note])));
  if (deployed === undefined) return terminal.say(`${flow} is not deployed: see \`patchbay deploy --help\`.\n`);
  terminal.say(`In use: version ${deployed}${enabled ? '' : ', disabled'}.${draftDiffers ? ` The files have changed since: \`patchbay versions ${flow} diff ${deployed} draft\`.` : ''}\n`);
}

function printDiff(terminal: Terminal, { from, to, files, packages }: VersionDiff): void {
  for (const { file, change, values = [], lines = [] } of files) {
    terminal.out(`${file}${change === 'changed' ? '' : ` (${change})`}\n`);
    for (const { pointer, ...value } of values) terminal.out(`  ${pointer || '/'}: ${shown(value, 'before')} → ${shown(value, 'after')}\n`);
    for (const line of lines) terminal.out(`  ${paint(terminal, line.startsWith('-') ? 'red' : 'green', line)}\n`);
  }
  for (const { name, before, after } of packages) terminal.out(`${name}: ${before ?? 'not there'} → ${after ?? 'not there'}\n`);
  if (files.length + packages.length === 0) terminal.say(`${from} and ${to} are the same.\n`);
}

function shown(value: { readonly before?: unknown; readonly after?: unknown }, side: 'before' | 'after'): string {
  if (!Object.hasOwn(value, side)) return 'not there';
  const text = JSON.stringify(value[side]);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

const longest = 120;
