import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { counted } from '../model/words.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { paint, withoutControls, writeJson, type Terminal } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { isFile, workspaceOf } from './workspace-of.ts';

interface LintOptions { readonly workspace?: string; readonly json?: boolean; readonly notes?: boolean }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay lint\n  patchbay lint flows/import-orders.flow.json --json\n')
    .argument('[files...]', 'files; default all of the workspace')
    .option('--json', 'print the findings as JSON')
    .option('--notes', 'print each note; default the first of a file, and how many more there are')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((files: string[], options: LintOptions) => run(session, files, options));
};
export default define;

async function run(session: Session, files: readonly string[], options: LintOptions): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options, files[0]);
  const wanted = files.map((file) => fileOf(terminal, root, file));
  const diagnostics = await withRunner(session, { root }, (runner) => runner.diagnostics(wanted.length ? wanted : undefined));
  reportFindings(session, diagnostics, options);
}

/** Prints findings; errors among them end the command with another code. */
export function reportFindings(session: Session, diagnostics: readonly Diagnostic[], { json, notes }: Pick<LintOptions, 'json' | 'notes'>): void {
  if (json) writeJson(session.terminal, diagnostics);
  else print(session.terminal, diagnostics, notes === true);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length) session.exitCode = errors.every(({ code }) => code === 'PLUGIN_FAILED') ? exit.plugin : exit.invalid;
}

function fileOf({ folder }: Terminal, root: string, file: string): string {
  const path = resolve(folder, file);
  if (!isFile(path)) throw new CommandError(`There is no file ${file}.`);
  const below = relative(root, path);
  if (below.startsWith('..') || isAbsolute(below)) throw new CommandError(`${file} is not in the workspace ${root}.`);
  return below.split(sep).join('/');
}


type FindingLine = Pick<Diagnostic, 'severity' | 'code' | 'message' | 'fix'>;

/** As compilers write it, so that editors and `grep` find the place. */
export function findingLine({ severity, code, message, fix }: FindingLine, at: Pick<Diagnostic, 'file' | 'line' | 'column'> | undefined): string {
  return withoutControls(`${at ? `${at.file}:${at.line}:${at.column}: ` : ''}${severity} ${code} ${message}${fix === undefined ? '' : ` ${fix}`}`);
}

function print(terminal: Terminal, diagnostics: readonly Diagnostic[], notes: boolean): void {
  // Many notes would hide what must be mended.
  const noted = Map.groupBy(notes ? [] : diagnostics.filter(({ severity }) => severity === 'info'), ({ file }) => file);
  for (const found of diagnostics) {
    const [first = found, ...more] = (found.severity === 'info' ? noted.get(found.file) : undefined) ?? [];
    if (first === found) terminal.out(`${findingLine(found, found)}${more.length === 0 ? '' : ` (${counted(more.length, 'more note')} on this file: --notes)`}\n`);
  }
  const count = (wanted: Diagnostic['severity']): number => diagnostics.filter(({ severity }) => severity === wanted).length;
  const errors = count('error');
  const text = diagnostics.length === 0 ? 'No findings.' : `${counted(errors, 'error')}, ${counted(count('warning'), 'warning')}, ${counted(count('info'), 'note')}.`;
  terminal.say(`${paint(terminal, errors ? 'red' : 'green', text)}\n`);
}
