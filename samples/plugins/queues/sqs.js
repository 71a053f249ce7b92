import { ask, refusal } from './ask.js';
import { failure } from './failures.js';
import { createInFlight, listeningFields } from './listening.js';
import { send, sendingFields } from './sending.js';
import { signedHeaders } from './signature-v4.js';

const queue = { type: 'string', minLength: 1, title: 'Queue', description: 'Address of the queue, as AWS shows it: `https://sqs.eu-west-1.amazonaws.com/123456789012/orders`.' };

export default {
  kind: 'connector',
  type: 'sqs',
  title: 'Amazon SQS',
  summary: 'Messages of the queues of Amazon SQS.',
  description: [
    'A message starts a run by the trigger `event`, and is deleted from its queue when the run is durably queued. Where no run can be accepted it comes again after a pause; how often, and where it goes then, is said by the redrive policy of the queue. A message is known by its id, so it starts no second run.',
    'SQS itself may deliver twice what was sent once, and knows duplicates in FIFO queues only: there each message has the id of its payload as deduplication id, and is taken once within five minutes.',
  ].join('\n\n'),
  icon: 'inbox',
  settings: {
    type: 'object',
    properties: {
      region: { type: 'string', minLength: 1, pattern: '^[a-z0-9-]+$', title: 'Region', description: 'Region of the queues, such as `eu-west-1`.' },
      endpoint: { type: 'string', minLength: 1, pattern: '^https?://[^/?#\\s@]+$', title: 'Endpoint', description: 'Address of the service, where it is not that of AWS: of a VPC endpoint, or of a server that speaks as SQS does.' },
    },
    required: ['region'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      accessKeyId: { type: 'string', minLength: 1, title: 'Access key id', description: 'Id of the access key.' },
      secretAccessKey: { type: 'string', minLength: 1, writeOnly: true, title: 'Secret access key', description: 'The access key.' },
      sessionToken: { type: 'string', minLength: 1, writeOnly: true, title: 'Session token', description: 'Of temporary credentials.' },
    },
    required: ['accessKeyId', 'secretAccessKey'],
    additionalProperties: false,
  },
  examples: [{ title: 'Queues in Ireland', settings: { region: 'eu-west-1' } }],
  isShared: true,
  address: (settings) => serviceOf(settings),
  connect: async (settings, credentials) => ({ client: { settings, credentials }, close: async () => undefined }),
  check: async (client, signal) => void (await call(client, 'ListQueues', { MaxResults: 1 }, { signal, now: Date.now() })),
  endpoints: {
    'queue.consume': {
      title: 'Consume a queue',
      summary: 'Starts a run for each message of a queue.',
      direction: 'listen',
      params: {
        type: 'object',
        properties: {
          queue,
          visibilityTimeoutSeconds: { type: 'integer', minimum: 1, maximum: 43_200, default: 60, title: 'Visibility timeout', description: 'Seconds after which a message that is not acknowledged comes again.' },
          waitSeconds: { type: 'integer', minimum: 1, maximum: 20, default: 20, title: 'Wait', description: 'Seconds for which one question waits for messages.' },
          retrySeconds: { type: 'integer', minimum: 0, maximum: 43_200, default: 10, title: 'Pause', description: 'Seconds before a message comes again for which no run could be accepted.' },
          ...listeningFields,
        },
        required: ['queue'],
        additionalProperties: false,
      },
      listen: consume,
    },
    'queue.send': {
      title: 'Send',
      summary: 'Sends the payload to a queue as a message, or each of its records as one.',
      direction: 'send',
      params: {
        type: 'object',
        properties: {
          queue, ...sendingFields,
          delaySeconds: { type: 'integer', minimum: 0, maximum: 900, default: 0, title: 'Delay', description: 'Seconds before the message can be received. Not in FIFO queues.' },
          group: { type: 'string', minLength: 1, maxLength: 128, title: 'Group', description: 'Of a FIFO queue: messages of one group are received in their order.', 'x-expression': true },
        },
        required: ['queue'],
        additionalProperties: false,
      },
      call: (payload, params, context) => send(payload, params, context, {
        target: queueOf(params.queue).pathname, batchSize: 10, batchBytes: 240_000, isUnique: params.group !== undefined,
        publish: (client, messages, signal) => sendBatch(client, params, messages, signal),
      }),
    },
  },
};

/** What an expression gives may be no address. */
function queueOf(address) {
  if (URL.canParse(address)) return new URL(address);
  throw failure('CONFIG_INVALID', `“${address}” is not the address of a queue.`, { remedy: 'Give it as AWS shows it: https://sqs.eu-west-1.amazonaws.com/123456789012/orders' });
}

const serviceOf = ({ region, endpoint }) => endpoint ?? `https://sqs.${region}.amazonaws.com`;

/** One action. The address is always that of the instance: a queue elsewhere would get a signature of it. */
async function call({ settings, credentials }, action, input, { signal, now, timeoutMs }) {
  const url = `${serviceOf(settings)}/`;
  const body = JSON.stringify(input);
  const headers = signedHeaders({ url, headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` }, body, service: 'sqs', region: settings.region, now }, credentials);
  const answer = await ask(url, { headers, body, signal, timeoutMs });
  if (answer.status === 200) return answer.body;
  const code = String(answer.body.__type ?? '').split('#').at(-1);
  const isAuth = /^(InvalidClientTokenId|SignatureDoesNotMatch|AccessDenied|UnrecognizedClient|MissingAuthenticationToken|ExpiredToken|IncompleteSignature|InvalidSecurity)/.test(code);
  const isBusy = /Throttl|RequestThrottled|OverLimit/.test(code);
  throw refusal(isAuth ? 403 : isBusy ? 429 : answer.status, `SQS (${action})`, `${code || 'no code'}: ${answer.body.message ?? answer.body.Message ?? 'no reason is given'}`, { code });
}

async function* consume({ queue: QueueUrl, visibilityTimeoutSeconds, waitSeconds, retrySeconds, ...params }, { client, signal, log, clock }) {
  const inFlight = createInFlight((error) => log.warn(`A message of ${QueueUrl} was not settled, and will come again: ${error.message}`));
  // What is done with a message is done to the end, also when nobody listens any more.
  const tell = (action, input) => call(client, action, { QueueUrl, ...input }, { now: clock.now() });
  try {
    while (!signal.aborted) {
      await inFlight.below(params.prefetch, signal);
      if (signal.aborted) return;
      const { Messages = [] } = await call(client, 'ReceiveMessage', {
        QueueUrl, MaxNumberOfMessages: Math.min(10, params.prefetch - inFlight.size), WaitTimeSeconds: waitSeconds, VisibilityTimeout: visibilityTimeoutSeconds, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'],
      }, { signal, now: clock.now(), timeoutMs: (waitSeconds + 20) * 1000 });
      for (const message of Messages) {
        yield inFlight.event(deliveryOf(message), params, {
          taken: () => tell('DeleteMessage', { ReceiptHandle: message.ReceiptHandle }),
          refused: () => tell('ChangeMessageVisibility', { ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: retrySeconds }),
        });
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await inFlight.settled(5_000);
  }
}

function deliveryOf({ MessageId, Body = '', Attributes = {}, MessageAttributes = {} }) {
  const headers = Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) => (StringValue === undefined ? [] : [[`header.${name}`, StringValue]]));
  const { ApproximateReceiveCount: deliveries, SentTimestamp: sentAt, MessageGroupId: group } = Attributes;
  return { body: new TextEncoder().encode(Body), key: MessageId, meta: { 'message.id': MessageId, ...(deliveries !== undefined && { 'message.deliveries': deliveries }), ...(sentAt !== undefined && { 'message.sentAt': sentAt }), ...(group !== undefined && { 'message.group': group }), ...Object.fromEntries(headers) } };
}

async function sendBatch(client, { queue: QueueUrl, delaySeconds, group }, messages, signal) {
  const entries = messages.map(({ id, bytes, isText }, index) => ({
    Id: String(index), MessageBody: isText ? new TextDecoder().decode(bytes) : Buffer.from(bytes).toString('base64'), ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
    // SQS takes 128 letters; the id of a payload is no longer than that in general.
    ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: id.slice(-128) }),
  }));
  const { Successful = [], Failed = [] } = await call(client, 'SendMessageBatch', { QueueUrl, Entries: entries }, { signal, now: Date.now() });
  const outcomes = new Map([...Successful.map(({ Id, MessageId }) => [Id, { message: MessageId }]), ...Failed.map(({ Id, Code, Message, SenderFault }) => [Id, { refused: `${Code}: ${Message ?? 'no reason is given'}`, isOurs: SenderFault !== false }])]);
  const found = entries.map(({ Id }) => outcomes.get(Id) ?? { refused: 'SQS said nothing of it.', isOurs: false });
  const theirs = found.find(({ isOurs }) => isOurs === false);
  // What SQS itself could not do is tried again, with all of the batch: a FIFO queue takes the others once.
  if (theirs) throw refusal(500, 'SQS (SendMessageBatch)', theirs.refused);
  return found.map(({ isOurs: _isOurs, ...facts }) => facts);
}
