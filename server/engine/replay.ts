import { FlowError, type AuthMethod, type ErrorCode, type HttpRequest, type Kind, type Payload, type Plugin } from '../../plugins/sdk/index.ts';
import type { ExchangeHead, PayloadHead, RunEvent, StateRead } from '../model/run-event.ts';
import type { CursorStart, EngineHost, RawResponse } from './host.ts';
import { bytesOf, isJson } from './payload.ts';
import { argsKey, cursorName, fromBits } from './recorded-state.ts';
import type { Journal } from './resume.ts';

/** What a run got from outside, by where it asked for it. */
export interface Recorded {
  /** Bytes of the body of an answer. */
  body(exchange: ExchangeHead): Promise<Uint8Array>;
}

interface Answer<T> {
  readonly value: T;
  isUsed: boolean;
}

/**
 * The host of a replay: what came in from outside comes from the recording, in the order in which it came, and nothing goes out. Where the run asks for
 * something that is not in the recording it fails with `REPLAY_UNKNOWN`.
 */
export function replayHost(host: EngineHost, journal: Journal, recorded: Recorded): { readonly host: EngineHost; attemptAt(step: string, payload: string, attempt: number): number | undefined } {
  const exchanges = new Map<string, Answer<ExchangeHead>[]>();
  const reads = new Map<string, Answer<StateRead>[]>();
  const attempts = new Map<string, number>();
  const put = <T>(map: Map<string, Answer<T>[]>, key: string, value: T): void => {
    const known = map.get(key) ?? [];
    map.set(key, known);
    known.push({ value, isUsed: false });
  };
  for (const { event } of journal.rows()) note(event);
  function note(event: RunEvent): void {
    if (event.type === 'exchange') put(exchanges, placeOf(event.step, event.payload), event.exchange);
    else if (event.type === 'state') put(reads, readKey(event.step, event.read), event.read);
    else if (event.type === 'payload-in') attempts.set(attemptKey(event.step, event.payload.id, event.attempt), event.at);
  }

  const send: EngineHost['transport']['send'] = async (request, { step, payload }) => {
    const answer = pick(exchanges.get(placeOf(step, payload)) ?? [], (host.bodies.said ?? host.bodies.mask)(request));
    if (!answer) throw new FlowError('REPLAY_UNKNOWN', `The recording has no answer to ${request.method} ${request.url.split('?', 1)[0]}${step === undefined ? '' : ` of the step ${JSON.stringify(step)}`}: the run asks for something else than it did then.`);
    answer.isUsed = true;
    return responseOf(answer.value, recorded);
  };
  const read = (step: string, op: StateRead['op'], name: string, args: string): unknown => {
    const answer = reads.get(readKey(step, { op, name, args }))?.find(({ isUsed }) => !isUsed);
    if (!answer) throw new FlowError('REPLAY_UNKNOWN', `The recording does not hold what the step ${JSON.stringify(step)} reads from ${JSON.stringify(name)} (${op}).`);
    answer.isUsed = true;
    return answer.value.answer;
  };
  const load = async (head: PayloadHead): Promise<Payload> => {
    const payload = await journal.load(head);
    if (!payload) throw new FlowError('REPLAY_UNKNOWN', `The recording does not hold the body of the payload ${head.id}.`);
    return payload;
  };
  const documentOf = async (head: PayloadHead) => {
    const payload = await load(head);
    return { body: isJson(head.mediaType) ? await payload.json() : payload.isText ? await payload.text() : await bytesOf(payload), mediaType: head.mediaType, meta: head.meta ?? {} };
  };

  return {
    attemptAt: (step, payload, attempt) => attempts.get(attemptKey(step, payload, attempt)),
    host: {
      ...host,
      registry: { ...host.registry, find: async (kind, type) => unsigned(kind, await host.registry.find(kind, type)) as never },
      workspace: { ...host.workspace, secret: async () => 'replay' },
      transport: { send },
      clock: { now: () => host.clock.now(), sleep: async (_ms, signal) => signal.throwIfAborted(), alarm: (ms, signal) => host.clock.sleep(ms, signal) },
      connections: { token: async () => ({ values: {} }), admit: async (_key, _limit, signal) => signal.throwIfAborted(), done() {}, pauseUntil() {} },
      state: {
        cache: (name, _scope, { step }) => ({
          get: async (key) => Promise.all((read(step, 'cache-get', name, argsKey(key)) as readonly PayloadHead[]).map(documentOf)),
          put: async () => undefined,
          append: async () => undefined,
          delete: async (key) => read(step, 'cache-delete', name, argsKey(key)) as boolean,
        }),
        pool: (name, { step }) => ({
          has: async (values, entity) => fromBits(read(step, 'pool-has', name, argsKey(values, entity)) as string),
          add: async (values, { entity }) => fromBits(read(step, 'pool-add', name, argsKey(values, entity)) as string),
        }),
        cursor: (place, { step }) => ({
          begin: async ({ input, seq }) => read(step, 'cursor-begin', cursorName(place), argsKey(place.slice, input, seq)) as CursorStart,
          mark: async () => undefined,
        }),
        track: async () => undefined,
        notify: async () => undefined,
      },
      flows: {
        open: async (name, _caller, step) => ({
          start: async (_payload, { key }) => ({
            run: read(step, 'flow-start', name, argsKey(key)) as string,
            done: async () => Promise.all((read(step, 'flow-done', name, argsKey(key)) as readonly PayloadHead[]).map(load)),
          }),
        }),
      },
    },
  };
}

/** The first answer to such a request that was not given yet; one to the same address counts before one to another place of it. */
function pick(answers: readonly Answer<ExchangeHead>[], { method, url }: HttpRequest): Answer<ExchangeHead> | undefined {
  const left = answers.filter(({ value, isUsed }) => !isUsed && value.method === method);
  return left.find(({ value }) => value.url === url) ?? left.find(({ value }) => withoutQuery(value.url) === withoutQuery(url));
}

export async function responseOf(exchange: ExchangeHead, recorded: Recorded): Promise<RawResponse> {
  const { error, status = 0, responseHeaders = {} } = exchange;
  if (error) throw new FlowError(error.code as ErrorCode, error.message, { details: error.details ?? {} });
  return { status, headers: responseHeaders, body: await recorded.body(exchange) };
}

/** Nothing is signed, and nobody shows a certificate: nobody sees it, and the secrets need not be there. What was refused then is renewed all the same. */
export function unsigned(kind: Kind, plugin: Plugin | undefined): Plugin | undefined {
  if (kind !== 'auth' || !plugin) return plugin;
  const { acquire, tls: _, ...method } = plugin as AuthMethod;
  return { ...method, ...(acquire && { acquire: async () => ({ values: {} }) }), sign: (request: HttpRequest) => request } as Plugin;
}

const withoutQuery = (url: string): string => url.split('?', 1)[0]!;
const placeOf = (step: string | undefined, payload: string | undefined): string => JSON.stringify([step, payload]);
const attemptKey = (step: string, payload: string, attempt: number): string => `${step} ${payload} ${attempt}`;
const readKey = (step: string, { op, name, args }: Pick<StateRead, 'op' | 'name' | 'args'>): string => `${step} ${op} ${name} ${args}`;
