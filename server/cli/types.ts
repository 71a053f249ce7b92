import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Define, Session } from './program.ts';
import { scriptsConfig, scriptsConfigFile, typesFile } from '../model/script-types.ts';
import { writeJson } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf, type WorkspaceOption } from './workspace-of.ts';

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay types\n')
    .option('--json', 'print the names of the files as JSON')
    .option('--workspace <folder>', 'folder of the workspace')
    .action((options: WorkspaceOption & { readonly json?: boolean }) => run(session, options));
};
export default define;

async function run(session: Session, options: WorkspaceOption & { readonly json?: boolean }): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  const written = await writeTypes(root, await withRunner(session, { root }, (runner) => runner.scriptTypes()));
  if (options.json) return writeJson(terminal, { files: written });
  for (const name of written) terminal.out(`${relative(terminal.folder, join(root, name))}\n`);
}

/** Writes the declarations anew, and the settings for the folder where there are none: they may have been changed. Gives the names of the files. */
async function writeTypes(root: string, declarations: string): Promise<readonly string[]> {
  const files = { [typesFile]: declarations, ...(!existsSync(join(root, scriptsConfigFile)) && { [scriptsConfigFile]: scriptsConfig }) };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return Object.keys(files);
}
