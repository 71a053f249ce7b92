import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { exit, exitCodeOfError } from './exit-codes.ts';
import { explainMachineFault } from './machine-fault.ts';
import { reportError } from './report-error.ts';
import { orRunDry } from './run-dry.ts';
import { shellWord } from './shell-word.ts';
import type { Terminal } from './terminal.ts';

/** What a command is told and what it leaves behind. */
export interface Session {
  readonly terminal: Terminal;
  /** Set by a command that knows more than "it went well". */
  exitCode: number;
  /** Workspace of the command, for the places of errors. */
  root: string | undefined;
}

/** Arguments and options of a command, and what it does. A file of a command is loaded only when it is called. */
export type Define = (command: Command, session: Session) => void;

/** Runs one command line to its end and gives the exit code. Never throws. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  const session: Session = { terminal, exitCode: exit.ok, root: undefined };
  try {
    const program = await programFor(args, session);
    await orRunDry(program.parseAsync(isUnknown(program, args) ? args.filter((arg) => !isHelp(arg)) : [...args], { from: 'user' }));
    return session.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exit.ok : exit.usage;
    const error = explainMachineFault(thrown);
    await reportError(terminal, error, session.root);
    return exitCodeOfError(error);
  }
}

async function programFor(args: readonly string[], session: Session): Promise<Command> {
  const { terminal } = session;
  const [wanted] = args.filter((arg, index) => !arg.startsWith('-') && !(index === 0 && arg === 'help'));
  const program = new Command('patchbay')
    .description('Draws, runs and debugs data flows between systems.')
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print what a command does and takes')
    .addHelpText('before', `Examples:\n  patchbay init shop && cd shop\n  patchbay run hello\n  patchbay serve --dev\n`)
    // Options of the program stand before the command: `--version` behind one is the command's own.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.say, outputError: (text, write) => write(`${text}${hintFor(text, wanted)}${flowHint(program, args, text)}`) })
    .showHelpAfterError('See patchbay --help.');
  for (const { name, summary, isHidden = false, load } of commands) {
    const command = program.command(name, { hidden: isHidden }).summary(summary).description(`${summary}.`);
    command.showHelpAfterError(`See patchbay ${name} --help.`);
    if (name !== wanted) continue;
    const { default: define } = await load();
    define(command, session);
    leadToOwnHelp(command, `patchbay ${name}`);
  }
  return program;
}

/** An error in a command within another leads to the help of that one. */
function leadToOwnHelp(command: Command, path: string): void {
  for (const inner of command.commands) {
    const own = `${path} ${inner.name()}`;
    inner.showHelpAfterError(`See ${own} --help.`);
    leadToOwnHelp(inner, own);
  }
}

/** What the parser of the line cannot know of a word that it refuses. */
function hintFor(error: string, command: string | undefined): string {
  const [, option] = /^error: unknown option '(-[^-'](?=[^']*[^\w'=-])[^']*|-\d[^']*)'/.exec(error) ?? [];
  return option === undefined ? '' : `(What begins with a dash and is no option stands behind two of them: patchbay ${command} -- ${shellWord(option)})\n`;
}

/** A command that takes no name of a flow, but an option for it. */
function flowHint(program: Command, args: readonly string[], error: string): string {
  if (!error.startsWith('error: too many arguments')) return '';
  let command = program;
  const words = args.filter((arg) => !arg.startsWith('-'));
  for (let inner; (inner = command.commands.find((one) => one.name() === words[0])); command = inner) words.shift();
  const path = args.slice(0, args.length - words.length).filter((arg) => !arg.startsWith('-'));
  return words.length === 1 && command.options.some(({ long }) => long === '--flow') ? `(A flow is named with an option: patchbay ${path.join(' ')} --flow ${shellWord(words[0]!)})\n` : '';
}

const isHelp = (arg: string): boolean => arg === '-h' || arg === '--help' || arg === 'help';

/** Whether the words name a command that there is not: of such there is no help, whoever asks for it. */
function isUnknown(program: Command, args: readonly string[]): boolean {
  let command = program;
  for (const arg of args) {
    if (isHelp(arg)) continue;
    if (arg.startsWith('-') || command.commands.length === 0 || command.registeredArguments.length > 0) return false;
    const next = command.commands.find((one) => one.name() === arg || one.aliases().includes(arg));
    if (!next) return true;
    command = next;
  }
  return false;
}

function version(): string {
  // Beside the sources it lies two folders up, beside a bundle one.
  for (const up of ['../..', '..']) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(import.meta.dirname, up, 'package.json'), 'utf8')) as { name?: string; version?: string };
      if (name === 'patchbay' && version) return version;
    } catch {
      // Not there.
    }
  }
  return 'unknown';
}
