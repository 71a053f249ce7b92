import { FlowError } from '../../sdk/index.ts';

/** What a debugger of V8 tells. */
export interface Paused {
  readonly callFrames: readonly CallFrame[];
  readonly reason: string;
  readonly hitBreakpoints?: readonly string[];
}

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  /** From 0. */
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number };
  readonly scopeChain: readonly { readonly type: string; readonly name?: string; readonly object: RemoteObject }[];
}

export interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly value?: unknown;
  readonly description?: string;
  readonly objectId?: string;
}

/** The debugger of a child, by the Chrome DevTools Protocol. */
export interface Inspector {
  /** Fails with `SCRIPT_CRASHED` where the child is gone, and with `SCRIPT_THREW` where it refuses. */
  send<T = unknown>(method: string, params?: object): Promise<T>;
  /** Who is told that it stands; one at a time. */
  onPaused: (paused: Paused) => void;
  /** Ids of the scripts that have a name. */
  scripts(url: string): readonly string[];
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Connects to the debugger at an address that a child has said. */
export async function openInspector(address: string): Promise<Inspector> {
  const socket = new WebSocket(address);
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  const opened = Promise.withResolvers<void>();
  const scripts = new Map<string, string[]>();
  let last = 0;
  const gone = (): void => {
    const error = new FlowError('SCRIPT_CRASHED', 'The process of the script that is debugged has ended.');
    opened.reject(error);
    for (const one of asked.values()) one.reject(error);
    asked.clear();
  };
  const inspector: Inspector = {
    async send<T>(method: string, params: object = {}) {
      const id = ++last;
      const answer = Promise.withResolvers<unknown>();
      asked.set(id, answer);
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ id, method, params }));
      else gone();
      return (await answer.promise) as T;
    },
    onPaused: () => {},
    scripts: (url) => scripts.get(url) ?? [],
  };
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('close', gone);
  socket.addEventListener('error', gone);
  socket.addEventListener('message', ({ data }) => {
    const { id, method, params, result, error } = JSON.parse(String(data)) as Message;
    if (method === 'Debugger.scriptParsed') {
      const { scriptId, url } = params as { readonly scriptId: string; readonly url: string };
      if (url !== '') scripts.set(url, [...(scripts.get(url) ?? []), scriptId]);
    }
    if (method === 'Debugger.paused') inspector.onPaused(params as Paused);
    const answer = id === undefined ? undefined : asked.get(id);
    if (!answer) return;
    asked.delete(id!);
    if (error) answer.reject(new FlowError('SCRIPT_THREW', error.message));
    else answer.resolve(result);
  });
  await opened.promise;
  await inspector.send('Debugger.enable');
  return inspector;
}
