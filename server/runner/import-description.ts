import { Worker } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { ImportResult } from '../imports/import-result.ts';
import type { ImportKind } from '../imports/about.ts';
import { textOfBytes } from './text-of-bytes.ts';
import { threadFile } from '../stores/thread-file.ts';
import type { ImportAnswer, ImportOrder } from './import-thread.ts';

export interface Description {
  readonly text: string;
  /** Where it was got. */
  readonly address?: string;
  /** Patterns of what of it is wanted; all where there are none. */
  readonly only?: readonly string[];
}

const mostMs = 120_000;

/** Imports in a thread of its own: a description of several megabytes takes seconds, in which nobody else is kept waiting. Fails as `importText` does, or with `DATA_TOO_LARGE`. */
export async function importDescription(kind: ImportKind, { text, address, only = [] }: Description, signal?: AbortSignal): Promise<ImportResult> {
  signal?.throwIfAborted();
  const order: ImportOrder = { kind, text, address, only };
  const thread = new Worker(threadFile(import.meta.dirname, 'import-thread'), { workerData: order, execArgv: [], name: 'patchbay import', resourceLimits: { maxOldGenerationSizeMb: 2048 } });
  const { promise, resolve, reject } = Promise.withResolvers<ImportAnswer>();
  const tooMuch = (why: string): void => reject(new FlowError('DATA_TOO_LARGE', `The description takes too much: ${why}.`, { remedy: 'Import a part of it.' }));
  const onAbort = (): void => reject(signal?.reason as Error);
  const timer = setTimeout(() => tooMuch(`it was not imported within ${mostMs / 1000} seconds`), mostMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  thread.on('message', resolve).on('error', (error: NodeJS.ErrnoException) => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch('more than 2 GB of memory') : reject(error))).on('exit', () => reject(new Error('The import ended without a result.')));
  try {
    const answer = await promise;
    if ('result' in answer) return answer.result;
    const { code, message, ...rest } = answer.error;
    throw new FlowError(code, message, Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    await thread.terminate();
  }
}

const mostBytes = 50_000_000;
const mostRedirects = 5;
const limits = { timeoutMs: 30_000, maxBytes: mostBytes };

/**
 * Gets a description. No credentials are sent, also not those of an address that has some; a private address may be asked, since it is the user who names it.
 * Fails with `CONFIG_INVALID` for an address that is none, `REMOTE_REJECTED` for another status than 200, and as the transport does.
 */
export async function fetchDescription(kind: ImportKind, address: string, signal = new AbortController().signal): Promise<Description> {
  // The client is loaded by those who need it.
  const { openTransport } = await import('./transport.ts');
  await using transport = openTransport();
  let url = checked(address);
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const { status, headers, body } = await transport.send({ ...(await requestFor(kind)), url: url.href, timeoutMs: limits.timeoutMs }, { signal, maxBytes: limits.maxBytes });
    const { location } = headers;
    if ([301, 302, 303, 307, 308].includes(status) && location !== undefined) {
      const next = checked(URL.canParse(location, url) ? new URL(location, url).href : location);
      if (url.protocol === 'https:' && next.protocol === 'http:') throw new FlowError('REMOTE_REJECTED', `${url.host} leads to an address without TLS.`, { details: { status } });
      url = next;
    } else if (status === 200) return { text: textOfBytes(body, `The answer of ${url.host}`), address: url.href };
    else throw new FlowError('REMOTE_REJECTED', `${url.host} answered ${status}.`, { details: { status }, remedy: 'Check the address in a browser; where it needs a login, save the description to a file and import that.' });
  }
  throw new FlowError('REMOTE_REJECTED', `${new URL(address).host} redirected more than ${mostRedirects} times.`);
}

function checked(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(address.slice(0, 200))} is no address over http or https.`);
  if (url.username !== '' || url.password !== '') throw new FlowError('CONFIG_SECRET_LITERAL', 'The address holds a user name or password, which an import does not send.', { remedy: 'Save the description to a file and import that.' });
  return url;
}

async function requestFor(kind: ImportKind): Promise<{ readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string }> {
  if (kind !== 'graphql') return { method: 'GET', headers: { accept: 'application/json, application/yaml, text/xml, */*;q=0.5' } };
  const { introspection } = await import('../imports/graphql.ts');
  return { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify({ query: introspection() }) };
}
