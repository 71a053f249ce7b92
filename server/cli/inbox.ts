import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { curlOf, requestText, type InboxDraft, type InboxRow, type InboxSent } from '../model/inbox.ts';
import { CommandError, exit } from './exit-codes.ts';
import { wholeNumber } from './options.ts';
import type { Define, Session } from './program.ts';
import { readBytes } from './read-json.ts';
import { common, inWorkspace, paged, printPage, rangeOf, time, type StateOptions } from './state-command.ts';
import { serverFile } from './running-server.ts';
import { table, withoutControls, writeJson } from './terminal.ts';

interface ListOptions extends StateOptions { readonly flow?: string; readonly unread?: boolean }
interface ShowOptions extends StateOptions { readonly curl?: boolean }
interface DraftOptions extends StateOptions { readonly method?: string; readonly query?: string; readonly header: readonly string[]; readonly body?: string; readonly delivery?: string; readonly sign: boolean }
interface ReplayOptions extends DraftOptions { readonly times: number; readonly delayMs: number; readonly sameDelivery?: boolean }

const define: Define = (command, session) => {
  command.addHelpText('before', 'Examples:\n  patchbay inbox list --unread\n  patchbay inbox show 12\n  patchbay inbox show 12 --curl\n  patchbay inbox replay 12\n  patchbay inbox replay 12 --body order.json --sign --times 3\n  patchbay inbox send orders/shop --body order.json\n');
  paged(common(command.command('list', { isDefault: true }).description('Lists requests to webhooks, the newest first.').option('--flow <flow>', 'only of this flow').option('--unread', 'only those that nobody has looked at')))
    .action((options: ListOptions) => list(session, options));
  common(command.command('show').description('Shows a request: the check of its signature step by step, headers, body, answer, run.').argument('<request>', 'its number', wholeNumber).option('--curl', 'print it as a command'))
    .action((id: number, options: ShowOptions) => show(session, id, options));
  drafted(command.command('replay').description('Sends a request once more as it came, with what is changed.').argument('<request>', 'its number', wholeNumber)
    .option('--times <number>', 'how often', wholeNumber, 1).option('--delay-ms <number>', 'milliseconds between them', wholeNumber, 0).option('--same-delivery', 'as when a provider sends it again').option('--sign', 'signs it anew, as its sender would; else it has the signature it came with', false))
    .action((id: number, options: ReplayOptions) => replay(session, id, options));
  drafted(command.command('send').description('Makes a request to a webhook, signed as its sender would.').argument('<address>', 'flow, or flow/trigger').option('--no-sign', 'does not sign it'))
    .action((address: string, options: DraftOptions) => send(session, address, options));
};
export default define;

const drafted = (command: Command): Command => common(command
  .option('--method <method>', 'its method').option('--query <query>', 'its query: a=1&b=2').option('--header <header>', 'a header, "Name: value"; instead of those that were there', (text: string, all: readonly string[]) => [...all, text], [])
  .option('--body <file>', 'its body; - is stdin').option('--delivery <id>', 'id of the delivery; default a new one, where it is not signed'));

const list = (session: Session, options: ListOptions): Promise<void> => inWorkspace(session, options, async ({ inbox }) => {
  const page = await inbox.list({ ...(options.flow !== undefined && { flow: options.flow }), ...(options.unread && { unread: true }), ...rangeOf(options) });
  printPage(session, page, options, 'No request has come.', (rows) => table(
    ['request', 'at', 'to', 'method', 'bytes', 'signature', 'answer', 'run'],
    rows.map((row) => [`${row.id}${row.isRead ? '' : ' *'}${row.isPinned ? ' pinned' : ''}`, time(row.at), placeOf(row), row.method, row.size, signatureOf(row), answerOf(row), row.run === undefined ? '' : `${row.run} ${row.runStatus ?? ''}`]),
  ));
});

const placeOf = ({ flow, trigger }: InboxRow): string => (trigger === undefined ? flow : `${flow}/${trigger}`);
const signatureOf = ({ isValid, duplicateOf }: InboxRow): string => [isValid === undefined ? '' : isValid ? 'right' : 'wrong', duplicateOf === undefined ? '' : `again ${duplicateOf}`].filter(Boolean).join(', ');
const answerOf = ({ status, answeredBy }: InboxRow): string => `${status ?? ''}${answeredBy === 'flow' ? '' : ` ${answeredBy}`}`;

const show = (session: Session, id: number, options: ShowOptions): Promise<void> => inWorkspace(session, options, async ({ root, inbox }) => {
  const { terminal } = session;
  const request = await inbox.get(id);
  await inbox.markRead([id]);
  if (options.json) return writeJson(terminal, request);
  if (options.curl) {
    terminal.out(`${curlOf(request, await baseOf(root))}\n`);
    if (request.isMasked) terminal.say(`What is masked in it is sent as its mask, so that a signature does not fit; \`patchbay inbox replay ${id}\` sends it as it came.\n`);
    return;
  }
  const { inspection, answer, run, runStatus = 'gone', duplicateOf, isCut, size } = request;
  const unchecked = inspection?.isValid === undefined ? ['The signature is not checked: the trigger has none.'] : [];
  const steps = (inspection?.steps ?? []).flatMap(({ name, isPassed, detail, facts = [] }) => [`${isPassed ? 'ok  ' : 'FAIL'} ${name}: ${detail}`, ...facts.map((fact) => `       ${fact.name}: ${fact.value}`)]);
  const ends = [...(answer ? [`answered ${answerOf(request)} in ${Math.round(request.tookMs ?? 0)} ms`] : []), ...(run === undefined ? [] : [`run ${run} ${runStatus}`]), ...(duplicateOf === undefined ? [] : [`the same delivery as ${duplicateOf}`])];
  terminal.out(withoutControls(`${time(request.at)}  ${placeOf(request)}\n${ends.join(', ')}\n\n${[...unchecked, ...steps].join('\n')}\n\n${requestText(request)}`));
  if (isCut) terminal.say(`The body has ${size} bytes; this is its beginning.\n`);
});

/** Where `serve` of this workspace listens, else a place for it. */
async function baseOf(root: string): Promise<string> {
  const text = await readFile(serverFile(root), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { readonly url?: string }).url ?? 'http://127.0.0.1:PORT';
}

const replay = async (session: Session, id: number, options: ReplayOptions): Promise<void> => {
  const { times, delayMs, sameDelivery = false } = options;
  const draft = await draftOf(session, options);
  return inWorkspace(session, options, async ({ inbox }) => printSent(session, await inbox.replay(id, { ...draft, times, delayMs, sameDelivery }), options, options.sign ? '' : 'It was sent with the signature it came with; --sign signs it anew.\n'));
};

const send = async (session: Session, address: string, options: DraftOptions): Promise<void> => {
  const draft = await draftOf(session, options);
  return inWorkspace(session, options, async (runner) => {
    const flows = await runner.flows();
    const cut = address.lastIndexOf('/');
    const isFlow = cut < 0 || flows.some(({ id }) => id === address);
    printSent(session, await (isFlow ? runner.inbox.send(address, undefined, draft) : runner.inbox.send(address.slice(0, cut), address.slice(cut + 1), draft)), options);
  });
};

async function draftOf({ terminal }: Session, { method, query, header, body, delivery, sign }: DraftOptions): Promise<InboxDraft> {
  const bytes = body === undefined ? undefined : await readBytes(terminal, body === '-' ? body : resolve(terminal.folder, body));
  return {
    ...(method !== undefined && { method }), ...(query !== undefined && { query }), ...(header.length > 0 && { headers: Object.fromEntries(header.map(headerOf)) }),
    ...(bytes && { body: Buffer.from(bytes).toString('base64'), encoding: 'base64' as const }), ...(delivery !== undefined && { delivery }), sign,
  };
}

function headerOf(text: string): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new CommandError(`${JSON.stringify(text)} is no header: write "Name: value".`);
  return [name, value];
}

function printSent(session: Session, sent: InboxSent, { json }: StateOptions, refused = ''): void {
  const { terminal } = session;
  if (json) writeJson(terminal, sent);
  else terminal.out(table(['answer', 'request', 'run', 'body'], sent.items.map(({ status, request, run, body }) => [status, request, run, withoutControls(body).slice(0, 200)])));
  if (!json && refused && sent.items.some(({ status }) => status === 401)) terminal.say(refused);
  const again = sent.items.flatMap(({ duplicateOf }) => (duplicateOf === undefined ? [] : [duplicateOf]));
  if (!json && again.length > 0) terminal.say(`It is the same delivery as request ${again[0]}, so that no other run starts.\n`);
  if (sent.items.some(({ status }) => status >= 400)) session.exitCode = exit.failed;
}
