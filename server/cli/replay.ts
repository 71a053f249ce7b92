import { execFile } from 'node:child_process';
import { Option } from 'commander';
import { fileKinds } from '../model/workspace.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { readJson } from './read-json.ts';
import { sayError } from './report-error.ts';
import { paint, table, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly from?: string;
  readonly input?: string;
  readonly version?: 'then' | 'now';
  readonly git?: string;
}

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay replay RUN\n  patchbay replay RUN --version now\n  patchbay replay RUN --git HEAD\n  patchbay replay RUN --from to-erp --input order.json --json\n')
    .argument('<run>', 'id of the run')
    .option('--from <step>', 'begin at this step, with what came to it')
    .option('--input <file>', 'another payload (JSON) to begin with; with --from, at that step')
    .addOption(new Option('--version <version>', 'the flow as it was then or as it is now').choices(['then', 'now']).default('then'))
    .option('--git <revision>', 'the flow as it is in this revision of the repository, such as HEAD; all else as it is now')
    .option('--json', 'print the result as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((run: string, options: Options) => replay(session, run, options));
};
export default define;

const shown = 20;

/** Exit code 1 where something came out otherwise than then: a replay is a test. */
async function replay(session: Session, run: string, { input, from, version = 'then', git, ...options }: Options): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  const payload = input === undefined ? undefined : { body: await readJson(terminal, input), mediaType: 'application/json', meta: {} };
  await withRunner(session, { root }, async (runner) => {
    const abort = new AbortController();
    // The second signal ends the process.
    const release = terminal.onSignal((name) => {
      if (abort.signal.aborted) process.exit(exit[name === 'SIGINT' ? 'interrupt' : 'terminate']);
      abort.abort(new CommandError('The replay was stopped.', { exitCode: exit[name === 'SIGINT' ? 'interrupt' : 'terminate'] }));
    });
    const flowText = git === undefined ? undefined : await committed(root, runner.archive.run(run)?.flow ?? '', git);
    const result = await runner.past.replay(run, { version, ...(flowText !== undefined && { flowText }), ...(from !== undefined && { from }), ...(payload && { payload }), signal: abort.signal }).finally(release);
    if (options.json) writeJson(terminal, result);
    else {
      const { identical, differences, status } = result;
      terminal.say(`${paint(terminal, 'bold', run)} replayed: ${status}, ${paint(terminal, identical ? 'green' : 'yellow', identical ? 'identical' : `${differences.length === 100 ? '100 and more' : differences.length} ${differences.length === 1 ? 'difference' : 'differences'}`)}\n`);
      if (!identical) terminal.out(table(['what', 'step', 'port', 'payload', 'was', 'is'], differences.slice(0, shown).map(({ kind, step, port, payload: id, was, is }) => [kind, step, port, id, was?.slice(0, 12), is?.slice(0, 12)])));
      if (differences.length > shown) terminal.say(`${differences.length - shown} more: --json prints them.\n`);
      if (result.error) await sayError(terminal, result.error, root);
    }
    session.exitCode = result.identical ? exit.ok : exit.failed;
  });
}

/** The flow as a revision of the repository has it. */
function committed(root: string, flow: string, revision: string): Promise<string> {
  if (!/^[\w./~^@{}-]+$/.test(revision) || revision.startsWith('-')) throw new CommandError(`${JSON.stringify(revision)} is no revision.`);
  return new Promise((resolve, reject) => {
    execFile('git', ['-C', root, '--no-pager', 'show', '--no-textconv', '--no-ext-diff', `${revision}:./${pathOf(flow)}`], { maxBuffer: 32 * 1024 * 1024, windowsHide: true }, (error, stdout, stderr) => {
      if (error) reject(new CommandError(`Git does not give ${pathOf(flow)} of ${revision}: ${stderr.trim().split('\n')[0] || error.message}`));
      else resolve(stdout);
    });
  });
}

const pathOf = (id: string): string => `${fileKinds.flow.folder}/${id}${fileKinds.flow.ending}`;
