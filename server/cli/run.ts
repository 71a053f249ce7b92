import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { spool } from '../api/body.ts';
import { readVariables } from '../api/variables.ts';
import { priorities, type Priority } from '../model/flow.ts';
import type { StartRun } from '../runner/contract.ts';
import { CommandError } from './exit-codes.ts';
import { sayFailedPlugins } from './failed-plugins.ts';
import { howToGoOn, interruptedRuns } from './interrupted.ts';
import { collect, instant, versionName, wholeNumber } from './options.ts';
import { pairsOf } from './pairs.ts';
import type { Define, Session } from './program.ts';
import { exportRecording, makeRecordingFolder } from './recording.ts';
import { runToEnd } from './run-to-end.ts';
import { paint, type Terminal } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { flowOf, isFile } from './workspace-of.ts';

interface RunOptions {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly input?: string;
  readonly inputType?: string;
  readonly env?: string;
  readonly var: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly now?: number;
  readonly seed?: number;
  readonly priority?: Priority;
  readonly record?: string;
  readonly yesProduction?: boolean;
  readonly useVersion?: NonNullable<StartRun['version']>;
}

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:
  patchbay run import-orders
  patchbay run flows/import-orders.flow.json --input order.json --env staging
  cat orders.ndjson | patchbay run import-orders --input - --input-type application/x-ndjson --json
`)
    .argument('<flow>', 'id or file of the flow')
    .option('--input <file>', 'payload of the run; - reads it from stdin')
    .option('--input-type <type>', 'media type of the payload; default by the ending of the file, JSON for stdin')
    .option('--env <environment>', 'environment; default the one of patchbay.json')
    .option('--var <name=value>', 'value of a flow variable; may stand several times', collect, [])
    .option('--from <step>', 'run the steps from here on')
    .option('--until <step>', 'run the steps up to here, with it')
    .addOption(new Option('--now <time>', 'time that the run sees: ISO 8601 or milliseconds since the epoch').argParser(instant))
    .addOption(new Option('--seed <number>', 'seed of the random numbers').argParser(wholeNumber))
    .addOption(new Option('--priority <priority>', 'which of the runs that wait goes first').choices(priorities))
    .option('--record <folder>', 'write the recording of the run there as well')
    .addOption(new Option('--use-version <version>', 'number of a deployed version, or deployed; default the files as they are').argParser(versionName))
    .option('--yes-production', 'run although the environment is a production one')
    .option('--json', 'print the result as JSON, with all that leaves the flow; bytes that are no text as {"$base64", "mediaType"}')
    .option('-q, --quiet', 'say nothing but errors')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((flow: string, options: RunOptions) => run(session, flow, options));
};
export default define;

async function run(session: Session, given: string, options: RunOptions): Promise<void> {
  const { terminal } = session;
  const { root, flow } = flowOf(terminal, given, options);
  session.root = root;
  const variables = await readVariables(root, flow, pairsOf(options.var));
  const recording = options.record === undefined ? undefined : resolve(terminal.folder, options.record);
  if (recording !== undefined) await makeRecordingFolder(recording);
  const input = await inputOf(terminal, options);
  try {
    await withRunner(session, { root, ...(options.env !== undefined && { environment: options.env }) }, async (runner) => {
      sayFailedPlugins(terminal, runner);
      const { env: environment, useVersion: version, yesProduction: isProductionConfirmed, from, until, now, seed, priority } = options;
      const parts = { payload: input?.payload, environment, version, isProductionConfirmed, from, until, now, seed, priority, ...(Object.keys(variables).length && { variables }) };
      const request = { flow, trigger: 'manual', ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) } as StartRun;
      if (!options.quiet) for (const { run: id } of await interruptedRuns(runner, flow)) terminal.say(`${paint(terminal, 'yellow', 'warning')} The run ${id} of this flow was interrupted. ${howToGoOn(id)}\n`);
      const result = await runToEnd(session, runner, (outputsTo) => runner.start({ ...request, ...(outputsTo !== undefined && { outputsTo }) }), options);
      if (recording !== undefined) await exportRecording(runner, result.run, recording);
    });
  } finally {
    await input?.remove();
  }
}

interface Input {
  readonly payload: NonNullable<StartRun['payload']>;
  remove(): Promise<void>;
}

/** A file is read by the run itself, so that its size does not matter; stdin is put into one when it is long. */
async function inputOf(terminal: Terminal, { input, inputType }: RunOptions): Promise<Input | undefined> {
  if (input === undefined) return undefined;
  const remove = async (): Promise<void> => {};
  if (input !== '-') {
    const file = resolve(terminal.folder, input);
    if (!isFile(file)) throw new CommandError(existsSync(file) ? `${input} is no file.` : `There is no file ${input}.`);
    return { payload: { file, name: input, ...(inputType !== undefined && { mediaType: inputType }) }, remove };
  }
  if (terminal.input.isTTY) throw new CommandError('There is nothing on stdin.', { hint: 'Send the payload: `cat order.json | patchbay run FLOW --input -`.' });
  const mediaType = inputType ?? 'application/json';
  // The run reads files in one way only, so even a short stdin becomes one.
  const body = await spool(terminal.input as AsyncIterable<Uint8Array>, -1);
  if (!('file' in body)) return undefined;
  return { payload: { file: body.file, name: 'stdin', mediaType, isOwn: true }, remove: body.remove };
}
