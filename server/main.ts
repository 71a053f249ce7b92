import './cli/memory.ts';
import { createInterface } from 'node:readline';
import { serve } from './api/serve.ts';
import { openAtOneOf, portsOf } from './api/stable-port.ts';
import { exitCodeOfError } from './cli/exit-codes.ts';
import { workspaceFile } from './cli/workspace-of.ts';
import { stderrLog } from './runner/log.ts';
import { openRunner } from './runner/runner.ts';

/**
 * The runner as an editor starts it: the first line of stdin says what to serve (`RunnerStart` in `extension/runner/process.ts`), further ones bring secrets and the public address.
 * Nothing of it stands in arguments or in the environment, where other processes could read it. The end of stdin is the end of the editor, and of the runner.
 */
interface Start {
  readonly root: string;
  readonly token: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Where senders of webhooks reach the runner; `''` where the editor does not say it. */
  readonly publicUrl: string;
}

/** Requests, then runs get this long to come to their end: after 5 s the editor ends us by force. */
const drainMs = 2000;

const lines = createInterface({ input: process.stdin });
const ended = Promise.withResolvers<void>();
lines.once('close', ended.resolve);
process.once('SIGTERM', () => ended.resolve()).once('SIGINT', () => ended.resolve());

const log = stderrLog();
try {
  const start = await firstLine();
  if (start) await live(start);
  process.exit(0);
} catch (error) {
  log.error(error instanceof Error ? error.message : String(error), { ...(error instanceof Error && 'code' in error && { code: error.code }) });
  process.exit(exitCodeOfError(error));
}

async function live({ root, token, secrets, publicUrl: first }: Start): Promise<void> {
  let publicUrl = first;
  let tell = (): void => {};
  const editorSecrets = new Map(Object.entries(secrets));
  lines.on('line', (line) => {
    const said = messageOf(line);
    if (typeof said?.publicUrl === 'string') {
      ({ publicUrl } = said as { publicUrl: string });
      tell();
    } else if (said) keepSecret(said, editorSecrets);
  });
  const runner = await openRunner({ root, actor: 'editor', dev: true, editorSecrets, log, executors: {}, drainMs, publicUrl: () => publicUrl || undefined });
  tell = () => runner.inbox.tell();
  let isReady = false;
  const { opened: server, taken } = await openAtOneOf(portsOf(root, workspaceFile(root).server?.port), (port) => serve(runner, { port, host: '127.0.0.1', token, drainMs, isReady: () => isReady, log: (error) => log.error(error instanceof Error ? error.message : String(error), { stack: error instanceof Error ? error.stack : undefined }) }));
  process.stdout.write(`${JSON.stringify({ url: server.url, taken })}\n`);
  await runner.listen();
  isReady = true;
  await ended.promise;
  await server.close();
  await runner[Symbol.asyncDispose]();
}

function firstLine(): Promise<Start | undefined> {
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      try {
        const start = JSON.parse(line) as Partial<Start>;
        if (typeof start.root !== 'string' || typeof start.token !== 'string' || start.token.length < 16) throw new Error('The first line of stdin must name the root and a token of at least 16 characters.');
        resolve({ root: start.root, token: start.token, secrets: start.secrets ?? {}, publicUrl: start.publicUrl ?? '' });
      } catch (error) {
        reject(error as Error);
      }
    });
    void ended.promise.then(() => resolve(undefined));
  });
}

interface Message {
  readonly secret?: { readonly name?: unknown; readonly value?: unknown };
  readonly publicUrl?: unknown;
}

/** `{"secret": {"name": …, "value": …}}` (without a value the secret is gone), or `{"publicUrl": …}`. */
function messageOf(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    log.warn('A line on stdin was not understood.');
    return undefined;
  }
}

function keepSecret({ secret }: Message, secrets: Map<string, string>): void {
  if (typeof secret?.name !== 'string') return;
  if (typeof secret.value === 'string') secrets.set(secret.name, secret.value);
  else secrets.delete(secret.name);
}
