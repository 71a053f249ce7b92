import { Option, type Command } from 'commander';
import { cursorKinds, cursorParts, type CursorKind } from '../model/cursor-order.ts';
import type { Runner } from '../runner/contract.ts';
import type { CursorId } from '../runner/state-access.ts';
import { CommandError, exit } from './exit-codes.ts';
import type { Define, Session } from './program.ts';
import { common, inWorkspace, paged, printChange, printPage, rangeOf, time, type StateOptions } from './state-command.ts';
import { table } from './terminal.ts';

interface Options extends StateOptions, Partial<Omit<CursorId, 'environment'>> { readonly env?: string; readonly kind?: CursorKind; readonly all?: boolean }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay cursors list\n  patchbay cursors set 2024-01-31T12:00:00Z --flow orders --step read\n  patchbay cursors reset --flow orders --slice shop=7\n');
  paged(chosen(command.command('list', { isDefault: true }).description('Lists how far incremental reading has got: what is older was read and got through its flow.'))).action((options: Options) => list(session, options));
  chosen(command.command('set').description('Says from where the next run reads.').argument('<value>', 'a time, a number or a text, as the endpoint has it')
    .addOption(new Option('--kind <kind>', 'where there is no cursor yet: what it is').choices(cursorKinds)))
    .action((value: string, options: Options) => set(session, value, options));
  chosen(command.command('reset').description('Forgets how far reading has got: the next run reads from the beginning.').option('--all', 'all cursors of the workspace')).action((options: Options) => reset(session, options));
};
export default define;

const chosen = (command: Command): Command => common(command
  .option('--env <environment>', 'of runs in this environment').option('--flow <flow>', 'of this flow').option('--step <step>', 'of this step').option('--instance <instance>', 'of this instance').option('--endpoint <endpoint>', 'of this endpoint')
  .option('--slice <slice>', 'of this slice, as it is listed'));

const filterOf = ({ env, ...options }: Options): Partial<CursorId> => Object.fromEntries(cursorParts.map((part) => [part, part === 'environment' ? env : options[part]]).filter(([, value]) => value !== undefined));

const list = (session: Session, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const page = await state.cursors.list({ ...filterOf(options), ...rangeOf(options) });
  printPage(session, page, options, 'No run has read anything incrementally.', (items) =>
    table([...cursorParts, 'up to', 'since', 'pending for'], items.map((row) => [...cursorParts.map((part) => row[part]), row.value ?? '(the beginning)', time(row.at), row.pendingFor])));
});

const set = (session: Session, value: string, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const { kind, ...id } = await only(state, options);
  printChange(session, await state.cursors.set(id, kind, value), options);
});

const reset = (session: Session, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const filter = filterOf(options);
  if (Object.keys(filter).length === 0 && !options.all) throw new CommandError('It is not said which cursors.', { hint: 'Give --env, --flow, --step, --instance, --endpoint or --slice, or --all.' });
  printChange(session, { added: 0, changed: 0, removed: await state.cursors.reset(filter) }, options, { isRemoval: true });
});

/** The one that the options name; or a new one, where they name all of it. */
async function only(state: Runner['state'], options: Options): Promise<CursorId & { readonly kind: CursorKind }> {
  const filter = filterOf(options);
  const { items, total } = await state.cursors.list({ ...filter, perPage: 2 });
  if (total === 1) return items[0]!;
  if (total > 1) throw new CommandError(`There are ${total} such cursors.`, { hint: 'Say which one with --env, --flow, --step, --instance, --endpoint and --slice.' });
  const { flow, step, instance, endpoint, slice = '', environment = '' } = filter;
  if (options.kind === undefined || flow === undefined || step === undefined || instance === undefined || endpoint === undefined) {
    throw new CommandError('There is no such cursor.', { exitCode: exit.failed, hint: '`patchbay cursors list` shows them; to make one, give --flow, --step, --instance, --endpoint and --kind.' });
  }
  return { environment, flow, step, instance, endpoint, slice, kind: options.kind };
}
