import { accessSync, constants } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { builtIns } from '../../plugins/built-ins.ts';
import type { Log, ScriptEngine } from '../../plugins/sdk/index.ts';
import { counted } from '../model/words.ts';
import type { Runner } from '../runner/contract.ts';
import { exit } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean }
interface Check { readonly name: string; readonly isGood: boolean; readonly text: string }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay doctor\n  patchbay doctor --json\n')
    .option('--json', 'print the report as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((options: Options) => run(session, options));
};
export default define;

/** Names and versions only: no values of secrets, no addresses, no payloads. */
async function run(session: Session, options: Options): Promise<void> {
  const { terminal } = session;
  const checks: Check[] = [nodeCheck()];
  try {
    const root = workspaceOf(terminal, options);
    checks.push(writableCheck(root));
    checks.push(...(await withRunner(session, { root }, workspaceChecks)));
  } catch (error) {
    checks.push({ name: 'workspace', isGood: false, text: error instanceof Error ? error.message : String(error) });
  }
  const facts = { node: process.version, platform: `${platform()} ${release()} ${arch()}` };
  const isGood = checks.every((check) => check.isGood);
  if (options.json) writeJson(terminal, { ...facts, ok: isGood, checks: checks.map(({ name, isGood, text }) => ({ name, ok: isGood, text })) });
  else terminal.out(`node      ${facts.node}\nplatform  ${facts.platform}\n\n${checks.map(({ name, isGood, text }) => `${isGood ? 'ok  ' : 'FAIL'}  ${name}: ${text}\n`).join('')}`);
  if (!isGood) session.exitCode = checks.every((check) => check.isGood || check.name === 'secrets') ? exit.missing : exit.failed;
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isGood = major > 22 || (major === 22 && minor >= 18);
  return { name: 'node', isGood, text: isGood ? `${process.version} has all that is needed` : `${process.version} is too old: 22.18 or newer is needed` };
}

function writableCheck(root: string): Check {
  try {
    accessSync(root, constants.W_OK);
    return { name: 'folder', isGood: true, text: 'the workspace can be written to' };
  } catch {
    return { name: 'folder', isGood: false, text: 'the workspace cannot be written to, so runs cannot be recorded' };
  }
}

async function workspaceChecks(runner: Runner): Promise<Check[]> {
  const [info, diagnostics, scripts] = [await runner.info(), await runner.diagnostics(), await scriptChecks()];
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const failed = runner.plugins().filter(({ state }) => state === 'failed');
  const missing = info.instances.flatMap(({ id, missingSecrets }) => missingSecrets.map((name) => `${name} of ${id}`));
  const list = (good: string, bad: readonly string[]): Pick<Check, 'isGood' | 'text'> => ({ isGood: bad.length === 0, text: bad.length === 0 ? good : bad.slice(0, 5).join('; ') + (bad.length > 5 ? `; and ${bad.length - 5} more` : '') });
  return [
    { name: 'patchbay', isGood: true, text: `${info.version}, workspace "${info.title}" with ${counted((await runner.flows()).length, 'flow')}, ${counted(info.connectors.length, 'connector')}, ${counted(info.instances.length, 'instance')}` },
    { name: 'plugins', ...list(`${runner.catalog().length} loaded`, failed.map(({ source, error }) => `${source}: ${error ?? 'it did not load'}`)) },
    { name: 'files', ...list('no errors', errors.map(({ file, line, message }) => `${file}:${line} ${message}`)) },
    { name: 'secrets', ...list('none is missing', missing) },
    ...scripts,
  ];
}

/** An engine tests its own walls when it is first used, and refuses to run anything where one is missing. */
const scriptChecks = (): Promise<Check[]> => Promise.all(builtIns.filter(({ kind }) => kind === 'script').map(({ type, load }) => scriptCheck(type, load)));

async function scriptCheck(type: string, load: (typeof builtIns)[number]['load']): Promise<Check> {
  const name = `scripts (${type})`;
  try {
    const engine = (await load()).default as ScriptEngine;
    const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
    try {
      const script = await engine.compile({ text: 'export default (value) => value + 1;', file: 'scripts/doctor.js' }, { timeoutMs: 10_000, memoryMb: 128 } as never, { log });
      const [result] = await script.run([1], { signal: AbortSignal.timeout(20_000), log });
      return { name, isGood: result?.output === 2, text: result?.output === 2 ? `run behind the walls of ${engine.title}` : `${engine.title} gave ${JSON.stringify(result)}` };
    } finally {
      await engine.close();
    }
  } catch (error) {
    return { name, isGood: false, text: error instanceof Error ? error.message : String(error) };
  }
}
