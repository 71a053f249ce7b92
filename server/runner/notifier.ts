import type { StateHost } from '../engine/host.ts';
import type { NotificationState, RunDetail } from '../model/api.ts';
import type { WorkspaceFile } from '../model/workspace.ts';
import { readFile } from '../model/read.ts';
import type { Flow } from '../model/flow.ts';
import type { Message, NewMessage } from '../stores/operation-calls.ts';
import type { Failure } from '../stores/operations.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { Notifications } from './contract.ts';
import type { RunnerLog } from './log.ts';
import { channelsOf, createSender, groupOf, type ChannelOptions, type Notice } from './notify-channels.ts';
import { againOf } from './run-again.ts';

/**
 * Tells groups of people. Everything is kept before it is sent, in the outbox of the recordings, so no run waits for a mail server, and what cannot be sent now
 * is sent later, also after a crash: at least once.
 */
export interface Notifier extends Notifications {
  /** See `PayloadContext.notify`. */
  readonly notify: StateHost['notify'];
  /** Looks for failed runs and for messages from now on. */
  listen(): void;
  /** One look: makes messages of failures, and sends what is due. Never fails. */
  look(): Promise<void>;
  /** Sends what this process has kept, if there is time for it. */
  close(): Promise<void>;
}

export interface NotifierOptions extends ChannelOptions {
  readonly config: () => WorkspaceFile;
  readonly hasRecordings: () => boolean;
  readonly recordings: () => Recordings;
  readonly log: RunnerLog;
  readonly mask: <T>(value: T) => T;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Between two looks; default a second. */
  readonly lookMs?: number;
}

const usualLookMs = 1_000;
/** A flow that fails again and again is told of once in this time, with all that has failed since. */
const calmMs = 60_000;
/** Whoever claims a message and dies leaves it to others after this. */
const claimMs = 120_000;
const claimedAtOnce = 20;
const firstRetryMs = 30_000;
const longestRetryMs = 3_600_000;
/** About a day. */
const mostAttempts = 30;
const closeMs = 5_000;
/** Of runs in one message. */
const namedRuns = 5;

export function createNotifier(options: NotifierOptions): Notifier {
  const { config, hasRecordings, recordings, log, mask, now, lookMs = usualLookMs } = options;
  const send = createSender(options);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isLogged = false;
  let hasKept = false;

  const outbox = () => recordings().operations.outbox;
  const messagesFor = (group: string, { level, subject, text }: Notice): NewMessage[] =>
    channelsOf(groupOf(config(), group)).map((channel) => ({ recipients: group, channel, level, subject: mask(subject), text: mask(text), at: now() }));

  const gather = async (): Promise<void> => {
    for (const [flow, failures] of Map.groupBy(outbox().failures(), ({ flow: of }) => of)) {
      const toldAt = failures[0]?.toldAt;
      if (toldAt != null && now() - toldAt < calmMs) continue;
      const runs = failures.map(({ run }) => run);
      await outbox().add(failureMessages(flow, failures), { runs, flow, now: now() });
    }
  };
  const failureMessages = (flow: string, failures: readonly Failure[]): NewMessage[] => {
    const found = failures.map(({ run }) => recordings().archive.run(run))
      // Whether that has failed says the last of the runs that do it again.
      .filter((run): run is RunDetail => run !== undefined && againOf(run.error) === undefined);
    const last = found.at(-1);
    if (!last) return [];
    const { title = flow, settings } = flowOf(last);
    const groups = settings?.notify ?? config().notifications?.onFailure ?? [];
    const notice = failureNotice(flow, title, found);
    return [...new Set(groups)].flatMap((group) => {
      try {
        return messagesFor(group, notice);
      } catch (error) {
        log.error(`Nobody of the group ${group} was told that ${flow} has failed: ${(error as Error).message}`);
        return [];
      }
    });
  };

  const deliver = async (message: Message): Promise<void> => {
    const { id, recipients, channel, level, subject, text, attempts } = message;
    try {
      await send(recipients, channel as 'log', { level: level as Notice['level'], subject, text });
      await outbox().sent(id);
    } catch (error) {
      const why = mask((error as Error).message);
      const isLast = attempts >= mostAttempts;
      log.warn(`A notification could not be sent${isLast ? ' and is given up' : ''}: ${why}`, { group: recipients, channel, subject, attempts });
      await outbox().unsent(id, why, isLast ? undefined : now() + Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1)));
    }
  };
  const deliverAll = async (): Promise<void> => {
    for (;;) {
      const messages = await outbox().claim({ most: claimedAtOnce, now: now(), againAt: now() + claimMs, ...(!isLogged && { except: 'log' }) });
      await Promise.all(messages.map(deliver));
      if (messages.length < claimedAtOnce) return;
    }
  };
  const look = async (): Promise<void> => {
    if (!hasRecordings() || !outbox().hasWork(now())) return;
    if (isLogged) await gather();
    await deliverAll();
  };
  /** One at a time. */
  const lookOnce = (): Promise<void> => (looking ??= look().catch((error: unknown) => log.warn(`Notifications wait: ${(error as Error).message}`)).finally(() => { looking = undefined; }));

  return {
    async notify(group, { level, text: given }, { run, flow, step }) {
      // Before it is cut: of a secret that is cut nobody knows that it is one.
      const text = mask(given);
      const messages = messagesFor(group, { level, subject: `${flow}: ${text.split('\n', 1)[0]!.slice(0, 100)}`, text: `${text}\n\nRun ${run}, step ${step}.` });
      if (messages.length === 0) return;
      await outbox().add(messages);
      hasKept = true;
    },
    listen() {
      // The log of others than a server goes nowhere.
      isLogged = true;
      timer = setInterval(() => void lookOnce(), lookMs).unref();
    },
    look: lookOnce,
    async state() {
      const { groups = {}, onFailure = [] } = config().notifications ?? {};
      const { waiting, troubles } = hasRecordings() ? outbox().state() : { waiting: 0, troubles: [] };
      return {
        groups: Object.entries(groups).map(([name, group]) => ({ name, channels: channelsOf(group), isOnFailure: onFailure.includes(name) })),
        waiting,
        troubles: troubles.map(({ id, recipients, channel, text, at, attempts, error, due }) => ({ id, group: recipients, channel: channel as 'log', text, at, attempts, error, ...(due !== null && { nextAt: due }) })),
      } satisfies NotificationState;
    },
    async test(group) {
      const notice: Notice = { level: 'info', subject: 'Patchbay: a test', text: `This is a test of the notification group ${group}.` };
      const results = await Promise.all(channelsOf(groupOf(config(), group)).map(async (channel) => {
        try {
          await send(group, channel, notice);
          return { channel, isSent: true };
        } catch (error) {
          return { channel, isSent: false, error: mask((error as Error).message) };
        }
      }));
      return { group, results };
    },
    async close() {
      clearInterval(timer);
      const timeUp = Promise.withResolvers<void>();
      const late = setTimeout(timeUp.resolve, closeMs);
      await Promise.race([looking ?? (hasKept ? lookOnce() : undefined), timeUp.promise]);
      clearTimeout(late);
    },
  };
}

const flowOf = ({ flowText }: Pick<RunDetail, 'flowText'>): Partial<Flow> => (readFile('flow', 'flow.json', flowText).value as Flow | undefined) ?? {};

function failureNotice(flow: string, title: string, runs: readonly RunDetail[]): Notice {
  const name = title === flow ? flow : `${title} (${flow})`;
  const what = runs.length === 1 ? 'a run failed' : `${runs.length} runs failed`;
  const left = runs.length - namedRuns;
  const text = [...runs.slice(0, namedRuns).map(linesOf), ...(left > 0 ? [`And ${left} more: patchbay runs list --flow ${flow} --status failed`] : [])].join('\n\n');
  return { level: 'error', subject: `${name}: ${what}`, text };
}

function linesOf({ id, trigger, environment, version, queuedAt, durationMs, error }: RunDetail): string {
  const began = `Run ${id} of the trigger ${trigger}${version === undefined ? '' : `, version ${version}`}${environment === undefined ? '' : `, environment ${environment}`}, queued at ${new Date(queuedAt).toISOString()}${durationMs === undefined ? '' : `, took ${Math.round(durationMs)} ms`}.`;
  const why = error ? `${error.code}${error.step === undefined ? '' : ` in ${error.step}`}: ${error.message}` : 'It does not say why.';
  return [began, why, ...(error?.remedy === undefined ? [] : [error.remedy]), `patchbay runs show ${id}`].join('\n');
}
