import { createInterface } from 'node:readline';
import { serve } from './api/serve.ts';
import { exitCodeOfError } from './cli/exit-codes.ts';
import { stderrLog } from './runner/log.ts';
import { openRunner } from './runner/runner.ts';

/**
 * The runner as an editor starts it: the first line of stdin says what to serve (`RunnerStart` in `extension/runner/process.ts`), further ones bring secrets.
 * Nothing of it stands in arguments or in the environment, where other processes could read it. The end of stdin is the end of the editor, and of the runner.
 */
interface Start {
  readonly root: string;
  readonly token: string;
  readonly secrets: Readonly<Record<string, string>>;
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

async function live({ root, token, secrets }: Start): Promise<void> {
  const editorSecrets = new Map(Object.entries(secrets));
  lines.on('line', (line) => keepSecret(line, editorSecrets));
  const runner = await openRunner({ root, actor: 'editor', dev: true, editorSecrets, log, executors: {}, drainMs });
  let isReady = false;
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token, drainMs, isReady: () => isReady, log: (error) => log.error(error instanceof Error ? error.message : String(error), { stack: error instanceof Error ? error.stack : undefined }) });
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
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
        resolve({ root: start.root, token: start.token, secrets: start.secrets ?? {} });
      } catch (error) {
        reject(error as Error);
      }
    });
    void ended.promise.then(() => resolve(undefined));
  });
}

/** `{"secret": {"name": …, "value": …}}`; without a value the secret is gone. */
function keepSecret(line: string, secrets: Map<string, string>): void {
  try {
    const { secret } = JSON.parse(line) as { secret?: { name?: unknown; value?: unknown } };
    if (typeof secret?.name !== 'string') return;
    if (typeof secret.value === 'string') secrets.set(secret.name, secret.value);
    else secrets.delete(secret.name);
  } catch {
    log.warn('A line on stdin was not understood.');
  }
}
