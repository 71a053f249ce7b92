import * as vscode from 'vscode';
import { runnerClient, type RunnerClient } from '../../webview/protocol/runner-client.ts';

/** A runner elsewhere, whose runs are looked at from here. */
export interface Server {
  /** Its address, without a slash at its end. */
  readonly url: string;
  readonly client: RunnerClient;
}

/** The runners elsewhere that this workspace knows. Their addresses are kept with the workspace, their tokens by VS Code in the key chain of the system. */
export interface Servers extends vscode.Disposable {
  all(): readonly Server[];
  /** Adds one, or gives a known one another token. Fails where it cannot be reached with it. */
  add(url: string, token: string): Promise<void>;
  remove(url: string): Promise<void>;
  token(url: string): Promise<string>;
  readonly onDidChange: vscode.Event<void>;
}

const memoryKey = 'servers';

export function keepServers(memory: vscode.Memento, storage: vscode.SecretStorage): Servers {
  const changed = new vscode.EventEmitter<void>();
  const clients = new Map<string, Server>();
  const urls = (): readonly string[] => memory.get<readonly string[]>(memoryKey, []);
  const key = (url: string): string => `server:${url}`;
  const token = async (url: string): Promise<string> => {
    const kept = await storage.get(key(url));
    if (kept === undefined) throw new Error(`The token of ${url} is not known on this machine: add the server again.`);
    return kept;
  };
  const serverAt = (url: string): Server => {
    const known = clients.get(url) ?? { url, client: runnerClient(async () => ({ url, token: await token(url) })) };
    clients.set(url, known);
    return known;
  };
  return {
    token, onDidChange: changed.event,
    all: () => urls().map(serverAt),
    async add(url, given) {
      await runnerClient(async () => ({ url, token: given })).workspace();
      await storage.store(key(url), given);
      if (!urls().includes(url)) await memory.update(memoryKey, [...urls(), url]);
      changed.fire();
    },
    async remove(url) {
      await storage.delete(key(url));
      await memory.update(memoryKey, urls().filter((other) => other !== url));
      clients.delete(url);
      changed.fire();
    },
    dispose: () => changed.dispose(),
  };
}

/** The address of a runner as a person types it: its origin, and the path where it stands behind a proxy. `undefined`: it is none. */
export function serverUrl(text: string): string | undefined {
  if (!URL.canParse(text.trim())) return undefined;
  const { protocol, origin, pathname, username, search, hash } = new URL(text.trim());
  return /^https?:$/.test(protocol) && username === '' && search === '' && hash === '' && pathname === '/' ? origin : undefined;
}

/** Whether a token would go over a network as it is. */
export const isPlain = (url: string): boolean => new URL(url).protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
