import { FlowError, defineEndpoint } from '../../sdk/index.ts';
import { failure, unlessAborted } from '../broker/connection.ts';
import { send, sendingFields, type Outgoing } from '../broker/outgoing.ts';
import { redisFailure, type RedisClient } from './connection.ts';

interface Options {
  readonly stream: string;
  readonly field?: string;
  readonly maxLength?: number;
  readonly exactLength: boolean;
  readonly create: boolean;
  readonly uniqueForMs: number;
}

export const add = defineEndpoint<RedisClient>()({
  title: 'Add',
  summary: 'Adds the payload to a stream as an entry, or each of its records as one.',
  direction: 'send',
  params: {
    type: 'object',
    properties: {
      stream: { type: 'string', minLength: 1, title: 'Stream', description: 'Key of the stream.' },
      ...sendingFields,
      field: { type: 'string', minLength: 1, title: 'Field', description: 'The only field of the entry, which gets the whole document. Absent: each field of an object becomes one, what is not a text as JSON.' },
      maxLength: { type: 'integer', minimum: 1, title: 'Length at most', description: 'Entries that the stream keeps; the oldest leave it.' },
      exactLength: { type: 'boolean', default: false, title: 'Exactly', description: 'Not a few more than that, which is slower.' },
      create: { type: 'boolean', default: true, title: 'Create', description: 'A stream that is missing is made; otherwise the entry is refused.' },
      uniqueForMs: { type: 'integer', minimum: 0, maximum: 2_592_000_000, default: 0, title: 'Unique for', description: 'Milliseconds for which an entry is remembered, so that it is added once. 0: it is not.' },
    },
    required: ['stream'],
    additionalProperties: false,
  },
  call: (payload, params, context) => send(payload, params, context, {
    target: `/${encodeURIComponent(params.stream)}`,
    isUnique: params.uniqueForMs > 0,
    publish: (client, message, signal) => addOne(client, message, params, signal),
  }),
});

/** Remembering and adding are one step, or a crash between them would lose the entry. KEYS: the stream, the memory. ARGV: time, then what XADD takes. */
const addOnce = `
  if tonumber(ARGV[1]) > 0 then
    local known = redis.call('GET', KEYS[2])
    if known then return {known, 1} end
  end
  local id = redis.call('XADD', KEYS[1], unpack(ARGV, 2))
  if id and tonumber(ARGV[1]) > 0 then redis.call('SET', KEYS[2], id, 'PX', ARGV[1]) end
  return {id, 0}`;

async function addOne({ redis, address, lost }: RedisClient, message: Outgoing, { stream, field, maxLength, exactLength, create, uniqueForMs }: Options, signal: AbortSignal): Promise<Record<string, unknown>> {
  const fields = fieldsOf(message, field);
  const given = [...(create ? [] : ['NOMKSTREAM']), ...(maxLength === undefined ? [] : ['MAXLEN', exactLength ? '=' : '~', String(maxLength)]), '*', ...fields];
  try {
    const answer = (await unlessAborted(Promise.race([redis.eval(addOnce, 2, stream, `patchbay:added:{${stream}}:${message.id}`, String(uniqueForMs), ...given), lost]), signal)) as [string | null, number];
    const [entry, isKnown] = answer;
    if (entry === null) throw failure('REMOTE_REJECTED', `${address} has no stream ${JSON.stringify(stream)}.`);
    return { entry, ...(isKnown === 1 && { duplicate: true }) };
  } catch (error) {
    if (FlowError.is(error) || signal.aborted) throw error;
    throw redisFailure(error, address);
  }
}

function fieldsOf({ bytes, value }: Outgoing, field: string | undefined): (string | Buffer)[] {
  if (field !== undefined) return [field, Buffer.from(bytes)];
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) throw failure('DATA_INVALID', 'The payload is no object with fields: name the "field" that gets the whole of it, or send each record.');
  return Object.entries(value).flatMap(([name, own]) => [name, typeof own === 'string' ? own : JSON.stringify(own)]);
}
