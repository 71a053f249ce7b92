import { FlowError, type Payload, type PayloadContext, type Script } from '../../plugins/sdk/index.ts';
import type { ExchangeHead } from '../model/run-event.ts';
import type { TrialNote } from '../model/trial.ts';
import type { EngineHost, EventSink } from './host.ts';
import { scopedHttp } from './http.ts';
import { openEndpoint } from './manifest.ts';
import { openContext } from './open-context.ts';
import type { WalkedPage } from './paginate.ts';
import { bodyOf, childId, createPayload } from './payload.ts';

export interface TryOptions {
  readonly instance: string;
  readonly endpoint: string;
  readonly params: unknown;
  readonly payload: Payload;
  /** Pages asked for at most. */
  readonly pages: number;
  /** Stands in idempotency keys, so that two trials are two things. */
  readonly run: string;
  readonly signal: AbortSignal;
}

/** What was asked, as it comes about. Bodies are named as `host.bodies` names them. */
export interface TrySteps {
  exchange(exchange: ExchangeHead, waitedMs: number): void;
  /** The last exchange gave a page, or the answer to what was sent. */
  page(page: Pick<WalkedPage, 'records' | 'stop' | 'byGuess' | 'next'>): void;
  /** Records as the endpoint gives them: with what is included, and expanded. */
  given(records: readonly unknown[]): void;
  /** The last exchange has answered what was to be known first, of another endpoint. */
  lookUp(endpoint: string): void;
  refused(error: Error): void;
  note(note: TrialNote): void;
}

/**
 * Calls an endpoint as a step of a flow would, without a flow: one page after the other, so that what is told comes in order. Nothing that a step leaves behind
 * is left. Fails as opening and calling an endpoint does; what was told before stands.
 */
export async function tryEndpoint(given: EngineHost, options: TryOptions, steps: TrySteps): Promise<void> {
  const waits = createWaits(given);
  const host: EngineHost = { ...given, ...waits.host };
  const emit: EventSink = (event) => {
    if (event.type === 'exchange') steps.exchange(event.exchange, waits.take() + (event.exchange.waitedMs ?? 0));
    if (event.type === 'page' && event.endpoint !== undefined) steps.lookUp(event.endpoint);
    if (event.type === 'log') steps.note({ level: event.level, message: event.message });
  };
  const scripts: Script[] = [];
  const script = async (file: string): Promise<Script> => {
    const compiled = await host.workspace.script(file);
    scripts.push(compiled);
    return compiled;
  };
  // By a pagination; what else is given, answers and the pages of protocols, is told here.
  let isTold = false;
  const onPage = (page: WalkedPage): void => {
    isTold = true;
    steps.page(page);
  };
  try {
    const call = await openEndpoint(host, { ...options, step: 'try', open: openContext(host), emit, script, testPages: options.pages, onPage });
    const context = trialContext(host, options, steps, emit);
    let left = options.pages;
    for await (const answer of call(options.payload, options.params, context, { passesInput: false })) {
      if (isTold) {
        steps.given(recordsIn(answer));
        continue;
      }
      steps.page({ records: recordsIn(answer) });
      if (call.direction === 'receive' && --left <= 0) break;
    }
  } finally {
    await Promise.allSettled(scripts.map((compiled) => compiled[Symbol.asyncDispose]()));
  }
}

/** The host with all waiting measured: `take` gives the milliseconds since it was last asked. */
function createWaits({ clock, connections }: EngineHost): { readonly host: Pick<EngineHost, 'clock' | 'connections'>; take(): number } {
  let waited = 0;
  const measured = async <T>(wait: Promise<T>): Promise<T> => {
    const from = clock.now();
    try {
      return await wait;
    } finally {
      waited += clock.now() - from;
    }
  };
  return {
    // The connections themselves are the same, as the limits and tokens of running flows count here too.
    host: { clock: { ...clock, now: () => clock.now(), sleep: (ms, signal) => measured(clock.sleep(ms, signal)), alarm: (ms, signal) => (clock.alarm ? clock.alarm(ms, signal) : clock.sleep(ms, signal)) }, connections: { ...connections, admit: (...args) => measured(connections.admit(...args)) } },
    take() {
      const taken = waited;
      waited = 0;
      return taken;
    },
  };
}

/** What a shape is lent where there is no run. Nothing of what it does is kept. */
export function trialContext(host: EngineHost, { payload, signal }: Pick<TryOptions, 'payload' | 'signal'>, steps: Pick<TrySteps, 'note' | 'refused'>, emit: EventSink): PayloadContext {
  const now = host.clock.now();
  const variables = new Map<string, unknown>();
  const write = (level: TrialNote['level']) => (message: string): void => steps.note({ level, message: host.bodies.mask(message) });
  let made = 0;
  return {
    settings: {}, attempt: 1, now, startedAt: now, resumed: undefined, signal, random: Math.random,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    http: scopedHttp(host, { step: 'try', payload: payload.id, attempt: 1, signal, emit }),
    clock: { now: () => now, sleep: (ms) => host.clock.sleep(ms, signal) },
    variables: { get: (name) => variables.get(name), set: (name, value) => void variables.set(name, value), all: () => Object.fromEntries(variables) },
    checkpoint: () => undefined,
    create: (body, options) => createPayload({ id: childId(payload.id, 'try+', made++), body, ...options }),
    reply: () => false,
    fail: (_payload, error) => steps.refused(error),
    track: async () => undefined,
    notify: async () => undefined,
  };
}

function recordsIn(answer: Payload): readonly unknown[] {
  const body = bodyOf(answer);
  if (body.kind === 'stream') throw new FlowError('INTERNAL', 'An answer of an endpoint that sends is no stream.');
  return body.kind === 'json' ? (Array.isArray(body.value) ? (body.value as unknown[]) : [body.value]) : [];
}
