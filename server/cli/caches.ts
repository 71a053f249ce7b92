import { extname } from 'node:path';
import { Option, type Command } from 'commander';
import { FlowError, type CachedDocument, withChanges } from '../../plugins/sdk/index.ts';
import type { CacheSummary } from '../model/api.ts';
import type { Runner } from '../runner/contract.ts';
import type { CacheId } from '../runner/state-access.ts';
import { textOf } from '../runner/output-file.ts';
import { CommandError, exit } from './exit-codes.ts';
import { wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { readBytes, readJson, readText } from './read-json.ts';
import { common, inWorkspace, paged, printChange, printPage, rangeOf, time, type StateOptions } from './state-command.ts';
import { table, writeJson, writeValue } from './terminal.ts';

interface Options extends StateOptions { readonly scope?: CacheId['scope']; readonly flow?: string; readonly run?: string; readonly prefix?: string; readonly input?: string; readonly type?: string; readonly ttlMs?: number }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay caches list\n  patchbay caches show customers --prefix DE-\n  patchbay caches get customers DE-7 --flow import-orders\n  patchbay caches set customers DE-7 --input customer.json\n  patchbay caches clear customers\n');
  paged(common(command.command('list', { isDefault: true }).description('Lists the caches that hold something.'))).action((options: Options) => list(session, options));
  paged(placed(command.command('show').description('Lists the keys of a cache.').argument('<cache>', 'name of the cache').option('--prefix <text>', 'only keys that begin with it')))
    .action((name: string, options: Options) => show(session, name, options));
  placed(command.command('get').description('Prints the document under a key; all of them, as JSON, where there are several.').argument('<cache>', 'name of the cache').argument('<key>', 'the key'))
    .action((name: string, key: string, options: Options) => get(session, name, key, options));
  placed(command.command('set').description('Puts a document in place of those under a key.').argument('<cache>', 'name of the cache').argument('<key>', 'the key')
    .requiredOption('-i, --input <file>', 'file with the document; - is stdin').option('--type <media type>', 'what it is; default by the ending of the file, else JSON').option('--ttl-ms <number>', 'milliseconds after which it ends; default 7 days', wholeNumber))
    .action((name: string, key: string, options: Options) => set(session, name, key, options));
  placed(command.command('delete').description('Deletes the documents under a key.').argument('<cache>', 'name of the cache').argument('<key>', 'the key'))
    .action((name: string, key: string, options: Options) => remove(session, name, key, options));
  placed(command.command('clear').description('Deletes all keys of a cache.').argument('<cache>', 'name of the cache'))
    .action((name: string, options: Options) => clear(session, name, options));
};
export default define;

const placed = (command: Command): Command => common(command)
  .addOption(new Option('--scope <scope>', 'who shares the cache; needed where there are several of the name').choices(['run', 'flow', 'workspace']))
  .option('--flow <flow>', 'the flow whose cache it is').option('--run <run>', 'the run whose cache it is');

const list = (session: Session, options: Options): Promise<void> => inWorkspace(session, options, async ({ state }) => {
  const page = await state.caches.list(rangeOf(options));
  printPage(session, page, options, 'No cache holds anything.', (items) =>
    table(['cache', 'scope', 'of', 'keys', 'documents', 'bytes', 'last'], items.map(({ name, scope, owner, keys, documents, bytes, lastAt }) => [name, scope, owner, keys, documents, bytes, time(lastAt)])));
});

const show = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async (runner) => {
  const page = await runner.state.caches.keys(await cacheOf(runner, name, options), { ...(options.prefix !== undefined && { prefix: options.prefix }), ...rangeOf(options) });
  printPage(session, page, options, `The cache ${name} has no such key.`, (items) =>
    table(['key', 'documents', 'bytes', 'last', 'ends'], items.map(({ key, documents, bytes, lastAt, expiresAt }) => [key, documents, bytes, time(lastAt), time(expiresAt)])));
});

const get = (session: Session, name: string, key: string, options: Options): Promise<void> => inWorkspace(session, options, async (runner) => {
  const documents = await runner.state.caches.get(await cacheOf(runner, name, options), key);
  const [first] = documents;
  if (!first) throw new FlowError('CACHE_MISS', `The cache "${name}" has nothing under the key "${key}".`);
  if (options.json || documents.length > 1) writeJson(session.terminal, documents.map(({ body, ...rest }) => ({ ...rest, body: shown({ body, ...rest }) })));
  else writeValue(session.terminal, shown(first), false);
});

const shown = ({ body, mediaType }: CachedDocument): unknown => (body instanceof Uint8Array ? (textOf(body, mediaType) ?? Buffer.from(body).toString('base64')) : body);

const set = (session: Session, name: string, key: string, options: Options): Promise<void> => inWorkspace(session, options, async (runner) => {
  const document = await documentOf(session, options);
  await runner.state.caches.put(await cacheOf(runner, name, options), key, [document], options.ttlMs === undefined ? {} : { ttlMs: options.ttlMs });
  printChange(session, { added: 0, changed: 1, removed: 0 }, options);
});

const remove = (session: Session, name: string, key: string, options: Options): Promise<void> => inWorkspace(session, options, async (runner) => {
  const was = await runner.state.caches.delete(await cacheOf(runner, name, options), key);
  printChange(session, { added: 0, changed: 0, removed: was ? 1 : 0 }, options, { isRemoval: true });
});

const clear = (session: Session, name: string, options: Options): Promise<void> => inWorkspace(session, options, async (runner) => {
  const removed = await runner.state.caches.clear(await cacheOf(runner, name, options));
  printChange(session, { added: 0, changed: 0, removed }, options, { isRemoval: true });
});

/** The cache that is meant: the one that the options name, else the only one of the name, else that of the workspace. */
async function cacheOf({ state }: Runner, name: string, { scope, flow, run }: Options): Promise<CacheId> {
  if (flow !== undefined && run !== undefined) throw new CommandError('A cache belongs to a flow or to a run: give --flow or --run, not both.');
  if (flow !== undefined) return { name, scope: 'flow', owner: flow };
  if (run !== undefined) return { name, scope: 'run', owner: run };
  if (scope === 'workspace') return { name, scope, owner: '' };
  const { items, total } = await state.caches.list({ name, ...(scope && { scope }), perPage: 5 });
  if (total > 1) throw new CommandError(`There are ${total} caches of the name "${name}": ${items.map(wordsOf).join(', ')}${total > items.length ? ', …' : ''}.`, { hint: 'Say which one with --scope workspace, --flow or --run.' });
  const [only] = items;
  if (!only && scope !== undefined) throw new CommandError(`No ${scope} has a cache "${name}".`, { exitCode: exit.failed, hint: `Say whose it is with --${scope}.` });
  return { name, scope: only?.scope ?? 'workspace', owner: only?.owner ?? '' };
}

const wordsOf = ({ scope, owner }: CacheSummary): string => (scope === 'workspace' ? 'the workspace’s' : `that of the ${scope} ${owner}`);

async function documentOf({ terminal }: Session, { input = '-', type }: Options): Promise<CachedDocument> {
  const mediaType = type ?? mediaTypes[extname(input)] ?? 'application/json';
  if (/^(application\/json|.*\+json)$/.test(mediaType)) return { body: await readJson(terminal, input).catch(otherType), mediaType, meta: {} };
  return { body: mediaType.startsWith('text/') || /[/+]xml$/.test(mediaType) ? await readText(terminal, input) : await readBytes(terminal, input), mediaType, meta: {} };
}

/** What is no JSON may be a document of another type. */
function otherType(error: unknown): never {
  if (!FlowError.is(error, 'DATA_INVALID')) throw error;
  throw withChanges(error, { message: `${error.message} Name what it is with --type, such as text/plain.` });
}

const mediaTypes: Readonly<Record<string, string>> = { '.csv': 'text/csv', '.txt': 'text/plain', '.xml': 'application/xml', '.ndjson': 'application/x-ndjson' };
