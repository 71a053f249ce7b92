import { errors, FlowError, type ErrorCode, type FlowErrorOptions } from '../../plugins/sdk/index.ts';

/** Calls between two threads, in both directions over one port. A method that gives nothing may be told instead of called. */
export type Methods = Readonly<Record<string, (args: never) => unknown>>;

export interface Calls<Theirs extends Methods> {
  call<M extends keyof Theirs & string>(method: M, args: Parameters<Theirs[M]>[0], transfer?: readonly ArrayBuffer[]): Promise<Awaited<ReturnType<Theirs[M]>>>;
  /** Nobody waits for it. */
  tell<M extends keyof Theirs & string>(method: M, args: Parameters<Theirs[M]>[0], transfer?: readonly ArrayBuffer[]): void;
  /** The other thread is gone: whoever waits is told. */
  close(reason: FlowError): void;
}

interface Port {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: Message) => void): unknown;
}

type Message =
  | { readonly method: string; readonly args: unknown; readonly id?: number }
  | { readonly answer: number; readonly result: unknown }
  | { readonly answer: number; readonly failure: Failure };

/** An error as it goes from thread to thread. */
interface Failure extends Omit<FlowErrorOptions, 'cause'> {
  readonly code: ErrorCode;
  readonly message: string;
}

export function createCalls<Theirs extends Methods>(port: Port, ours: Methods): Calls<Theirs> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let closed: FlowError | undefined;
  const send = (message: Message, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);

  const serve = async (method: string, args: unknown): Promise<unknown> => ours[method]!(args as never);
  port.on('message', (message: Message) => {
    if ('answer' in message) {
      const asked = waiting.get(message.answer);
      waiting.delete(message.answer);
      if ('failure' in message) asked?.reject(errorFrom(message.failure));
      else asked?.resolve(message.result);
      return;
    }
    const { method, args, id } = message;
    // A plugin may post messages of its own.
    if (typeof method !== 'string' || !Object.hasOwn(ours, method)) return;
    const done = serve(method, args);
    if (id === undefined) done.catch(() => undefined);
    // Also where the result is nothing that can be sent.
    else done.then((result) => send({ answer: id, result })).catch((error: unknown) => send({ answer: id, failure: failureOf(error) }));
  });

  return {
    call(method, args, transfer) {
      if (closed) return Promise.reject(closed);
      const id = ++lastId;
      const asked = Promise.withResolvers<unknown>();
      waiting.set(id, asked);
      try {
        send({ method, args, id }, transfer);
      } catch (error) {
        waiting.delete(id);
        asked.reject(error as Error);
      }
      return asked.promise as Promise<never>;
    },
    tell(method, args, transfer) {
      if (!closed) send({ method, args }, transfer);
    },
    close(reason) {
      closed = reason;
      for (const asked of waiting.values()) asked.reject(reason);
      waiting.clear();
    },
  };
}

function failureOf(error: unknown): Failure {
  if (!FlowError.is(error)) return { code: 'INTERNAL', message: `${(error as Error)?.message ?? String(error)}.` };
  const { code, message, remedy, retryAfter, place } = error;
  return { code, message, remedy, details: plain(error.details), ...(retryAfter !== undefined && { retryAfter }), ...(place && { place }) };
}

const errorFrom = ({ code, message, ...options }: Failure): FlowError => new FlowError(code in errors ? code : 'INTERNAL', message, options);

/** What cannot be sent must not keep the error from being sent. */
function plain(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return structuredClone(details);
  } catch {
    return {};
  }
}
