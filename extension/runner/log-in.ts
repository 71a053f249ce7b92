import { listenForLogin } from '../../server/api/login-callback.ts';
import type { RunnerClient } from '../../webview/protocol/runner-client.ts';

export interface LoginParts {
  readonly client: Pick<RunnerClient, 'login' | 'finishLogin'>;
  /** Auth method, where an endpoint has one of its own. */
  readonly method?: string | undefined;
  /** Of this machine, to which the browser comes back; 0 for any that is free. */
  readonly port: number;
  /** The address at which the person's browser reaches one of this machine: another one where VS Code works on a remote machine. */
  readonly outside: (address: string) => PromiseLike<string>;
  /** Opens the person's browser; false where they did not want that. */
  readonly open: (address: string) => PromiseLike<boolean>;
  readonly signal: AbortSignal;
}

/** As long as the runner remembers a login that was begun. */
const waitMs = 600_000;

/** A whole login of an instance. Gives false where the person has given it up. Fails as the runner does. */
export async function logIn(instance: string, { client, method, port, outside, open, signal }: LoginParts): Promise<boolean> {
  const back = await callback(port, client.finishLogin);
  const gaveUp = new Error('The login was given up.');
  const leave = (): void => back.fail(gaveUp);
  signal.addEventListener('abort', leave, { once: true });
  const timer = setTimeout(() => back.fail(new Error('Nobody has logged in within ten minutes.')), waitMs);
  try {
    const { url, state } = await client.login(instance, { redirectUri: await outside(back.redirectUri), method });
    back.expect(state);
    if (signal.aborted || !(await open(url))) return false;
    await back.done;
    return true;
  } catch (error) {
    if (error === gaveUp) return false;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
    back.close();
  }
}

async function callback(port: number, finish: RunnerClient['finishLogin']): ReturnType<typeof listenForLogin> {
  try {
    return await listenForLogin({ port, finish, more: 'VS Code says more.' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`Port ${port} of the setting patchbay.login.port cannot be listened to: ${code === 'EADDRINUSE' ? 'another program does' : message}.`, { cause: error });
  }
}
