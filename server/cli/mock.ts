import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Option } from 'commander';
import { editFile } from '../model/file-edit.ts';
import { isObject } from '../model/json.ts';
import { serialize } from '../model/serialize.ts';
import { fileKinds } from '../model/workspace.ts';
import type { Runner } from '../runner/contract.ts';
import { mockSecret, type StartedMock } from '../runner/mocks.ts';
import { counted } from '../model/words.ts';
import { CommandError, exit } from './exit-codes.ts';
import { collect, portNumber, wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { readJson } from './read-json.ts';
import { paint, writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface MockOptions {
  readonly workspace?: string;
  readonly port: number;
  readonly records?: number;
  readonly seed?: number;
  readonly faults?: string;
  readonly run: readonly string[];
  readonly writeEnvironment?: string | true;
  readonly json?: boolean;
}

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:
  patchbay mock brook-shop --write-environment    # then, elsewhere: patchbay run import-orders --env mock
  patchbay mock brook-shop --port 7461 --records 500
  patchbay mock brook-shop --faults faults.json   # [{"kind": "rate-limit", "endpoint": "orders.list", "page": 2, "retryAfter": 1}]
  patchbay mock brook-shop --run 01J9…            # answers as the other system did in that run
  curl -H 'x-mock-fault: error; status=503' …     # one request goes wrong
`)
    .argument('<connector>', 'id of the connector')
    .addOption(new Option('--port <number>', 'port; default any that is free').argParser(portNumber).default(0, 'any'))
    .addOption(new Option('--records <number>', 'records of each kind; default 60').argParser(wholeNumber))
    .addOption(new Option('--seed <number>', 'makes other records').argParser(wholeNumber))
    .option('--faults <file>', 'what goes wrong, as JSON: kind (rate-limit, error, unauthorized, time-out, slow, broken-json, cut, reset, repeated-token, schema-drift), endpoint, page, times, retryAfter, ms, status')
    .option('--run <run>', 'answer as in this run, where it asked the same; may stand several times', collect, [])
    .option('--write-environment [name]', 'write an environment whose instances of this connector ask the mock; default mock')
    .option('--json', 'print the address as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .addHelpText('after', `
The mock answers out of the examples of the connector, its record schemas and what is written into it; any credentials will do.
GET /_mock tells about it, GET /_mock/requests what it was asked; POST /_mock/faults sets faults, POST /_mock/reset forgets what was written.
`)
    .action((connector: string, options: MockOptions) => run(session, connector, options));
};
export default define;

async function run(session: Session, connector: string, { port, records, seed, faults, run: runs, writeEnvironment, json = false, ...options }: MockOptions): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  const name = writeEnvironment === true ? 'mock' : writeEnvironment;
  if (name !== undefined && !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new CommandError(`"${name}" cannot be the name of an environment: use lower-case words joined by hyphens.`);
  const { promise: asked, resolve: stop } = Promise.withResolvers<void>();
  const release = terminal.onSignal(() => stop());
  try {
    await withRunner(session, { root }, async (runner) => {
      await using mock = await runner.mocks.start({
        connector, port, runs, ...(records !== undefined && { records }), ...(seed !== undefined && { seed }), ...(faults !== undefined && { faults: await readJson(terminal, faults) }),
      });
      if (name !== undefined) await writeOverrides(runner, root, name, mock);
      if (json) writeJson(terminal, { url: mock.url });
      else terminal.out(`${mock.url}\n`);
      tell(session, connector, mock, name);
      await asked;
    });
  } finally {
    release();
  }
}

function tell({ terminal }: Session, connector: string, { overrides, elsewhere, recorded }: StartedMock, environment: string | undefined): void {
  const instances = Object.keys(overrides);
  if (recorded > 0) terminal.say(`${counted(recorded, 'answer is that of a recorded request', 'answers are those of recorded requests')}.\n`);
  if (instances.length === 0) terminal.say(`No instance is of the connector ${connector}.\n`);
  else if (environment === undefined) terminal.say(`Let ${instances.join(', ')} ask it: --write-environment writes an environment that says so:\n  ${JSON.stringify({ instances: overrides })}\n`);
  else terminal.say(`${instances.join(', ')} ${instances.length === 1 ? 'asks' : 'ask'} it in the environment ${environment}: ${paint(terminal, 'bold', `patchbay run FLOW --env ${environment}`)}\n`);
  for (const address of elsewhere) terminal.say(`${address} is no part of the mock: whoever gets tokens there still asks the real one.\n`);
  terminal.say('Ctrl+C ends it.\n');
}

/** Puts the overrides into the environment, beside those of other mocks, and sees to it that the secret which they name is there. */
async function writeOverrides(runner: Runner, root: string, name: string, { overrides }: StartedMock): Promise<void> {
  const file = join(root, fileKinds.environment.folder, `${name}${fileKinds.environment.ending}`);
  const added = (value: Readonly<Record<string, unknown>>) => ({ ...value, instances: { ...(isObject(value['instances']) ? value['instances'] : {}), ...overrides } });
  const before = existsSync(file) ? await readFile(file, 'utf8') : undefined;
  const text = before === undefined ? serialize('environment', { version: 1, title: 'Mocks', instances: overrides }) : editFile('environment', before, (value) => {
    if (value['production'] === true) throw new CommandError(`"${name}" is a production environment: its instances are not led to a mock.`, { exitCode: exit.refused });
    return added(value);
  });
  await mkdir(dirname(file), { recursive: true });
  if (text !== before) await writeFile(file, text);
  // Of no use elsewhere, and of a value that stands nowhere else: it would be masked there.
  if (JSON.stringify(overrides).includes('"$secret"') && (await runner.secrets.get(mockSecret)) === undefined) await runner.secrets.set(mockSecret, `mock-${randomBytes(12).toString('hex')}`);
}
