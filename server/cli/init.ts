import { existsSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { serialize } from '../model/serialize.ts';
import type { Define, Session } from './program.ts';
import { flowTemplates } from './templates/flows.ts';
import { scriptsConfig, scriptsConfigFile, scriptTypes, typesFile } from '../model/script-types.ts';
import { titleOf } from './templates/template.ts';
import { writeJson } from './terminal.ts';
import { writeFiles } from './write-files.ts';
import { shellWord } from './shell-word.ts';

const define: Define = (command, session) => {
  command
    .addHelpText('before', 'Examples:\n  patchbay init\n  patchbay init shop && cd shop && patchbay run hello\n')
    .argument('[folder]', 'folder of the workspace; it is made where it does not exist', '.')
    .option('--json', 'print the names of the files as JSON')
    .action((folder: string, options: { readonly json?: boolean }) => run(session, folder, options));
};
export default define;

async function run({ terminal }: Session, folder: string, { json }: { readonly json?: boolean }): Promise<void> {
  const root = resolve(terminal.folder, folder);
  const files = {
    'patchbay.json': serialize('workspace', { version: 1, title: titleOf(basename(root)) }),
    // Somebody else's file stays as it is: `.patchbay/` ignores itself.
    ...(existsSync(resolve(root, '.gitignore')) ? {} : { '.gitignore': '.patchbay/\n' }),
    ...flowTemplates.manual!.files('hello'),
    [typesFile]: scriptTypes({ catalog: { plugins: [] }, connectors: {}, instances: {}, maps: {}, scripts: [], flows: [], lookups: [] }, []), [scriptsConfigFile]: scriptsConfig,
  };
  const written = await writeFiles(root, files);
  if (json) return writeJson(terminal, { files: written });
  for (const name of written) terminal.out(`${relative(terminal.folder, resolve(root, name))}\n`);
  terminal.say(`Run the flow: ${folder === '.' ? '' : `cd ${shellWord(folder)} && `}patchbay run hello\n`);
}
