import { FlowError, type HttpResponse, type IncomingRequest, type Inspection, type RequestData } from '../../plugins/sdk/index.ts';
import type { InboxRow } from '../model/inbox.ts';
import type { InboxStore, NewRequest } from '../stores/inbox-store.ts';
import { keptRequests } from '../stores/inbox-store.ts';
import { heardValues } from '../stores/heard-values.ts';
import { maskedField, type Masker } from '../stores/redact.ts';
import type { Seal } from '../stores/seal.ts';
import type { WantedTrigger } from './triggers.ts';

/** A request, from its arrival to its answer. */
export interface Capture {
  readonly request: IncomingRequest;
  readonly flow: string;
  readonly trigger?: string;
  readonly wanted?: WantedTrigger;
  readonly origin?: NonNullable<InboxRow['origin']>;
  answeredBy: InboxRow['answeredBy'];
  run?: string;
  answer?: HttpResponse;
  tookMs?: number;
  /** When it is in the inbox. */
  row?: InboxRow;
}

export interface CaptureOptions {
  readonly store: () => InboxStore;
  /** For the fields that are redacted in this flow. */
  readonly masker: (flow: string) => Masker;
  /** All secrets that can be known are masked when it resolves. */
  readonly reveal: () => Promise<void>;
  readonly seal: Seal;
  readonly inspect: (wanted: WantedTrigger, request: RequestData, at: number) => Promise<Inspection | undefined>;
  readonly added: (rows: readonly InboxRow[]) => void;
  /** So many are not in the inbox, and will not be. */
  readonly lost: (count: number, error: unknown) => void;
}

export interface Captures {
  add(capture: Capture): void;
  /** Resolves when it is in the inbox. Fails where it cannot be written, and will not be. */
  keep(capture: Capture): Promise<void>;
  /** Writes what waits. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** How often the writing of a request is begun where none can be written. */
const mostTries = 3;
const pauseMs = { usual: 50, busy: 1_000 };
const mostBytes = 64 * 1024 * 1024;
const noRoom = new FlowError('STORAGE_FAILED', `More than ${mostBytes / 2 ** 20} MB of requests wait to be written.`, { remedy: 'Send it again a little later.' });

/**
 * Writes requests beside the work, some at a time: whoever sends does not wait for it, unless the inbox alone has the request. Where more come than are kept, only the newest are written, and less
 * often, so that the inbox costs a busy server next to nothing.
 */
export function createCaptures(options: CaptureOptions): Captures {
  let pending: Capture[] = [];
  let bytes = 0;
  let isBusy = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const tries = new WeakMap<Capture, number>();
  /** Those that somebody waits for. They are not tried again: who is told of it sends again. */
  const waiting = new Map<Capture, PromiseWithResolvers<void>>();
  const settle = (capture: Capture, error?: unknown): void => {
    if (error === undefined) waiting.get(capture)?.resolve();
    else waiting.get(capture)?.reject(error);
    waiting.delete(capture);
  };

  const put = async (captures: readonly Capture[]): Promise<void> => {
    await options.reveal();
    const requests = [];
    for (const capture of captures) requests.push(await requestOf(capture, options));
    const rows = options.store().add(requests);
    for (const [index, row] of rows.entries()) {
      if (row) captures[index]!.row = row;
      settle(captures[index]!);
    }
    options.added(rows.filter((row) => row !== undefined));
  };
  /** Each by itself, in the order in which they came: one that cannot be written does not keep the others out. */
  const putEach = async (captures: readonly Capture[]): Promise<Capture[]> => {
    const refused: Capture[] = [];
    for (const capture of captures) await put([capture]).catch(() => void refused.push(capture));
    return refused;
  };
  /** Where others can be written, it is the request that is wrong; where none can, it is the disk, which may be well again soon. */
  const write = async (): Promise<void> => {
    const batch = pending;
    pending = [];
    bytes = 0;
    if (batch.length === 0) return;
    try {
      await put(batch);
    } catch (error) {
      const refused = batch.length === 1 ? batch : await putEach(batch);
      for (const capture of refused) tries.set(capture, (tries.get(capture) ?? 0) + 1);
      const again = refused.length === batch.length ? refused.filter((capture) => tries.get(capture)! < mostTries && !waiting.has(capture)) : [];
      for (const capture of refused) settle(capture, error);
      if (again.length < refused.length) options.lost(refused.length - again.length, error);
      if (again.length === 0) return;
      pending = [...again, ...pending];
      bytes += again.reduce((sum, { request }) => sum + request.body.length, 0);
      timer ??= setTimeout(() => void flush(), pauseMs.busy).unref();
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  };

  const add = (capture: Capture): void => {
    pending.push(capture);
    bytes += capture.request.body.length;
    if (pending.length === 1) isBusy = false;
    while (pending.length > keptRequests || (bytes > mostBytes && pending.length > 1)) {
      const displaced = pending.shift()!;
      bytes -= displaced.request.body.length;
      // The inbox would not have kept the oldest either; what memory has no room for was never in it.
      const isOld = pending.length >= keptRequests;
      settle(displaced, isOld ? undefined : noRoom);
      if (!isOld) options.lost(1, noRoom);
      isBusy = true;
    }
    timer ??= setTimeout(() => void flush(), isBusy ? pauseMs.busy : pauseMs.usual).unref();
  };

  return {
    add,
    async keep(capture) {
      const kept = Promise.withResolvers<void>();
      waiting.set(capture, kept);
      add(capture);
      void flush();
      return kept.promise;
    },
    flush,
    async close() {
      for (let left = mostTries; left > 0 && (left === mostTries || pending.length > 0); left--) await flush();
      clearTimeout(timer);
    },
  };
}

/** The request with everything masked that is nobody's business; as it was, encrypted. */
async function requestOf({ request, flow, trigger, wanted, origin, answeredBy, run, answer, tookMs }: Capture, { masker: maskerOf, seal, inspect }: CaptureOptions): Promise<NewRequest> {
  const { method, url, query, headers, body, receivedAt: at } = request;
  const mediaType = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase() || 'application/octet-stream';
  // The check comes first: it hands the secrets out that the masks must know.
  const inspection = wanted && (await inspect(wanted, request, at).catch((error: Error): Inspection => ({ isValid: false, steps: [{ name: 'signature', isPassed: false, detail: FlowError.is(error) ? `${error.message} ${error.remedy}` : error.message }] })));
  const masker = maskerOf(flow);
  const heard = heardValues(maskedField);
  const masked = { url: masker.address(url), query: masker.headers(query, heard.add), headers: masker.headers(headers, heard.add), body: masker.bytes(body, mediaType, heard.add) };
  // What the check and the answer repeat of it in words.
  const inWords = (text: string): string => heard.hide(masker.text(text.replaceAll(/https?:\/\/\S+/g, (address) => masker.address(address)), 'text/plain'));
  const answerType = answer?.headers['content-type'] ?? 'application/json';
  const isMasked = masked.url !== url || masked.query !== query || masked.headers !== headers || masked.body !== body;
  return {
    at, flow, ...(trigger !== undefined && { trigger }), method, mediaType, answeredBy, ...(run !== undefined && { run }), ...(origin && { origin }), ...masked, ...(inspection && { inspection: withWords(inspection, inWords) }),
    ...(answer && { status: answer.status, answer: { headers: heard.hide(masker.headers(answer.headers)), body: heard.document(masker.text(textOf(answer), answerType), answerType).slice(0, answerChars) } }), ...(tookMs !== undefined && { tookMs }),
    ...(isMasked && { sealed: seal.seal(Buffer.from(JSON.stringify({ url, query, headers, body: Buffer.from(body).toString('base64') } satisfies Sealed))) }),
  };
}

function withWords(inspection: Inspection, words: (text: string) => string): Inspection {
  const steps = inspection.steps.map((step) => ({ ...step, detail: words(step.detail), ...(step.facts && { facts: step.facts.map((fact) => ({ ...fact, value: words(fact.value) })) }) }));
  return { ...inspection, steps };
}

/** What is encrypted. */
export interface Sealed extends Pick<RequestData, 'url' | 'query' | 'headers'> {
  readonly body: string;
}

const answerChars = 4_000;

export function textOf({ body }: Pick<HttpResponse, 'body'>): string {
  if (body === undefined) return '';
  if (body instanceof Uint8Array) return shownText(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function shownText(body: Uint8Array): string {
  try {
    // A character that is cut in two is left out.
    return new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, 64 * 1024), { stream: true });
  } catch {
    return `(${body.length} bytes that are no text in UTF-8)`;
  }
}
