import { usualEntity } from '../runner/pool-csv.ts';
import { wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { readText } from './read-json.ts';
import { common, inWorkspace, paged, printChange, printPage, rangeOf, time, type StateOptions } from './state-command.ts';
import { table } from './terminal.ts';

interface Options extends StateOptions { readonly entity?: string; readonly prefix?: string; readonly ttlMs?: number }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay pools list\n  patchbay pools show orders --entity order --prefix 10\n  patchbay pools add orders 1001 1002 --entity order\n  patchbay pools export orders > orders.csv\n  patchbay pools import orders orders.csv\n');
  paged(common(command.command('list', { isDefault: true }).description('Lists the de-duplication pools that hold something.'))).action((options: Options) => list(session, options));
  paged(common(command.command('show').description('Lists the values of a pool.').argument('<pool>', 'name of the pool').option('--entity <type>', 'only of this entity type').option('--prefix <text>', 'only values that begin with it')))
    .action((name: string, options: Options) => show(session, name, options));
  common(command.command('add').description('Adds values, so that they count as seen.').argument('<pool>', 'name of the pool').argument('<value...>', 'the values')
    .option('--entity <type>', 'what the values identify', usualEntity).option('--ttl-ms <number>', 'milliseconds after which they are forgotten; default 90 days', wholeNumber))
    .action((name: string, values: readonly string[], options: Options) => add(session, name, values, options));
  common(command.command('remove').description('Removes values, so that they count as new.').argument('<pool>', 'name of the pool').argument('<value...>', 'the values').option('--entity <type>', 'what the values identify', usualEntity))
    .action((name: string, values: readonly string[], options: Options) => remove(session, name, values, options));
  common(command.command('clear').description('Removes all values of a pool, or of an entity type.').argument('<pool>', 'name of the pool').option('--entity <type>', 'only of this entity type'))
    .action((name: string, options: Options) => clear(session, name, options));
  common(command.command('import').description('Adds the values of a CSV file with the columns value,entity_type.').argument('<pool>', 'name of the pool').argument('<file>', 'the file; - is stdin')
    .option('--ttl-ms <number>', 'milliseconds after which they are forgotten; default 90 days', wholeNumber))
    .action((name: string, file: string, options: Options) => importFile(session, name, file, options));
  command.command('export').description('Prints all values as CSV with the columns value,entity_type.').argument('<pool>', 'name of the pool').option('--workspace <folder>', 'folder of the workspace')
    .action((name: string, options: Options) => exportAll(session, name, options));
};
export default define;

const list = (session: Session, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const page = await state.pools.list(rangeOf(options));
  printPage(session, page, options, 'No pool holds anything.', (items) => table(['pool', 'entity', 'values'], items.flatMap(({ name, entities }) => entities.map(({ entity, values }) => [name, entity, values]))));
});

const show = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const { entity, prefix } = options;
  const page = await state.pools.values(name, { ...(entity !== undefined && { entity }), ...(prefix !== undefined && { prefix }), ...rangeOf(options) });
  printPage(session, page, options, `The pool ${name} has no such value.`, (items) =>
    table(['value', 'entity', 'since', 'ends', 'pending for'], items.map((row) => [row.value, row.entity, time(row.at), time(row.expiresAt), row.pendingFor])));
});

const ttlOf = ({ ttlMs }: Options): { readonly ttlMs?: number } => (ttlMs === undefined ? {} : { ttlMs });

const add = (session: Session, name: string, values: readonly string[], options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const { entity = usualEntity } = options;
  printChange(session, await state.pools.add(name, values.map((value) => ({ value, entity })), ttlOf(options)), options);
});

const remove = (session: Session, name: string, values: readonly string[], options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const removed = await state.pools.remove(name, values, options.entity ?? usualEntity);
  printChange(session, { added: 0, changed: 0, removed }, options, { isRemoval: true });
});

const clear = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const removed = await state.pools.clear(name, options.entity);
  printChange(session, { added: 0, changed: 0, removed }, options, { isRemoval: true });
});

const importFile = (session: Session, name: string, file: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const text = await readText(session.terminal, file);
  printChange(session, await state.pools.import(name, text, ttlOf(options)), options);
});

const exportAll = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  for await (const line of state.pools.export(name)) session.terminal.out(line);
});
