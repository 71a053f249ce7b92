import assert from 'node:assert/strict';
import type { Connector, Plugin } from '../../plugins/sdk/index.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { virtualClock } from './engine-host.ts';

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

/** What a connector gives when it listens, until so many events have come; it begins anew where a run was not accepted, as a trigger does. Each time it has to give one at least. */
export async function listenFor(plugin: Plugin, count: number, { settings, call, with: given, outcome = () => 'accepted' }: Listening): Promise<readonly Event[]> {
  const events: Event[] = [];
  const { connect, endpoints } = plugin as unknown as Connector<never, never, unknown>;
  const endpoint = endpoints[call]!;
  const clock = virtualClock();
  while (events.length < count) {
    const before = events.length;
    const { signal } = new AbortController();
    const refusal = new Error('no run');
    const { client, close } = await connect(completeSettings(plugin, settings) as never, {} as never, { signal, log: silent });
    try {
      for await (const { key, payload, accepted, failed } of endpoint.listen!(completeSettings(plugin, given, endpoint.params as never) as never, { client, signal, log: silent, clock: { now: clock.now, sleep: (ms) => clock.sleep(ms, signal) }, memory: { get: async () => undefined, set: async () => undefined } })) {
        const { body, mediaType, meta = {} } = payload!;
        const index = events.push({ key, body: body instanceof Uint8Array ? [...body] : body, mediaType, meta }) - 1;
        if ((await outcome(index)) === 'accepted') accepted?.({ id: 'run' });
        // Said when it already waits for the next message, as a runner says it.
        else setImmediate(() => failed?.(refusal));
        if (events.length >= count) break;
      }
    } catch (error) {
      if (!comesOf(error, refusal)) throw error;
    } finally {
      await close();
    }
    assert.ok(events.length > before, `It ended without an event, behind ${before} of ${count}.`);
  }
  return events;
}

function comesOf(error: unknown, cause: Error): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at === cause) return true;
  return false;
}
