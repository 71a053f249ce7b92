import { extname, resolve } from 'node:path';
import { Option } from 'commander';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Trial } from '../model/trial.ts';
import type { Trials, TryRequest } from '../runner/trials.ts';
import { confirm } from './confirm.ts';
import { CommandError, exit, exitCodeOf } from './exit-codes.ts';
import { json, wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { readJson, readText } from './read-json.ts';
import { sayError } from './report-error.ts';
import { writeTrial } from './report-trial.ts';
import { table, withoutControls, writeJson, type Terminal } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { isFile, workspaceOf } from './workspace-of.ts';

interface TryOptions {
  readonly workspace?: string;
  readonly params?: unknown;
  readonly pages: number;
  readonly input?: string;
  readonly list?: boolean;
  readonly env?: string;
  readonly save?: string;
  readonly detect?: boolean;
  readonly seconds: number;
  readonly yes?: boolean;
  readonly yesProduction?: boolean;
  readonly json?: boolean;
}

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:
  patchbay try shop                      # tests the connection
  patchbay try shop orders.list --pages 3 --params '{"since": "2024-07-01"}'
  patchbay try shop orders.list --detect # how it seems to be paged
  patchbay try shop orders.list --save "A page of orders"
  patchbay try erp --list                # its endpoints, and which of them need --input
  patchbay try erp orders.create --input order.json --yes
`)
    .argument('<instance>', 'id of the instance')
    .argument('[endpoint]', 'endpoint of its connector; default the one with which a connection is tested')
    .addOption(new Option('--params <json>', 'parameters of the endpoint').argParser(json))
    .addOption(new Option('--pages <number>', 'pages to ask for, at most').argParser(wholeNumber).default(5))
    .option('--input <file>', 'payload, for endpoints whose request is made of one (`--list` says which: all that send, as a rule); - reads it from stdin')
    .option('--env <environment>', 'environment; default the one of patchbay.json')
    .option('--list', 'list the endpoints instead: what each needs of --params and --input')
    .option('--save <title>', 'keep the first page as an example in the connector, under this title')
    .option('--detect', 'say how the answers seem to be paged')
    .addOption(new Option('--seconds <number>', 'time that it may take').argParser(wholeNumber).default(60))
    .option('--yes', 'write without asking, also where the other system is no mock')
    .option('--yes-production', 'although the environment is a production one')
    .option('--json', 'print all that was asked and answered as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((instance: string, endpoint: string | undefined, options: TryOptions) => run(session, instance, endpoint, options));
};
export default define;

async function run(session: Session, instance: string, endpoint: string | undefined, options: TryOptions): Promise<void> {
  const { terminal } = session;
  const { params, pages, env, save, detect = false, seconds } = options;
  if (params !== undefined && (typeof params !== 'object' || params === null || Array.isArray(params))) throw new CommandError('--params is a JSON object, such as {"since": "2024-07-01"}.');
  if (pages < 1 || seconds < 1) throw new CommandError(`--${pages < 1 ? 'pages' : 'seconds'} is at least 1.`);
  const root = workspaceOf(terminal, options);
  if (options.list) return listEndpoints(session, instance, root, options);
  const stop = new AbortController();
  const release = terminal.onSignal(() => stop.abort(new FlowError('RUN_STOPPED', 'The trial was stopped.', { remedy: 'What was asked until then stands above.' })));
  const payload = await payloadOf(terminal, options);
  const request: TryRequest = {
    instance, ...(endpoint !== undefined && { endpoint }), ...(params !== undefined && { params: params as Record<string, unknown> }), ...(payload && { payload }), pages, ...(save !== undefined && { save }), detect,
    timeoutMs: seconds * 1000, isWriteConfirmed: options.yes === true, isProductionConfirmed: options.yesProduction === true, signal: stop.signal,
  };
  try {
    await withRunner(session, { root, ...(env !== undefined && { environment: env }) }, async ({ trials }) => {
      const trial = await tryOrAsk(terminal, trials, request);
      if (options.json) writeJson(terminal, trial);
      else writeTrial(terminal, trial);
      await tellErrors(session, trial, options.json === true);
      if (stop.signal.aborted) session.exitCode = exit.interrupt;
    });
  } finally {
    release();
  }
}

async function listEndpoints(session: Session, instance: string, root: string, { env, json: isJson }: TryOptions): Promise<void> {
  const { terminal } = session;
  await withRunner(session, { root, ...(env !== undefined && { environment: env }) }, async ({ trials }) => {
    const rows = await trials.list(instance);
    if (isJson) return writeJson(terminal, rows);
    terminal.out(withoutControls(table(['endpoint', 'direction', 'params', '--input', 'title'], rows.map(({ endpoint, direction, params, payload, title }) => [endpoint, direction, [...params.required, ...params.optional.map((name) => `${name} (optional)`)].join(', '), payload === 'none' ? '' : payload, title]))));
  });
}

/** A person at a terminal is asked before something is written; a script must say so beforehand. */
async function tryOrAsk(terminal: Terminal, trials: Trials, request: TryRequest): Promise<Trial> {
  try {
    return await trials.try(request);
  } catch (error) {
    if (!FlowError.is(error, 'WRITE_UNCONFIRMED') || terminal.input.isTTY !== true) throw error;
    if (!(await confirm(terminal, `${error.message.replace(/ Whoever.*$/, '')} Go on?`))) throw new CommandError('Nothing was sent.', { exitCode: exit.refused });
    return trials.try({ ...request, isWriteConfirmed: true });
  }
}

async function tellErrors(session: Session, { error, refused }: Trial, isJson: boolean): Promise<void> {
  const { terminal, root } = session;
  if (!isJson) for (const one of refused) await sayError(terminal, one, root);
  if (error) await sayError(terminal, error, root);
  if (error) session.exitCode = exitCodeOf(error.code);
  else if (refused.length > 0) session.exitCode = exit.failed;
}

const textTypes: Readonly<Record<string, string>> = { '.xml': 'application/xml', '.csv': 'text/csv', '.txt': 'text/plain', '.ndjson': 'application/x-ndjson' };

async function payloadOf(terminal: Terminal, { input }: TryOptions): Promise<TryRequest['payload']> {
  if (input === undefined) return undefined;
  if (input !== '-' && !isFile(resolve(terminal.folder, input))) throw new CommandError(`There is no file ${input}.`);
  const mediaType = textTypes[extname(input).toLowerCase()];
  return mediaType === undefined ? { body: await readJson(terminal, input), mediaType: 'application/json' } : { body: await readText(terminal, input), mediaType };
}
