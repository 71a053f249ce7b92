import { ask, refusal } from './ask.js';
import { createTokens, readServiceAccount } from './google.js';
import { createInFlight, listeningFields } from './listening.js';
import { send, sendingFields } from './sending.js';

export default {
  kind: 'connector',
  type: 'pubsub',
  title: 'Google Pub/Sub',
  summary: 'Messages of the topics of Google Cloud Pub/Sub.',
  description: [
    'Experimental: it is tested with Google’s emulator, which knows nobody, so tokens only with a server of ours; it has not met the service itself. Try it with a topic of your own before you rely on it.',
    'A message starts a run by the trigger `event`, and is acknowledged when the run is durably queued. Where no run can be accepted it is delivered again; how often, and where it goes then, is said by the dead-letter policy of the subscription. A message is known by its id, so it starts no second run, also where it comes again because its time to be acknowledged was over. Messages are pulled; a subscription that pushes needs a webhook.',
    'Pub/Sub knows no duplicates of what is published: a message that is sent again after a lost answer is there twice, and has its payload’s id in the attribute `id` both times.',
  ].join('\n\n'),
  status: 'experimental',
  icon: 'broadcast',
  settings: {
    type: 'object',
    properties: {
      project: { type: 'string', minLength: 1, pattern: '^[a-z0-9:.-]+$', title: 'Project', description: 'Id of the project.' },
      endpoint: { type: 'string', minLength: 1, default: 'https://pubsub.googleapis.com', pattern: '^https?://[^/?#\\s@]+$', title: 'Endpoint', description: 'Address of the service: another one for a region, or for the emulator.' },
    },
    required: ['project'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: { serviceAccount: { type: 'string', minLength: 1, writeOnly: true, title: 'Service account', description: 'The key file of a service account: JSON with `client_email` and `private_key`. Without it nobody signs in, as the emulator wants it.' } },
    additionalProperties: false,
  },
  examples: [{ title: 'A project', settings: { project: 'acme-shop' } }],
  isShared: true,
  address: ({ endpoint, project }) => `${endpoint}/v1/projects/${project}`,
  async connect(settings, { serviceAccount }) {
    const tokens = serviceAccount === undefined ? undefined : createTokens(readServiceAccount(serviceAccount), 'https://www.googleapis.com/auth/pubsub');
    return { client: { settings, tokens }, close: async () => undefined };
  },
  check: async (client, signal) => void (await call(client, 'topics?pageSize=1', undefined, { method: 'GET', signal })),
  endpoints: {
    'subscription.consume': {
      title: 'Consume a subscription',
      summary: 'Starts a run for each message of a subscription.',
      direction: 'listen',
      params: {
        type: 'object',
        properties: {
          subscription: { type: 'string', minLength: 1, title: 'Subscription', description: 'Name of the subscription, without its project.' },
          emptyPauseMs: { type: 'integer', minimum: 0, maximum: 600_000, default: 1_000, title: 'Pause', description: 'Milliseconds before the next question, where there was no message.' },
          ...listeningFields,
        },
        required: ['subscription'],
        additionalProperties: false,
      },
      listen: consume,
    },
    'topic.publish': {
      title: 'Publish',
      summary: 'Publishes the payload to a topic as a message, or each of its records as one.',
      direction: 'send',
      params: {
        type: 'object',
        properties: {
          topic: { type: 'string', minLength: 1, title: 'Topic', description: 'Name of the topic, without its project.' },
          ...sendingFields,
          attributes: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'Attributes', description: 'Attributes of the messages, beside `id`.', 'x-ui': { widget: 'map' }, 'x-expression': true },
          orderingKey: { type: 'string', title: 'Ordering key', description: 'Messages of one key are delivered in their order, where the subscription says so.', 'x-expression': true },
        },
        required: ['topic'],
        additionalProperties: false,
      },
      call: (payload, params, context) => send(payload, params, context, {
        target: `/topics/${encodeURIComponent(params.topic)}`, batchSize: 100, batchBytes: 7_000_000, moreBytes: (id) => Buffer.byteLength(JSON.stringify(fieldsOf(params, id))),
        publish: async (client, messages, signal) => {
          const { messageIds = [] } = await call(client, `topics/${encodeURIComponent(params.topic)}:publish`, { messages: messages.map(({ id, bytes }) => ({ data: Buffer.from(bytes).toString('base64'), ...fieldsOf(params, id) })) }, { signal });
          return messages.map((_, index) => ({ message: messageIds[index] }));
        },
      }),
    },
  },
};

/** Of a message, beside its data. */
const fieldsOf = ({ attributes, orderingKey }, id) => ({ attributes: { ...attributes, id }, ...(orderingKey && { orderingKey }) });

/** One request below the project. A token that is refused is renewed once. */
async function call({ settings: { endpoint, project }, tokens }, path, input, { method = 'POST', signal, timeoutMs } = {}) {
  const url = `${endpoint}/v1/projects/${encodeURIComponent(project)}/${path}`;
  const once = async (token) => ask(url, { method, signal, timeoutMs, headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) }, ...(input !== undefined && { body: JSON.stringify(input) }) });
  const token = await tokens?.get();
  let answer = await once(token);
  if (answer.status === 401 && tokens) answer = await once(await tokens.get(token));
  if (answer.status === 200) return answer.body;
  const { status = '', message = 'no reason is given' } = answer.body.error ?? {};
  throw refusal(answer.status, 'Pub/Sub', `${status} ${message}`.trim(), { code: status }, answer.status === 404 ? `Make it in the project ${project}, or correct its name and the project of the instance.` : undefined);
}

async function* consume({ subscription, emptyPauseMs, ...params }, { client, signal, log, clock }) {
  const inFlight = createInFlight((error) => log.warn(`A message of ${subscription} was not settled, and will come again: ${error.message}`));
  const path = (action) => `subscriptions/${encodeURIComponent(subscription)}:${action}`;
  try {
    while (!signal.aborted) {
      await inFlight.below(params.prefetch, signal);
      if (signal.aborted) return;
      const { receivedMessages = [] } = await call(client, path('pull'), { maxMessages: Math.min(1000, params.prefetch - inFlight.size) }, { signal, timeoutMs: 120_000 });
      for (const { ackId, message, deliveryAttempt } of receivedMessages) {
        yield inFlight.event(deliveryOf(message, deliveryAttempt), params, {
          taken: () => call(client, path('acknowledge'), { ackIds: [ackId] }),
          refused: () => call(client, path('modifyAckDeadline'), { ackIds: [ackId], ackDeadlineSeconds: 0 }),
        });
      }
      if (receivedMessages.length === 0 && emptyPauseMs > 0) await clock.sleep(emptyPauseMs);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await inFlight.settled(5_000);
  }
}

function deliveryOf({ data = '', attributes = {}, messageId, publishTime, orderingKey }, deliveries) {
  return {
    body: Buffer.from(data, 'base64'), key: messageId,
    meta: { 'message.id': messageId, ...(publishTime && { 'message.publishedAt': publishTime }), ...(orderingKey && { 'message.orderingKey': orderingKey }), ...(deliveries && { 'message.deliveries': String(deliveries) }), ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`header.${name}`, value])) },
  };
}
