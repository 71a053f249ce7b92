import { failure } from './failures.js';

/** Params of every sending endpoint. */
export const sendingFields = {
  each: {
    enum: ['payload', 'record'], default: 'payload', title: 'One message per', description: 'What becomes one message.',
    enumDescriptions: ['The whole payload.', 'Each item of a payload that is a list; one that is refused fails alone.'],
  },
};

/**
 * Sends a payload, or each of its records, and gives one with what was confirmed: `{sent, refused, messages: [{id, …}]}`. Goes on behind the last batch that is through.
 * A batch is `batchSize` messages and `batchBytes` bytes at most; `moreBytes` says of the id of a message how many it has beside its body. `publish` gets `[{id, bytes, isText}]` and gives for each its facts, or `{refused: message}`; what fails as a whole, it throws.
 */
export async function* send(payload, { each }, context, { target, batchSize, batchBytes = Infinity, moreBytes = () => 0, isUnique = false, publish }) {
  const messages = each === 'record' ? await recordsOf(payload) : [{ id: payload.id, ...(await wholeOf(payload)) }];
  const { next: first, sent: before } = context.resumed ?? { next: 0, sent: 0 };
  const confirmed = [];
  let sent = before;
  for (let at = first, batch; at < messages.length; at += batch.length) {
    batch = batchAt(messages, at, batchSize, batchBytes, moreBytes);
    const { body } = await context.exchange({ method: 'PUBLISH', target, changes: true, isRepeatable: isUnique, body: batch.map(({ value, bytes }) => value ?? new TextDecoder().decode(bytes)) }, async (client, signal) => {
      const facts = await publish(client, batch, signal);
      return { body: facts.map((fact, index) => ({ id: batch[index].id, ...fact })) };
    });
    for (const [index, { refused }] of body.entries()) {
      if (refused === undefined) continue;
      const error = (message) => failure('REMOTE_REJECTED', message, { details: { index: at + index } });
      if (each === 'payload') throw error(refused);
      context.fail(payload.with({ body: batch[index].value, mediaType: 'application/json' }), error(`Record ${at + index + 1} of ${messages.length}: ${refused}`), { record: at + index });
    }
    const through = body.filter(({ refused }) => refused === undefined);
    confirmed.push(...through);
    sent += through.length;
    const next = at + batch.length;
    const rest = () => (next >= messages.length ? undefined : payload.with({ body: messages.slice(next).map(({ value }) => value) }));
    if (each === 'record') context.checkpoint({ next, sent }, { rest, done: next });
  }
  yield payload.with({ body: { sent, refused: messages.length - sent, messages: confirmed }, mediaType: 'application/json' });
}

/** As many as may go together; one that is too large for any batch goes alone. */
function batchAt(messages, at, count, most, more) {
  const batch = messages.slice(at, at + count);
  let bytes = 0;
  const end = batch.findIndex((message, index) => {
    bytes += message.bytes.length + more(message.id);
    return index > 0 && bytes > most;
  });
  return end === -1 ? batch : batch.slice(0, end);
}

async function recordsOf(payload) {
  const given = await payload.json();
  // What is left of a payload is called by the number of its first record, so that ids stay the same when it is sent again.
  const [, whole = payload.id, begin = '0'] = /^(.+)\.(\d+)$/.exec(payload.id) ?? [];
  return (Array.isArray(given) ? given : [given]).map((value, index) => ({ id: `${whole}-${Number(begin) + index}`, ...written(value) }));
}

const written = (value) => ({ value, bytes: new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value ?? null)), isText: true });

async function wholeOf(payload) {
  if (/^application\/json$|\+json$/.test(payload.mediaType)) return written(await payload.json());
  const chunks = [];
  for await (const chunk of payload.bytes()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { bytes, isText: /^text\/|xml|ndjson/.test(payload.mediaType) };
}
