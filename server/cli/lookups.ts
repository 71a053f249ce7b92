import type { PageOf } from '../model/api.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { CommandError, exit } from './exit-codes.ts';
import { reportFindings } from './lint.ts';
import type { Define, Session } from './program.ts';
import { readText } from './read-json.ts';
import { common, inWorkspace, paged, printChange, printPage, rangeOf, type StateOptions } from './state-command.ts';
import { table, withoutControls, writeJson } from './terminal.ts';

interface Options extends StateOptions { readonly text?: string; readonly sort?: string; readonly from?: string; readonly to?: string; readonly reverse?: boolean }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay lookups list\n  patchbay lookups show countries --text Ger\n  patchbay lookups set countries CH Switzerland\n  patchbay lookups import countries new.csv\n  patchbay lookups remove countries CH\n  patchbay lookups find countries CH\n  patchbay lookups check\n');
  common(command.command('list', { isDefault: true }).description('Lists the lookups: the CSV files in lookups/.')).action((options: Options) => list(session, options));
  paged(common(command.command('show').description('Lists the rows of a lookup.').argument('<lookup>', 'name of the lookup').option('--text <text>', 'only rows that hold it in a column').option('--sort <column>', 'sorts by it; with a hyphen before it, from the end')))
    .action((name: string, options: Options) => show(session, name, options));
  common(command.command('set').description('Changes the row with this key, or adds it.').argument('<lookup>', 'name of the lookup').argument('<cell...>', 'the cells, in the order of the columns; those that are left out stay'))
    .action((name: string, cells: readonly string[], options: Options) => set(session, name, cells, options));
  common(command.command('remove').description('Removes rows.').argument('<lookup>', 'name of the lookup').argument('<value...>', 'keys: what stands in its first column, unless its settings say otherwise'))
    .action((name: string, values: readonly string[], options: Options) => remove(session, name, values, options));
  common(command.command('find').description('Prints what a flow gets for a value.').argument('<lookup>', 'name of the lookup').argument('<value...>', 'the value; several where the key has several columns'))
    .option('--from <column>', 'column that is searched').option('--to <column>', 'column that is given').option('--reverse', 'the other way round')
    .action((name: string, values: readonly string[], options: Options) => find(session, name, values, options));
  common(command.command('check').description('Says what is wrong with lookups: cells of another type, keys that are there twice.').argument('[lookup...]', 'names of lookups; default all'))
    .action((names: readonly string[], options: Options) => check(session, names, options));
  common(command.command('import').description('Changes and adds the rows of a CSV file with a header row, by their key; columns and cells that it leaves out stay as they are. Makes the lookup where there is none.').argument('<lookup>', 'name of the lookup').argument('<file>', 'the file; - is stdin'))
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
  else terminal.out(table(['lookup', 'columns', 'rows'], all.map(({ name, columns, rows, error }) => [name, error === undefined ? columns.join(', ') : 'cannot be read', error === undefined ? rows : '-'])));
  if (!options.json) for (const { name, error } of all) if (error !== undefined) terminal.say(`${name}: ${error}\n`);
});

const show = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) => {
  const { columns, ...page } = await lookups.rows(name, { ...(options.text !== undefined && { text: options.text }), ...(options.sort !== undefined && { sort: options.sort }), ...rangeOf(options) });
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

const find = (session: Session, name: string, values: readonly string[], options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) => {
  const { terminal } = session;
  const { from, to, reverse = false } = options;
  const result = await lookups.find(name, values.length > 1 ? values : values[0], { reverse, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  if (options.json) writeJson(terminal, result);
  else {
    terminal.out(`${typeof result.value === 'string' ? withoutControls(result.value) : JSON.stringify(result.value)}\n`);
    if (!result.found) terminal.say(`The lookup ${name} has no such row.\n`);
  }
  if (!result.found) session.exitCode = exit.failed;
});

const check = (session: Session, names: readonly string[], options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups, info }) => {
  const wanted = names.length > 0 ? names : (await info()).lookups;
  const found: Diagnostic[] = [];
  for (const name of wanted) found.push(...(await lookups.check(name)));
  reportFindings(session, found, { ...options, notes: true });
});

const importFile = (session: Session, name: string, file: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) =>
  printChange(session, await lookups.import(name, await readText(session.terminal, file)), options));

const exportAll = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ lookups }) => {
  const bytes = await lookups.export(name);
  // A byte order mark is a part of the file.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for (let at = 0; at < bytes.length; at += pieceBytes) session.terminal.out(decoder.decode(bytes.subarray(at, at + pieceBytes), { stream: at + pieceBytes < bytes.length }));
});

const pieceBytes = 1024 * 1024;
