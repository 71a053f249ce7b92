import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CommandError, exit } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { writeJson } from './terminal.ts';

interface DocsOptions { readonly check?: boolean; readonly json?: boolean }

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay docs\n  patchbay docs --check\n')
    .option('--check', 'write nothing; fail where a file is out of date')
    .option('--json', 'print the names of the files as JSON')
    .action((options: DocsOptions) => run(session, options));
};
export default define;

async function run(session: Session, { check = false, json }: DocsOptions): Promise<void> {
  const root = join(import.meta.dirname, '..', '..');
  if (!existsSync(join(root, 'plugins', 'sdk'))) throw new CommandError('The generated files belong to the sources of Patchbay, and these are not here.', { exitCode: exit.refused });
  if (!check && relative(root, session.terminal.folder).startsWith('..')) throw new CommandError(`${session.terminal.folder} is not in the sources of Patchbay.`, { exitCode: exit.refused, hint: `Go to ${root} first.` });
  const [{ generateDocs }, { openApiText }] = await Promise.all([import('../runner/docs.ts'), import('../api/openapi.ts')]);
  const changed = await generateDocs(root, { check });
  const description = join(root, 'server', 'api', 'openapi.json');
  const text = openApiText();
  if ((await readFile(description, 'utf8').catch(() => '')) !== text) {
    changed.push('server/api/openapi.json');
    if (!check) await writeFile(description, text);
  }
  if (json) writeJson(session.terminal, { changed });
  else for (const name of changed) session.terminal.out(`${name}\n`);
  if (!check || changed.length === 0) return;
  session.terminal.say('These generated files are out of date: run `npm run generate`.\n');
  session.exitCode = exit.failed;
}
