import type { PageOf } from '../model/api.ts';
import { CommandError } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { common, inWorkspace, paged, printChange, printPage, rangeOf, readFileOrInput, type StateOptions } from './state-command.ts';
import { table, writeJson } from './terminal.ts';

interface Options extends StateOptions { readonly text?: string }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay lookups list\n  patchbay lookups show countries --text Ger\n  patchbay lookups set countries CH Switzerland\n  patchbay lookups import countries new.csv\n  patchbay lookups remove countries CH\n');
  common(command.command('list', { isDefault: true }).description('Lists the lookups: the CSV files in lookups/.')).action((options: Options) => list(session, options));
  paged(common(command.command('show').description('Lists the rows of a lookup.').argument('<lookup>', 'name of the lookup').option('--text <text>', 'only rows that hold it in a column')))
    .action((name: string, options: Options) => show(session, name, options));
  common(command.command('set').description('Changes the row with this value in the first column, or adds it.').argument('<lookup>', 'name of the lookup').argument('<cell...>', 'the cells, in the order of the columns; those that are left out stay'))
    .action((name: string, cells: readonly string[], options: Options) => set(session, name, cells, options));
  common(command.command('remove').description('Removes rows.').argument('<lookup>', 'name of the lookup').argument('<value...>', 'values in the first column'))
    .action((name: string, values: readonly string[], options: Options) => remove(session, name, values, options));
  common(command.command('import').description('Changes and adds the rows of a CSV file with a header row; makes the lookup where there is none.').argument('<lookup>', 'name of the lookup').argument('<file>', 'the file; - is stdin'))
    .action((name: string, file: string, options: Options) => importFile(session, name, file, options));
  command.command('export').description('Prints the file of a lookup.').argument('<lookup>', 'name of the lookup').option('--workspace <folder>', 'folder of the workspace')
    .action((name: string, options: Options) => exportAll(session, name, options));
};
export default define;

const list = (session: Session, options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) => {
  const { terminal } = session;
  const all = await lookups.list();
  if (options.json) writeJson(terminal, all);
  else if (all.length === 0) terminal.say('There are no lookups: make one with `patchbay lookups import NAME FILE`.\n');
  else terminal.out(table(['lookup', 'columns', 'rows'], all.map(({ name, columns, rows }) => [name, columns.join(', '), rows])));
});

const show = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) => {
  const { columns, ...page } = await lookups.rows(name, { ...(options.text !== undefined && { text: options.text }), ...rangeOf(options) });
  const shown: PageOf<readonly string[]> = options.json ? { columns, ...page } as PageOf<readonly string[]> : page;
  printPage(session, shown, options, `The lookup ${name} has no such row.`, (items) => table(columns, items));
});

const set = (session: Session, name: string, cells: readonly string[], options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) => {
  const { columns } = await lookups.rows(name, { perPage: 1 });
  if (cells.length > columns.length) throw new CommandError(`The lookup "${name}" has ${columns.length} columns (${columns.join(', ')}), and ${cells.length} cells were given.`, { hint: 'A cell with spaces stands in quotes.' });
  printChange(session, await lookups.set(name, [Object.fromEntries(cells.map((cell, index) => [columns[index]!, cell]))]), options);
});

const remove = (session: Session, name: string, values: readonly string[], options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) =>
  printChange(session, await lookups.remove(name, values), options, { isRemoval: true }));

const importFile = (session: Session, name: string, file: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) =>
  printChange(session, await lookups.import(name, new TextDecoder().decode(await readFileOrInput(session.terminal, file))), options));

const exportAll = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) => session.terminal.out(await lookups.export(name)));
