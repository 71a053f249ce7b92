import { setTimeout as sleep } from 'node:timers/promises';
import type { Connector, Plugin } from '../../plugins/sdk/index.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Listening {
  readonly settings: Json;
  readonly call: string;
  readonly with: Json;
  /** What is done with each event, by its number from 0. Default: its run is accepted. */
  readonly outcome?: (index: number) => 'accepted' | 'failed' | Promise<'accepted' | 'failed'>;
}

export interface Event {
  readonly key: string | undefined;
  readonly body: unknown;
  readonly mediaType: string;
  readonly meta: Readonly<Record<string, string>>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What a connector gives when it listens, until so many events have come; it begins anew where a run was not accepted, as a trigger does. */
export async function listenFor(plugin: Plugin, count: number, { settings, call, with: given, outcome = () => 'accepted' }: Listening): Promise<readonly Event[]> {
  const events: Event[] = [];
  const { connect, endpoints } = plugin as unknown as Connector<never, never, unknown>;
  const endpoint = endpoints[call]!;
  while (events.length < count) {
    const { signal } = new AbortController();
    const { client, close } = await connect(completeSettings(plugin, settings) as never, {} as never, { signal, log: silent });
    const clock = { now: () => Date.now(), sleep: (ms: number) => sleep(Math.min(ms, 50)) };
    let isRefused = false;
    try {
      for await (const { key, payload, accepted, failed } of endpoint.listen!(completeSettings(plugin, given, endpoint.params as never) as never, { client, signal, log: silent, clock, memory: { get: async () => undefined, set: async () => undefined } })) {
        const { body, mediaType, meta = {} } = payload!;
        const index = events.push({ key, body: body instanceof Uint8Array ? [...body] : body, mediaType, meta }) - 1;
        if ((await outcome(index)) === 'accepted') accepted?.({ id: 'run' });
        else {
          isRefused = true;
          // Said when it already waits for the next message, as a runner says it.
          setImmediate(() => failed?.(new Error('no run')));
        }
        if (events.length >= count) break;
      }
    } catch (error) {
      if (!isRefused) throw error;
    } finally {
      await close();
    }
  }
  return events;
}
