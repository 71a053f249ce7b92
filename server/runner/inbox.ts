import { randomUUID } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { FlowError, type IncomingRequest, type Inspection, type RequestData } from '../../plugins/sdk/index.ts';
import type { EngineHost, Registry } from '../engine/host.ts';
import type { PageOf, RunSummary } from '../model/api.ts';
import type { InboxDetail, InboxDraft, InboxReplay, InboxRow, InboxRule, InboxSent, InboxState } from '../model/inbox.ts';
import { publicUrlOf, type PublicAddress } from '../model/public-url.ts';
import type { SavedCase } from '../model/test-report.ts';
import { hasInbox, openInboxStore, type InboxFilter, type InboxStore } from '../stores/inbox-store.ts';
import type { Masker } from '../stores/redact.ts';
import type { Seal } from '../stores/seal.ts';
import type { Audit } from './audited.ts';
import { createCaptures, type Capture } from './inbox-capture.ts';
import { changed, originalOf, pathOf, requestOf } from './inbox-draft.ts';
import { createInboxSender, pluginOf, signatureOf } from './inbox-send.ts';
import { answerOf, checkTemplates, createInboxRules, type Evaluate } from './inbox-rules.ts';
import { watchRequest, type WatchedRequest } from './inbox-watch.ts';
import type { RunnerLog } from './log.ts';
import type { WantedTrigger } from './triggers.ts';

/** Requests to webhooks, for people: what came, what became of it, and requests made here. Requests that are not there fail with `API_NOT_FOUND`. */
export interface Inbox {
  state(): Promise<InboxState>;
  list(filter: InboxFilter): Promise<PageOf<InboxRow>>;
  get(id: number): Promise<InboxDetail>;
  /** As it is kept: masked. */
  body(id: number): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array }>;
  /** All of them without ids. */
  markRead(ids?: readonly number[]): Promise<void>;
  pin(id: number, isPinned: boolean): Promise<void>;
  /** All that are not pinned without an id. Gives how many. */
  remove(id?: number): Promise<number>;
  setPaused(isPaused: boolean): Promise<void>;
  /** Fails with `CONFIG_INVALID`. */
  setRule(rule: InboxRule): Promise<void>;
  removeRule(flow: string, trigger?: string): Promise<boolean>;
  /** Makes a request, signed as the sender of the trigger would, and gives the answer. Fails with `CONFIG_NOT_FOUND`, `SECRET_MISSING`. */
  send(flow: string, trigger: string | undefined, draft: InboxDraft): Promise<InboxSent>;
  /** Sends a request once more, with whatever is changed. What the draft does not name is as it was, also the signature. Fails as `send` does. */
  replay(id: number, how: InboxReplay): Promise<InboxSent>;
  /** Makes a case of the run to which the request led. Fails with `CONFIG_INVALID` where it led to none. */
  saveTest(id: number, options: { readonly name?: string; readonly signal: AbortSignal }): Promise<SavedCase>;
  /** `listener` is called with requests that have come, and with how many nobody has looked at. */
  subscribe(listener: (rows: readonly InboxRow[], unread: number) => void): () => void;
  /** Tells listeners, without requests, that something of the state is another, such as the public address. */
  tell(): void;
}

export interface InboxGate {
  readonly inbox: Inbox;
  /** Lets a request through to its trigger, or answers it by a rule. `undefined`: there is neither. */
  take(place: Place, request: IncomingRequest): Promise<true | undefined>;
  /** A request has led to a run. */
  started(request: IncomingRequest, run: string): void;
  close(): Promise<void>;
}

export interface Place {
  readonly flow: string;
  readonly trigger: string | undefined;
}

export interface InboxOptions {
  readonly root: string;
  /** The trigger at an address. */
  readonly wanted: (place: Place) => Promise<WantedTrigger | undefined>;
  readonly deliver: (wanted: WantedTrigger, request: IncomingRequest) => Promise<true | undefined>;
  readonly triggers: () => Promise<readonly WantedTrigger[]>;
  readonly registry: Registry;
  readonly secret: (name: string) => Promise<string>;
  /** Where senders reach the runner. */
  readonly publicAddress: () => PublicAddress;
  readonly masker: (flow: string) => Masker;
  readonly reveal: () => Promise<void>;
  readonly seal: Seal;
  readonly clock: EngineHost['clock'];
  readonly runStatus: (run: string) => RunSummary['status'] | undefined;
  /** Calls whenever a run has ended. */
  readonly runEnds: (listener: () => void) => () => void;
  readonly saveTest: (request: { readonly run: string; readonly name?: string; readonly signal: AbortSignal }) => Promise<SavedCase>;
  readonly evaluate: Evaluate;
  readonly audit: Audit;
  readonly log: RunnerLog;
}

const shownBytes = 64 * 1024;
const mostTimes = 1_000;
/** Between runs that have ended, and the word of it. */
const endedMs = 250;

export function createInbox(options: InboxOptions): InboxGate {
  const { root, clock, log } = options;
  const closing = new AbortController();
  let ended: NodeJS.Timeout | undefined;
  let opened: InboxStore | undefined;
  const writing = (): InboxStore => (opened ??= openInboxStore(root));
  const reading = (): InboxStore | undefined => (opened || hasInbox(root) ? writing() : undefined);
  const listeners = new Set<(rows: readonly InboxRow[], unread: number) => void>();
  const rules = createInboxRules(reading, writing, clock.now);
  let lastFailure: string | undefined;
  const failedOnce = (error: unknown): void => {
    const { message } = error as Error;
    if (message !== lastFailure) log.error(`Requests to webhooks are not in the inbox: ${message}`);
    lastFailure = message;
  };
  const underWay = new WeakMap<IncomingRequest, Capture>();
  const inspect = async (wanted: WantedTrigger, request: RequestData, now: number): Promise<Inspection | undefined> => {
    const { plugin, settings } = await pluginOf(wanted, options.registry);
    return plugin?.inspect?.(settings as never, request, { now, secret: options.secret });
  };
  /** An inbox that cannot be read keeps no request from its flow. */
  const careful = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      failedOnce(error);
      return otherwise;
    }
  };

  const captures = createCaptures({
    ...options, inspect, store: writing,
    added(rows) {
      // They are written: whoever is not told of them is no reason to write them again.
      const unread = careful(() => writing().unread(), 0);
      for (const listener of listeners) careful(() => listener(rows, unread), undefined);
    },
    lost: (count, error) => log.error(`${count === 1 ? 'A request to a webhook is' : `${count} requests to webhooks are`} not in the inbox: ${(error as Error).message}`),
  });

  const begin = (place: Place, wanted: WantedTrigger | undefined, request: IncomingRequest, origin: InboxRow['origin']): WatchedRequest => {
    const trigger = wanted?.id ?? place.trigger;
    const capture: Capture = { request, flow: wanted?.flow ?? place.flow, ...(trigger !== undefined && { trigger }), ...(wanted && { wanted }), ...(origin && { origin }), answeredBy: 'flow' };
    const isPaused = careful(() => reading()?.isPaused(), false) ?? false;
    const begun = watchRequest(capture, { captures: isPaused ? undefined : captures, now: clock.now });
    underWay.set(begun.watched, capture);
    return begun;
  };

  const known = <T extends RequestData>(request: T): T => {
    const publicUrl = publicUrlOf(request, options.publicAddress());
    return publicUrl === undefined ? request : { ...request, publicUrl };
  };

  /** `note` is told of the capture: who has sent a request wants to know what it has become. */
  const take = async (place: Place, came: IncomingRequest, origin?: InboxRow['origin'], note?: (capture: Capture) => void): Promise<true | undefined> => {
    const request = known(came);
    const wanted = await options.wanted(place);
    const rule = careful(() => rules.find(wanted?.flow ?? place.flow, wanted?.id ?? place.trigger), undefined);
    if (!wanted && rule?.mode !== 'capture') return undefined;
    const { capture, watched, keep } = begin(place, wanted, request, origin);
    note?.(capture);
    const failure = rule && rules.fail(rule);
    if (failure) {
      capture.answeredBy = 'failure';
      watched.respond(failure);
      return true;
    }
    if (rule?.mode !== 'capture') return options.deliver(wanted!, watched);
    capture.answeredBy = 'capture';
    if (rule.answer?.delayMs) await clock.sleep(rule.answer.delayMs, closing.signal).catch(() => undefined);
    await keep(await answerOf(rule.answer, request, options.evaluate));
    return true;
  };

  const sendOnce = createInboxSender({ ...options, known, take, flush: captures.flush });

  const detail = async (id: number) => {
    await captures.flush();
    const stored = reading()?.get(id);
    if (!stored) throw new FlowError('API_NOT_FOUND', `There is no request ${id} in the inbox.`, { details: { request: id } });
    return stored;
  };
  const withRun = (row: InboxRow): InboxRow => {
    const runStatus = row.run === undefined ? undefined : options.runStatus(row.run);
    return runStatus === undefined ? row : { ...row, runStatus };
  };

  const tell = (): void => {
    const unread = reading()?.unread() ?? 0;
    for (const listener of listeners) listener([], unread);
  };

  const inbox: Inbox = {
    tell,
    async state() {
      await captures.flush();
      const { url } = options.publicAddress();
      const addresses = await Promise.all((await options.triggers()).map(async (wanted) => {
        const { plugin, settings } = await pluginOf(wanted, options.registry).catch(() => ({ plugin: undefined, settings: undefined }));
        if (!plugin?.takesRequests) return [];
        const path = pathOf({ flow: wanted.flow, trigger: wanted.id });
        const signature = signatureOf(settings);
        const own = signature?.publicUrl ?? (url === undefined ? undefined : url + path);
        return [{ flow: wanted.flow, trigger: wanted.id, path, isSigned: signature !== undefined, ...(own !== undefined && { url: own }) }];
      }));
      return { ...(url !== undefined && { publicUrl: url }), isPaused: reading()?.isPaused() ?? false, unread: reading()?.unread() ?? 0, rules: rules.all(), addresses: addresses.flat() };
    },
    async list(filter) {
      await captures.flush();
      const page = reading()?.list(filter) ?? { items: [], page: 1, perPage: 50, total: 0 };
      return { ...page, items: page.items.map(withRun) };
    },
    async get(id) {
      const { sealed, ...stored } = await detail(id);
      const bytes = await writing().body(id);
      const isText = isUtf8(bytes);
      const isCut = bytes.length > shownBytes;
      const head = Buffer.from(bytes.subarray(0, shownBytes));
      // A character that is cut in two is left out.
      const text = isCut ? head.toString('utf8').replace(/\uFFFD$/, '') : head.toString('utf8');
      return { ...stored, ...withRun(stored), body: isText ? text : head.toString('base64'), encoding: isText ? 'text' : 'base64', isCut, isMasked: sealed !== undefined };
    },
    async body(id) {
      const { mediaType } = await detail(id);
      return { mediaType, bytes: await writing().body(id) };
    },
    async markRead(ids) {
      await captures.flush();
      reading()?.markRead(ids);
      tell();
    },
    async pin(id, isPinned) {
      await detail(id);
      writing().pin(id, isPinned);
    },
    async remove(id) {
      if (id !== undefined) await detail(id);
      await captures.flush();
      const removed = reading()?.remove(id) ?? 0;
      options.audit('inbox.remove', id === undefined ? 'all requests' : `request ${id}`, { removed });
      tell();
      return removed;
    },
    async setPaused(isPaused) {
      writing().setPaused(isPaused);
      options.audit(isPaused ? 'inbox.pause' : 'inbox.resume', 'inbox', {});
      tell();
    },
    async setRule(rule) {
      await checkTemplates(rule.answer, options.evaluate);
      rules.set(rule);
      options.audit('inbox.rule', pathOf({ flow: rule.flow, trigger: rule.trigger }), { mode: rule.mode });
      tell();
    },
    async removeRule(flow, trigger) {
      const isRemoved = rules.remove(flow, trigger);
      if (isRemoved) options.audit('inbox.rule', pathOf({ flow, trigger }), { mode: 'none' });
      tell();
      return isRemoved;
    },
    async send(flow, trigger, draft) {
      const place = { flow, trigger };
      const data = requestOf(draft, pathOf(place));
      return { items: [await sendOnce(place, data, { otherwise: randomUUID(), sign: true, ...draft }, { type: 'test' })] };
    },
    async replay(id, { times = 1, delayMs = 0, sameDelivery = false, ...draft }) {
      if (!(Number.isInteger(times) && times >= 1 && times <= mostTimes)) throw new FlowError('API_INVALID', `A request is replayed from 1 to ${mostTimes} times, not ${times}.`, { remedy: `Say a whole number from 1 to ${mostTimes}; for more, replay it again.` });
      const stored = await detail(id);
      const original = await originalOf(stored, writing(), options.seal);
      const data = changed(original, draft);
      const place = { flow: stored.flow, trigger: stored.trigger };
      const items = [];
      for (let turn = 0; turn < times; turn++) {
        if (turn > 0 && delayMs > 0) await clock.sleep(delayMs, closing.signal);
        items.push(await sendOnce(place, data, { ...draft, ...(!sameDelivery && { otherwise: randomUUID() }) }, { type: 'replay', of: id }));
      }
      return { items };
    },
    async saveTest(id, { name, signal }) {
      const { run } = await detail(id);
      if (run === undefined) throw new FlowError('CONFIG_INVALID', `The request ${id} has led to no run, so there is nothing to compare with.`, { remedy: 'Replay it while the flow is on, and make the test of that request.' });
      return options.saveTest({ run, ...(name !== undefined && { name }), signal });
    },
    subscribe(listener) {
      listeners.add(listener);
      // What became of requests is known later than they are; nobody is told of it for each run.
      const stop = options.runEnds(() => { ended ??= setTimeout(() => { ended = undefined; tell(); }, endedMs).unref(); });
      return () => {
        stop();
        listeners.delete(listener);
      };
    },
  };
  return {
    inbox, take,
    started(request, run) {
      const capture = underWay.get(request);
      if (capture) capture.run = run;
    },
    async close() {
      closing.abort(new FlowError('RUN_STOPPED', 'The runner is being stopped.'));
      clearTimeout(ended);
      await captures.close();
      opened?.[Symbol.dispose]();
    },
  };
}
