import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { suggestion } from '../model/suggest.ts';
import { fileKinds } from '../model/workspace.ts';
import type { TestReport } from '../model/test-report.ts';
import type { Runner } from '../runner/contract.ts';
import { CommandError, exit } from './exit-codes.ts';
import { sayFailedPlugins } from './failed-plugins.ts';
import { collect } from './options.ts';
import type { Define, Session } from './program.ts';
import { paint, withoutControls, writeJson, type Terminal } from './terminal.ts';
import { coverageText, isLive, liveReport, reporters, reportText, type Reporter } from './test-reporters.ts';
import { reportError } from './report-error.ts';
import { watchFolders } from './watch-folders.ts';
import { withRunner } from './with-runner.ts';
import { isFile, workspaceOf } from './workspace-of.ts';

interface TestOptions {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly case: readonly string[];
  readonly update?: boolean;
  readonly watch?: boolean;
  readonly coverage?: boolean;
  readonly reporter: readonly string[];
  readonly save?: string;
}

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:
  patchbay test
  patchbay test flows/import-orders.test.json --case "an order from abroad"
  patchbay test --coverage --reporter spec --reporter junit=out/junit.xml
  patchbay test --update
  patchbay test --save RUN --case "an order from abroad"
`)
    .argument('[files...]', 'files of tests, or flows; default all of the workspace')
    .option('--case <name>', 'only this case; may stand several times', collect, [])
    .option('--update', 'write snapshots instead of comparing them')
    .option('--watch', 'run again whenever a file changes')
    .option('--coverage', 'say which steps, ports, outcomes of conditions and rules were run')
    .option('--reporter <name[=file]>', `${reporters.join(', ')}; may stand several times; default spec`, collect, [])
    .option('--save <run>', 'make a case of a run that is over, and call it what --case says')
    .option('--json', 'the same as --reporter json')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((files: string[], options: TestOptions) => run(session, files, options));
};
export default define;

interface Output {
  readonly reporter: Reporter;
  /** Default stdout. */
  readonly file?: string;
}

async function run(session: Session, files: readonly string[], options: TestOptions): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options, files[0]?.endsWith('.json') ? files[0] : undefined);
  const outputs = outputsOf(terminal, options);
  const order = { ...(files.length > 0 && { files: files.map((file) => testsOf(terminal, root, file)) }), ...(options.case.length > 0 && { cases: options.case }), ...(options.update && { update: true }) };
  const stop = new AbortController();
  const release = terminal.onSignal((name) => {
    const exitCode = exit[name === 'SIGINT' ? 'interrupt' : 'terminate'];
    // The second signal ends the process.
    if (stop.signal.aborted) process.exit(exitCode);
    stop.abort(new CommandError('The tests were stopped.', { exitCode }));
  });
  try {
    await withRunner(session, { root }, async (runner) => {
      sayFailedPlugins(terminal, runner);
      if (options.save !== undefined) return save(terminal, runner, options.save, options, stop.signal);
      const once = async (): Promise<void> => {
        const live = outputs.flatMap(({ reporter, file }) => (file === undefined && isLive(reporter) ? [liveReport(reporter, terminal, reporter === 'github' ? folderInRepository(root) : '')] : []))[0];
        const report = await runner.tests.run({ ...order, signal: stop.signal, ...(live && { onCase: (one) => terminal.out(live.ended(one)) }) });
        if (live) terminal.out(live.rest(report));
        await write(terminal, root, outputs.filter(({ reporter, file }) => file !== undefined || !isLive(reporter)), report, options);
        const missing = options.case.filter((name) => report.cases.every((one) => one.name !== name && one.name !== '(file)'));
        if (missing.length > 0) {
          const hint = suggestion(missing[0]!, (await runner.tests.list()).flatMap(({ cases }) => cases.map(({ name }) => name)));
          throw new CommandError(`There is no case ${missing.map((name) => JSON.stringify(name)).join(', ')}.`, { ...(hint !== undefined && { hint }) });
        }
        if (report.cases.length === 0) {
          terminal.say(`There are no tests. \`patchbay new test FLOW\` makes some beside a flow.\n`);
        }
        session.exitCode = report.failed > 0 ? exit.failed : 0;
      };
      if (options.watch) await watching(terminal, root, stop.signal, new Set(outputs.flatMap(({ file }) => (file === undefined ? [] : [file]))), once);
      else await once();
    });
  } finally {
    release();
  }
}

async function save(terminal: Terminal, runner: Runner, run: string, { case: [name, ...more], json }: TestOptions, signal: AbortSignal): Promise<void> {
  if (more.length > 0) throw new CommandError('A run becomes one case: --case may stand once.');
  const saved = await runner.tests.save({ run, ...(name !== undefined && { name }), signal });
  if (json) writeJson(terminal, saved);
  else for (const file of saved.written) terminal.out(`${file}\n`);
  for (const note of saved.notes) terminal.say(`${paint(terminal, 'yellow', 'note')} ${note}\n`);
  terminal.say(`The case ${JSON.stringify(saved.name)} is in ${saved.file}.\n`);
}

/** Runs, and again after changes, until it is stopped. What it writes itself is no change. */
async function watching(terminal: Terminal, root: string, signal: AbortSignal, own: ReadonlySet<string>, once: () => Promise<void>): Promise<void> {
  let hasChanged = true;
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake(), { once: true });
  using _watching = watchFolders(root, {
    isIgnored: (path) => /(^|\/)(\.patchbay|\.git|node_modules)(\/|$)|\.snapshot\.json/.test(path) || [...own].some((one) => one.startsWith(resolve(root, path)) || resolve(root, path).startsWith(one)),
    onChange() {
      hasChanged = true;
      wake();
    },
  });
  while (!signal.aborted) {
    if (hasChanged) {
      // Whoever saves several files is not done with the first.
      await new Promise((later) => setTimeout(later, 100));
      hasChanged = false;
      await once().catch(async (error: unknown) => { if (!signal.aborted) await reportError(terminal, error, root); });
      if (!signal.aborted) terminal.say('Waiting for changes; Ctrl-C ends it.\n');
    } else await new Promise<void>((woken) => { wake = woken; });
  }
}

function outputsOf({ folder }: Terminal, { reporter, json }: TestOptions): readonly Output[] {
  const given = reporter.map((text): Output => {
    const [name, ...rest] = text.split('=');
    if (!(reporters as readonly string[]).includes(name!)) throw new CommandError(`There is no reporter "${name}".`, { hint: suggestion(name!, reporters)! });
    if (rest.length > 0 && rest.join('=') === '') throw new CommandError(`--reporter ${name}= names no file.`, { hint: `Write --reporter ${name}=out/${exampleFiles[name as Reporter]}, or --reporter ${name} for stdout.` });
    return { reporter: name as Reporter, ...(rest.length > 0 && { file: resolve(folder, rest.join('=')) }) };
  });
  const all: Output[] = [...given, ...(json ? [{ reporter: 'json' as const }] : [])];
  if (all.filter(({ file }) => file === undefined).length > 1) throw new CommandError('Only one reporter can write to stdout.', { hint: 'Give the others a file: --reporter junit=out/junit.xml' });
  return all.length > 0 ? all : [{ reporter: 'spec' }];
}

async function write(terminal: Terminal, root: string, outputs: readonly Output[], report: TestReport, { coverage }: TestOptions): Promise<void> {
  for (const { reporter, file } of outputs) {
    const text = reportText(reporter, report, file === undefined ? terminal : { hasColour: false }, reporter === 'github' ? folderInRepository(root) : '');
    if (file === undefined) terminal.out(text);
    else await writeReport(file, text);
  }
  if (coverage) terminal.say(coverageText(report));
  for (const { file, line, column, message, remedy } of report.stale) terminal.say(`${paint(terminal, 'yellow', 'stale mock')} ${withoutControls(`${file}:${line}:${column} ${message}`)}${remedy === undefined ? '' : `\n  ${withoutControls(remedy)}`}\n`);
  for (const file of report.written) terminal.say(`Wrote ${file}.\n`);
  if (report.cases.length === 0) return;
  const text = `${report.passed} passed, ${report.failed} failed${report.skipped > 0 ? `, ${report.skipped} skipped` : ''} in ${report.durationMs} ms.`;
  terminal.say(`${paint(terminal, report.failed > 0 ? 'red' : 'green', text)}\n`);
}

const exampleFiles: Readonly<Record<Reporter, string>> = { spec: 'tests.txt', json: 'tests.json', junit: 'junit.xml', github: 'annotations.txt', html: 'tests.html' };

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw new CommandError(`The report cannot be written to ${file}: ${(error as NodeJS.ErrnoException).code === 'EISDIR' ? 'it is a folder' : (error as Error).message}.`, { hint: 'Name another file.' });
  }
}

/** `''` where the workspace is the root of its repository, or in none. */
function folderInRepository(root: string): string {
  for (let at = resolve(root); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return relative(at, resolve(root)).split(sep).join('/');
    if (dirname(at) === at) return '';
  }
}

/** A file of tests, or the id of a flow. */
function testsOf({ folder }: Terminal, root: string, given: string): string {
  const path = resolve(folder, given);
  if (!isFile(path)) return given;
  const below = relative(root, path);
  if (below.startsWith('..') || isAbsolute(below)) throw new CommandError(`${given} is not in the workspace ${root}.`);
  return below.split(sep).join('/').replace(new RegExp(`${fileKinds.flow.ending.replaceAll('.', '\\.')}$`), fileKinds.test.ending);
}
