import { Option } from 'commander';
import { kinds } from '../../plugins/sdk/index.ts';
import { CommandError, exit } from './exit-codes.ts';
import { didYouMean } from '../model/suggest.ts';
import { checkExamples } from './check-examples.ts';
import { sayFailedPlugins } from './failed-plugins.ts';
import type { Define, Session } from './program.ts';
import { table, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean; readonly kind?: string }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay plugins list --kind transform\n  patchbay plugins show round-number\n  patchbay plugins check\n');
  command.command('list', { isDefault: true }).description('Lists the plugins, and those that failed to load.')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(kinds))
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((options: Options) => list(session, options));
  command.command('show').description('Shows a plugin with its settings and examples.')
    .argument('<type>', 'type of the plugin, or kind/type')
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((type: string, options: Options) => show(session, type, options));
  command.command('check').description('Runs the examples of the workspace’s own plugins.')
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((options: Options) => check(session, options));
};
export default define;

async function list(session: Session, options: Options): Promise<void> {
  const { terminal } = session;
  await withRunner(session, { root: workspaceOf(terminal, options) }, async (runner) => {
    const sources = runner.plugins();
    const plugins = runner.catalog().filter(({ kind }) => options.kind === undefined || kind === options.kind).map(({ kind, type, title, summary, source }) => ({ kind, type, title, summary, source }));
    if (options.json) writeJson(terminal, { sources, plugins });
    else terminal.out(table(['kind', 'type', 'title', 'source'], plugins.map(({ kind, type, title, source }) => [kind, type, title, source])));
    const failed = sources.filter(({ state }) => state === 'failed');
    sayFailedPlugins(terminal, runner);
    if (failed.length) session.exitCode = exit.plugin;
  });
}

async function check(session: Session, options: Options): Promise<void> {
  const { terminal } = session;
  await withRunner(session, { root: workspaceOf(terminal, options) }, async (runner) => {
    const cases = await checkExamples(runner);
    const count = (wanted: string): number => cases.filter(({ result }) => result === wanted).length;
    const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
    if (options.json) writeJson(terminal, { ...counts, cases });
    else for (const { plugin, example, result, message } of cases) terminal.out(`${result.padEnd(7)}  ${plugin}: ${example}${message === undefined ? '' : `. ${message}`}\n`);
    terminal.say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped.\n`);
    sayFailedPlugins(terminal, runner);
    if (counts.failed) session.exitCode = exit.failed;
    else if (runner.plugins().some(({ state }) => state === 'failed')) session.exitCode = exit.plugin;
  });
}

async function show(session: Session, given: string, options: Options): Promise<void> {
  const { terminal } = session;
  await withRunner(session, { root: workspaceOf(terminal, options) }, async (runner) => {
    const catalog = runner.catalog();
    const [type, kind] = given.split('/').toReversed();
    const found = catalog.filter((entry) => (entry.type === type || entry.aliases?.includes(type!)) && (kind === undefined || entry.kind === kind));
    if (found.length === 0) throw new CommandError(`There is no plugin "${given}".${didYouMean(type!, catalog.map((entry) => entry.type))}`, { exitCode: exit.invalid, hint: 'See `patchbay plugins list`.' });
    if (found.length > 1) throw new CommandError(`"${given}" is the type of several plugins: ${found.map((entry) => `${entry.kind}/${entry.type}`).join(', ')}.`);
    if (options.json) writeJson(terminal, found[0]);
    else terminal.out(`${JSON.stringify(found[0], undefined, 2)}\n`);
  });
}
