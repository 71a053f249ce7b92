import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CommandError, exit } from './exit-codes.ts';
import type { Session } from './program.ts';
import { noRun } from './run-errors.ts';
import { inWorkspace, type StateOptions } from './state-command.ts';
import { writeJson } from './terminal.ts';

export interface ExportOptions extends StateOptions { readonly output?: string }
export interface ImportOptions extends StateOptions { readonly run?: string }

/** Writes a run into a file, `-` for stdout. */
export async function exportRun(session: Session, run: string, { output = `${run}.patchbayrun`, ...options }: ExportOptions): Promise<void> {
  const { terminal } = session;
  const file = resolve(terminal.folder, output);
  await inWorkspace(session, options, async (runner) => {
    if (!runner.archive.run(run)) throw noRun(run);
    const chunks = runner.exportRun(run);
    if (output !== '-') return pipeline(chunks, createWriteStream(file, { mode: 0o600 }));
    for await (const chunk of chunks) if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  });
  if (options.json) writeJson(terminal, { run, file: output });
  else if (output !== '-') terminal.say(`The run is in ${output}. What was masked in the recording is masked there.\n`);
}

/** Takes up a run out of a file, or from a server by its address. */
export async function importRun(session: Session, source: string, { run, ...options }: ImportOptions): Promise<void> {
  const { terminal } = session;
  const isAddress = /^https?:\/\//i.test(source);
  if (isAddress !== (run !== undefined)) throw new CommandError(isAddress ? 'Which run? --run names it.' : '--run is for runs of a server.');
  const bytes = isAddress ? await fromServer(new URL(source), run!, terminal.environment) : await readFile(resolve(terminal.folder, source)).catch((error: Error) => { throw new CommandError(`${source} cannot be read: ${error.message}`, { exitCode: exit.usage }); });
  const imported = await inWorkspace(session, options, (runner) => runner.importRun(bytes));
  if (options.json) return writeJson(terminal, imported);
  terminal.out(`${imported.run}\n`);
  terminal.say(imported.isNew ? 'The run is here now, pinned: `patchbay runs show`, `diff` and `replay` take it.\n' : 'That run was here already.\n');
}

async function fromServer(server: URL, run: string, env: Readonly<Record<string, string | undefined>>): Promise<Uint8Array> {
  const token = env['PATCHBAY_TOKEN'];
  if (!token) throw new CommandError('The server asks for a token: set PATCHBAY_TOKEN.', { exitCode: exit.missing });
  const host = server.hostname.replaceAll(/[[\]]/g, '');
  const isHere = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  if (server.protocol !== 'https:' && !isHere) throw new CommandError('The token would go over the network as it is: use https.', { exitCode: exit.refused });
  const address = new URL(`${server.pathname.replace(/\/$/, '')}/api/v1/runs/${encodeURIComponent(run)}/export`, server);
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` }, redirect: 'error' }).catch((error: Error) => { throw new CommandError(`${server.host} cannot be reached: ${(error.cause as Error | undefined)?.message ?? error.message}`, { exitCode: exit.unreachable }); });
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  const problem = (await answer.json().catch(() => ({}))) as { readonly detail?: string };
  throw new CommandError(`${server.host} says ${answer.status}: ${problem.detail ?? answer.statusText}`, { exitCode: exit.unreachable });
}
