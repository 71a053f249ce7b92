import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Problem } from '../model/api.ts';
import { stateFolder } from '../stores/database.ts';

/** Where `serve` says how to reach it; only its user may read it. */
export const serverFile = (root: string): string => join(stateFolder(root), 'server.json');

export interface RunningServer {
  /** Calls the API below `/api/v1`. Fails with the code of the problem that it answers. */
  ask(path: string, method?: 'GET' | 'POST'): Promise<unknown>;
}

/** The runner that serves this workspace in another process, if one does. */
export async function runningServer(root: string): Promise<RunningServer | undefined> {
  const { url, token } = await readFile(serverFile(root), 'utf8').then((text) => JSON.parse(text) as { url?: string; token?: string }, () => ({ url: undefined, token: undefined }));
  if (url === undefined || token === undefined) return undefined;
  const isUp = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) }).then(({ ok }) => ok, () => false);
  if (!isUp) return undefined;
  return {
    async ask(path, method = 'GET') {
      const response = await fetch(`${url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}` } });
      const answer = (await response.json()) as Problem;
      if (!response.ok) throw new FlowError(answer.code as 'INTERNAL', answer.detail, { ...(answer.remedy !== undefined && { remedy: answer.remedy }) });
      return answer;
    },
  };
}
