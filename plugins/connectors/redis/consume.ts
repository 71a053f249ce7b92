import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { defineEndpoint, textOrBytes, type ListenContext, type TriggerEvent } from '../../sdk/index.ts';
import { unlessAborted } from '../broker/connection.ts';
import { createInFlight, isGivenUp, listeningFields, type Delivery, type Format } from '../broker/incoming.ts';
import { redisFailure, type RedisClient } from './connection.ts';

interface Params {
  readonly stream: string;
  readonly group: string;
  readonly consumer?: string;
  readonly create: boolean;
  readonly from: 'all' | 'new';
  readonly field?: string;
  readonly claimAfterMs: number;
  readonly deadLetterStream?: string;
  readonly format: Format;
  readonly prefetch: number;
  readonly overlap: NonNullable<TriggerEvent['overlap']>;
  readonly mostDeliveries: number;
}

export const consume = defineEndpoint<RedisClient>()({
  title: 'Consume a stream',
  summary: 'Starts a run for each entry that a consumer group gets.',
  direction: 'listen',
  params: {
    type: 'object',
    properties: {
      stream: { type: 'string', minLength: 1, title: 'Stream', description: 'Key of the stream.' },
      group: { type: 'string', minLength: 1, title: 'Group', description: 'Name of the consumer group, which knows what is done with.' },
      consumer: { type: 'string', minLength: 1, title: 'Consumer', description: 'Name in the group; default `patchbay-` and the name of the machine.' },
      create: { type: 'boolean', default: true, title: 'Create', description: 'Stream and group are made where they are missing.' },
      from: { enum: ['all', 'new'], default: 'all', title: 'From', description: 'Of the group that is made: where it begins.', enumDescriptions: ['With the first entry that the stream has.', 'With the first entry that comes after it was made.'] },
      field: { type: 'string', minLength: 1, title: 'Field', description: 'Field that holds the document. Absent: the payload is an object of all fields, as texts. A value that is no text in UTF-8 comes as Base64, and `message.base64` of the metadata names its field.' },
      claimAfterMs: { type: 'integer', minimum: 100, maximum: 86_400_000, default: 60_000, title: 'Claim after', description: 'Milliseconds after which an entry without acknowledgement is delivered again, also one of a consumer that is gone.' },
      deadLetterStream: { type: 'string', minLength: 1, title: 'Dead-letter stream', description: 'Gets an entry that is given up; without one it is acknowledged and no more.' },
      ...listeningFields,
    },
    required: ['stream', 'group'],
    additionalProperties: false,
  },
  listen: (params, context) => listen(params as Params, context),
});

type Entry = readonly [id: string, fields: readonly Buffer[] | null];

/** Milliseconds for which one question waits for entries. A short one, since the server cannot be told that nobody waits any more. */
const blockMs = 2_000;

async function* listen(params: Params, { client, signal, log, clock }: ListenContext<RedisClient>): AsyncGenerator<TriggerEvent> {
  const { stream, group, prefetch } = params;
  const { redis, address } = client;
  const inFlight = createInFlight(() => undefined);
  const unsettled = new Set<string>();
  try {
    if (params.create) await createGroup(redis, params);
    const source = await sourceOf(client, params, () => clock.now());
    while (!signal.aborted) {
      await inFlight.below(prefetch, signal);
      if (signal.aborted) return;
      const entries = await unlessAborted(Promise.race([source.next(prefetch - inFlight.size), client.lost]), signal);
      for (const [id, fields] of entries) {
        // One that is claimed while its run is being queued is at work already.
        if (unsettled.has(id)) continue;
        if (!fields) {
          // Its place in the group outlives an entry that was deleted.
          await redis.xack(stream, group, id);
          continue;
        }
        unsettled.add(id);
        yield inFlight.event(deliveryOf(id, fields, params), params, {
          async taken() {
            unsettled.delete(id);
            await redis.xack(stream, group, id);
          },
          async refused() {
            unsettled.delete(id);
            if (await giveUp(client, params, id, fields)) log.error(`The entry ${id} of the stream ${stream} was given up.`);
          },
        });
      }
    }
  } catch (error) {
    if (signal.aborted) return;
    throw redisFailure(error, address);
  } finally {
    await inFlight.settled(5_000);
  }
}

async function createGroup(redis: Redis, { stream, group, from }: Params): Promise<void> {
  await redis.xgroup('CREATE', stream, group, from === 'all' ? '0' : '$', 'MKSTREAM').catch((error: Error) => {
    if (!error.message.startsWith('BUSYGROUP')) throw error;
  });
}

/** First what this consumer has left before, then what others have left for too long, and what is new. */
async function sourceOf(client: RedisClient, { stream, group, consumer = `patchbay-${hostname()}`, claimAfterMs }: Params, now: () => number): Promise<{ next(count: number): Promise<readonly Entry[]> }> {
  const reader = await client.reader();
  let own: string | undefined = '0';
  let claimAt = 0;
  let cursor = '0-0';
  const read = async (count: number, after: string): Promise<readonly Entry[]> => {
    const answer = (await (after === '>'
      ? reader.xreadgroupBuffer('GROUP', group, consumer, 'COUNT', count, 'BLOCK', Math.min(blockMs, claimAfterMs), 'STREAMS', stream, after)
      : reader.xreadgroupBuffer('GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, after))) as readonly (readonly [Buffer, readonly (readonly [Buffer, readonly Buffer[] | null])[]])[] | null;
    return entriesOf(answer?.[0]?.[1] ?? []);
  };
  return {
    async next(count) {
      if (own !== undefined) {
        const left = await read(count, own);
        own = left.at(-1)?.[0];
        if (left.length > 0) return left;
      }
      if (now() >= claimAt) {
        const [next, claimed] = (await reader.callBuffer('XAUTOCLAIM', stream, group, consumer, claimAfterMs, cursor, 'COUNT', count)) as unknown as readonly [Buffer, readonly (readonly [Buffer, readonly Buffer[] | null])[]];
        cursor = next.toString();
        if (cursor === '0-0') claimAt = now() + Math.min(claimAfterMs, 30_000);
        if (claimed.length > 0) return entriesOf(claimed);
      }
      return read(count, '>');
    },
  };
}

const entriesOf = (given: readonly (readonly [Buffer, readonly Buffer[] | null] | null)[]): Entry[] => given.filter((entry) => entry !== null).map(([id, fields]) => [id.toString(), fields]);

/** Whether the entry has failed too often; then it is put aside. How often it was delivered the group knows. */
async function giveUp({ redis }: RedisClient, { stream, group, mostDeliveries, deadLetterStream }: Params, id: string, fields: readonly Buffer[]): Promise<boolean> {
  if (mostDeliveries === 0) return false;
  const [pending] = (await redis.xpending(stream, group, id, id, 1)) as readonly (readonly [string, string, number, number])[];
  if (!pending || !isGivenUp(mostDeliveries, pending[3])) return false;
  if (deadLetterStream !== undefined) await redis.xadd(deadLetterStream, '*', ...fields);
  await redis.xack(stream, group, id);
  return true;
}

function deliveryOf(id: string, fields: readonly Buffer[], { stream, field }: Params): Delivery {
  const pairs = Array.from({ length: fields.length / 2 }, (_, index) => [fields[2 * index]!.toString(), fields[2 * index + 1]!] as const);
  const meta = { 'message.id': id, 'message.stream': stream };
  const key = `${stream}:${id}`;
  const others = pairs.filter(([name]) => name !== field).map(([name, value]) => [name, textOrBytes(value), value] as const);
  const inBase64 = others.filter(([, text]) => typeof text !== 'string').map(([name]) => name).join(',');
  const texts = others.map(([name, text, value]) => [name, typeof text === 'string' ? text : value.toString('base64')] as const);
  const known = { ...meta, ...(inBase64 !== '' && { 'message.base64': inBase64 }) };
  const document = field === undefined ? undefined : pairs.find(([name]) => name === field)?.[1];
  if (document) return { body: document, contentType: undefined, meta: { ...known, ...Object.fromEntries(texts.map(([name, text]) => [`header.${name}`, text])) }, key };
  return { body: Buffer.from(JSON.stringify(Object.fromEntries(texts))), contentType: 'application/json', meta: known, key };
}
