import { compilePath } from '../model/path.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { readJson } from './read-json.ts';
import { writeJson, writeValue } from './terminal.ts';

const define: Define = (command, session) => {
  command
    .addHelpText('before', `Examples:\n  patchbay path 'items[*].sku' order.json\n  curl -s https://api.example.com/orders | patchbay path '$.orders[?@.total > 100].id'\n`)
    .argument('<query>', 'JSONPath; the leading $. may be left out')
    .argument('[file]', 'JSON document; default stdin', '-')
    .option('--json', 'print the value as JSON, texts too')
    .action((query: string, file: string, options: { readonly json?: boolean }) => run(session, query, file, options));
};
export default define;

/** A path that names one place gives the value there, any other the list of what it finds. */
async function run({ terminal }: Session, query: string, file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const path = compilePath(query);
  const found = path.all(await readJson(terminal, file));
  if (!path.singular) return json ? writeJson(terminal, found) : writeValue(terminal, found, false);
  if (found.length === 0) throw new CommandError(`There is nothing at ${path.query}.`, { exitCode: exit.failed });
  writeValue(terminal, found[0], json);
}
