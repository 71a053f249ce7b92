import { FlowError } from '../../plugins/sdk/index.ts';
import type { Message } from './framing.ts';
import { event, isEvent } from './messages.ts';

/** A debug session in a runner that is running, through its API. */
export interface Remote {
  send(message: Message): Promise<void>;
  close(): Promise<void>;
}

/** Where the runner is lost, the client is told that the session is over. Fails with `API_UNAUTHORIZED`, `REMOTE_UNREACHABLE`, `API_INVALID`. */
export async function openRemote({ url, token }: { readonly url: string; readonly token: string }, take: (message: Message) => void): Promise<Remote> {
  const base = baseOf(url);
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${base}/api/v1/debug${path}`, {
      method, headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => { throw new FlowError('REMOTE_UNREACHABLE', `No runner answers at ${base}.`, { cause, remedy: 'Check the address, and that `patchbay serve` is running there.' }); });
    if (response.ok) return response;
    const { detail = `It answers ${response.status}.` } = (await response.json().catch(() => ({}))) as { readonly detail?: string };
    throw new FlowError(response.status === 401 ? 'API_UNAUTHORIZED' : 'API_INVALID', `The runner at ${base} refuses: ${detail}`, response.status === 401 ? { remedy: 'Give the token that `patchbay serve` printed as `token`.' } : {});
  };
  const { session } = (await (await ask('POST', '')).json()) as { readonly session: string };
  const messages = await ask('GET', `/${session}/messages`);
  let isOver = false;
  const listen = (message: Message): void => {
    isOver ||= isEvent(message, 'terminated');
    take(message);
  };
  const untilItIsOver = async (): Promise<void> => {
    await follow(messages, listen).catch(() => undefined);
    if (isOver) return;
    take(event('output', { category: 'important', output: `The runner at ${base} is gone, and the debug session is over.\n` }));
    take(event('terminated'));
  };
  void untilItIsOver();
  return {
    // An answer that nobody reads keeps its connection.
    send: async (message) => void (await (await ask('POST', `/${session}`, message)).arrayBuffer()),
    async close() {
      isOver = true;
      await (await ask('DELETE', `/${session}`)).arrayBuffer();
    },
  };
}

async function follow(response: Response, take: (message: Message) => void): Promise<void> {
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    rest += text;
    for (let at = rest.indexOf('\n\n'); at >= 0; at = rest.indexOf('\n\n')) {
      const event = rest.slice(0, at);
      rest = rest.slice(at + 2);
      if (event.startsWith('data: ')) take(JSON.parse(event.slice('data: '.length)) as Message);
    }
  }
}

function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed.origin;
  throw new FlowError('API_INVALID', `${JSON.stringify(url)} is no address of a runner.`, { remedy: 'Write it as `patchbay serve` printed it: http://127.0.0.1:7341.' });
}
