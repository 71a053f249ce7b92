import { Option } from 'commander';
import type { ReplayDifference } from '../model/api.ts';
import { CommandError, exit, exitCodeOf } from './exit-codes.ts';
import { printResult, withOutputs } from './print-result.ts';
import type { Define, Session } from './program.ts';
import { readJson } from './read-json.ts';
import { sayError } from './report-error.ts';
import { changeLine } from './run-diff.ts';
import { asked } from './run-errors.ts';
import { paint, withoutControls } from './terminal.ts';
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
    .option('--git <revision>', 'the workspace as it is in this revision of the repository, such as HEAD: the flow and all that it uses')
    .option('--json', 'print the result as JSON, with all that leaves the flow')
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
  await withRunner(session, { root }, (runner) => withOutputs(options.json, async (outputsTo) => {
    const abort = new AbortController();
    // The second signal ends the process.
    const release = terminal.onSignal((name) => {
      if (abort.signal.aborted) process.exit(exit[name === 'SIGINT' ? 'interrupt' : 'terminate']);
      abort.abort(new CommandError('The replay was stopped.', { exitCode: exit[name === 'SIGINT' ? 'interrupt' : 'terminate'] }));
    });
    const result = await asked(runner.past.replay(run, { version, ...(git !== undefined && { revision: git }), ...(from !== undefined && { from }), ...(payload && { payload }), ...(outputsTo !== undefined && { outputsTo }), signal: abort.signal }), ['API_INVALID']).finally(release);
    if (options.json) await printResult(terminal, result, outputsTo);
    else {
      const { identical, differences, status } = result;
      terminal.say(`${paint(terminal, 'bold', run)} replayed: ${status}, ${paint(terminal, identical ? 'green' : 'yellow', identical ? 'identical' : `${differences.length === 100 ? '100 and more' : differences.length} ${differences.length === 1 ? 'difference' : 'differences'}`)}\n`);
      for (const difference of differences.slice(0, shown)) for (const line of linesOf(difference)) terminal.out(`${withoutControls(line)}\n`);
      if (differences.length > shown) terminal.say(`${differences.length - shown} more: --json prints them.\n`);
      if (result.error) await sayError(terminal, result.error, root);
    }
    if (result.outputError) await sayError(terminal, result.outputError, root);
    session.exitCode = !result.identical ? exit.failed : result.outputError ? exitCodeOf(result.outputError.code) : exit.ok;
  }));
}

/** Of each difference. */
const mostValues = 20;

function linesOf({ kind, step, port, payload, was, is, values, lines }: ReplayDifference): readonly string[] {
  const place = [step, ...(port === undefined || port === 'out' ? [] : port === '' ? ['failed'] : [`port ${port}`]), ...(payload === undefined ? [] : [`payload ${payload}`])].filter(Boolean).join(', ');
  if (kind === 'status') return [`status: ${was} → ${is}`];
  if (kind === 'missing') return [`${place}: came then, and does not come now`];
  if (kind === 'new') return [`${place}: did not come then`];
  const inside = values ? values.map(changeLine) : lines;
  if (!inside) return [`${place}: ${was === is ? 'other metadata, or another media type' : [was, is].every((one) => one === undefined || isBody.test(one)) ? `another ${kind === 'request' ? 'request' : 'body'}, which is too long to be compared here, or not recorded` : `${was} → ${is}`}`];
  const more = inside.length - mostValues;
  return [`${place}: ${kind === 'request' ? 'asks for something else' : 'other values'}`, ...inside.slice(0, mostValues).map((line) => `  ${line}`), ...(more > 0 ? [`  … ${more} more`] : [])];
}

/** The name of one. */
const isBody = /^(?:[0-9a-f]{64})?$/;
