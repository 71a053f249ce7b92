import { CommandError, exit } from './exit-codes.ts';
import { readText } from './read-json.ts';
import type { Define, Session } from './program.ts';
import { table, writeJson, type Terminal } from './terminal.ts';
import { withRunner } from './with-runner.ts';
import { workspaceOf } from './workspace-of.ts';

interface Options { readonly workspace?: string; readonly json?: boolean }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay secrets set shop-eu/token\n  pass show shop | patchbay secrets set shop-eu/token\n  patchbay secrets list\n');
  command.command('list', { isDefault: true }).description('Lists the names of the secrets and where their values come from; never the values.')
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((options: Options) => list(session, options));
  command.command('set').description('Keeps a value, read from stdin or asked for without showing it. Never give it as an argument: others can read those.')
    .argument('<name>', 'name of the secret, such as shop-eu/token')
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((name: string, options: Options) => set(session, name, options));
  command.command('remove').description('Forgets a value.')
    .argument('<name>', 'name of the secret')
    .option('--json', 'print JSON').option('--workspace <folder>', 'folder of the workspace')
    .action((name: string, options: Options) => remove(session, name, options));
};
export default define;

async function list(session: Session, options: Options): Promise<void> {
  const { terminal } = session;
  const secrets = await withRunner(session, { root: workspaceOf(terminal, options) }, ({ secrets }) => secrets.list());
  if (options.json) writeJson(terminal, secrets);
  else if (secrets.length === 0) terminal.say('There are no secrets.\n');
  else terminal.out(table(['name', 'from'], secrets.map(({ name, origin }) => [name, origin])));
}

async function set(session: Session, name: string, options: Options): Promise<void> {
  const { terminal } = session;
  const root = workspaceOf(terminal, options);
  const value = terminal.input.isTTY ? await ask(terminal, `Value of ${name}: `) : (await readText(terminal, '-')).replace(/\r?\n$/, '');
  if (value === '') throw new CommandError('The value is empty.', { hint: `Remove a secret with \`patchbay secrets remove ${name}\`.` });
  await withRunner(session, { root }, ({ secrets }) => secrets.set(name, value));
  if (options.json) writeJson(terminal, { name });
  else terminal.say(`Kept ${name}.\n`);
}

async function remove(session: Session, name: string, options: Options): Promise<void> {
  const { terminal } = session;
  const isRemoved = await withRunner(session, { root: workspaceOf(terminal, options) }, ({ secrets }) => secrets.remove(name));
  if (options.json) writeJson(terminal, { name, removed: isRemoved });
  else terminal.say(isRemoved ? `Removed ${name}.\n` : `There is no secret ${name} in the store.\n`);
  if (!isRemoved) session.exitCode = exit.failed;
}

/** Reads a line from the terminal without showing it. */
function ask({ input, say }: Terminal, question: string): Promise<string> {
  say(question);
  input.setRawMode?.(true);
  input.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let value = '';
    const end = (finish: () => void): void => {
      input.off('data', read).pause();
      input.setRawMode?.(false);
      say('\n');
      finish();
    };
    const read = (text: string): void => {
      for (const key of text) {
        if (key === '\r' || key === '\n') return end(() => resolve(value));
        if (key === '\u{3}' || key === '\u{4}') return end(() => reject(new CommandError('Nothing was kept.', { exitCode: exit.interrupt })));
        value = key === '\u{7F}' || key === '\b' ? value.slice(0, -1) : value + key;
      }
    };
    input.on('data', read);
  });
}
