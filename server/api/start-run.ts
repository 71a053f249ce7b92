import type { RunResult, RunStarted } from '../model/api.ts';
import type { StartRun } from '../runner/contract.ts';
import { spoolBytes, type SpooledBody } from './body.ts';
import { contentTypeOf, readDocument } from './read-payload.ts';
import { invalid, type Call } from './route.ts';
import { readVariables } from './variables.ts';

/** Starts a run whose payload is the raw body of the request. */
export async function startRun({ runner, request, response, path, query, limits, closing }: Call): Promise<RunStarted | RunResult> {
  const flow = path.flow!;
  const { environment, confirm, version, step, from = step, until = step, now, seed, key, priority, 'var.': texts } = query as {
    environment?: string; confirm?: string; version?: string; step?: string; from?: string; until?: string; now?: number; seed?: number; key?: string; priority?: string; 'var.': Record<string, string>;
  };
  if (step !== undefined && (from !== step || until !== step)) throw invalid('"step" runs one step alone: it cannot stand beside "from" or "until".');
  const variables = await readVariables(runner.root, flow, texts);
  const header = request.headers['content-type'];
  const spooled = await spoolBytes(request, { memory: limits.memoryBytes, limit: limits.payloadBytes });
  const remove = 'file' in spooled ? spooled.remove : async (): Promise<void> => {};
  try {
    const payload = payloadOf(spooled, header);
    const options = Object.entries({ payload, environment, version: versionOf(version), isProductionConfirmed: confirm === 'production' || undefined, isAwaited: query.wait || undefined, from, until, now, seed, key, priority, ...(Object.keys(variables).length && { variables }) }).filter(([, value]) => value !== undefined);
    const started = await runner.start({ flow, trigger: 'api', ...Object.fromEntries(options) } as StartRun);
    // Who does not wait, or no more, hears of a failure from the run's recording.
    started.done.catch(() => {});
    if (!query.wait) response.statusCode = 202;
    if (query.wait) return await untilClosed(started.done, closing);
    return { run: started.head.id, status: runner.archive.run(started.head.id)?.status ?? 'queued' };
  } finally {
    // The file itself belongs to the run by now, unless there is none.
    await remove();
  }
}

function versionOf(text: string | undefined): StartRun['version'] {
  if (text === undefined || text === 'draft' || text === 'deployed') return text;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw invalid('"version" is the number of a deployed version, "deployed" or "draft".');
  return Number(text);
}

function payloadOf(spooled: SpooledBody, header: string | undefined): StartRun['payload'] {
  if ('file' in spooled) {
    const { mediaType, charset } = contentTypeOf(header);
    return { file: spooled.file, name: 'The body', mediaType: charset === undefined || charset === 'utf-8' ? mediaType : `${mediaType}; charset=${charset}`, isOwn: true };
  }
  return spooled.bytes.length === 0 ? undefined : readDocument(spooled.bytes, header);
}

/** A server that closes does not wait for a run of hours: the caller finds the run in the archive. */
async function untilClosed<T>(work: Promise<T>, closing: AbortSignal): Promise<T> {
  const closed = Promise.withResolvers<never>();
  const close = (): void => closed.reject(closing.reason as Error);
  closing.addEventListener('abort', close, { once: true });
  try {
    return await Promise.race([work, closed.promise]);
  } finally {
    closing.removeEventListener('abort', close);
  }
}
