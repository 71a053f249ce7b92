import type { ExampleCheck } from '../runner/example-checks.ts';
import { exit } from './exit-codes.ts';
import { sayFailedPlugins } from './failed-plugins.ts';
import type { Define, Session } from './program.ts';
import { writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay check\n  patchbay check shop --json\n')
    .argument('[connectors...]', 'ids of connectors; default all')
    .option('--json', 'print JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((connectors: string[], options: Options) => run(session, connectors, options));
};
export default define;

async function run(session: Session, connectors: readonly string[], options: Options): Promise<void> {
  const { terminal } = session;
  const stop = new AbortController();
  const release = terminal.onSignal(() => stop.abort());
  try {
    await withRunner(session, { root: workspaceOf(terminal, options) }, async (runner) => {
      sayFailedPlugins(terminal, runner);
      const cases = await runner.mocks.check({ ...(connectors.length > 0 && { connectors }), signal: stop.signal });
      const count = (wanted: ExampleCheck['result']): number => cases.filter(({ result }) => result === wanted).length;
      const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
      if (options.json) writeJson(terminal, { ...counts, cases });
      else for (const one of cases) terminal.out(textOf(one));
      terminal.say(cases.length === 0 ? 'There are no examples.\n' : `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped.\n`);
      if (counts.failed > 0) session.exitCode = exit.failed;
    });
  } finally {
    release();
  }
}

const textOf = ({ connector, endpoint, example, result, messages, file, pointer }: ExampleCheck): string =>
  [`${result.padEnd(7)}  ${connector} ${endpoint}: ${example}`, ...(result === 'failed' ? [`         ${file}${pointer}`] : []), ...messages.map((message) => `         ${message}`)].map((line) => `${line}\n`).join('');
