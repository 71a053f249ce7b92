import assert from 'node:assert/strict';
import { signHeaders } from '../../plugins/auth/aws/signature-v4.ts';
import type { Answered, Asked, QueueCase } from './queue-world.ts';

export const aws = { accessKeyId: 'AKID', secretAccessKey: 'hush', sessionToken: 'session' };

/** A queue as SQS has it: what is received is hidden until it is deleted or given back. Signatures are checked by the code of the auth method. */
function sqsServer() {
  const messages: { readonly id: string; readonly body: string; readonly group?: string; receipt?: string; times: number; isHidden: boolean }[] = [];
  const known = new Set<string>();
  let broken = 0;
  return {
    messages,
    breakOnce: () => void broken++,
    answer({ path, headers, text, json }: Asked): Answered {
      const signed = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? [];
      const [, stamp = ''] = [0, headers['x-amz-date'] ?? ''];
      const now = Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
      const own = Object.fromEntries(signed.filter((name) => !/^x-amz-(date|security-token)$/.test(name)).map((name) => [name, headers[name]!]));
      const wanted = signHeaders({ method: 'POST', path, query: [], headers: own, body: text }, { ...aws, region: 'eu-west-1', service: 'sqs', now, normalize: true });
      if (headers['authorization'] !== wanted.headers['authorization']) return { status: 403, body: { __type: 'com.amazon.coral.service#InvalidSignatureException', message: 'The signature is wrong.' } };
      if (broken > 0) return broken--, { status: 503, body: { __type: 'ServiceUnavailable', message: 'Busy.' } };
      const action = headers['x-amz-target']!.replace('AmazonSQS.', '');
      if (String(json['QueueUrl']).endsWith('/none')) return { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'There is no such queue.' } };
      if (action === 'ListQueues') return { body: {} };
      if (action === 'SendMessageBatch') {
        if (text.length > 262_144) return { status: 400, body: { __type: 'com.amazonaws.sqs#BatchRequestTooLong', message: 'The batch is too long.' } };
        const entries = json['Entries'] as { Id: string; MessageBody: string; MessageGroupId?: string; MessageDeduplicationId?: string }[];
        const Failed = entries.filter(({ MessageBody }) => MessageBody.includes('refuse')).map(({ Id }) => ({ Id, SenderFault: true, Code: 'InvalidMessageContents', Message: 'It is refused.' }));
        const Successful = entries.filter(({ MessageBody }) => !MessageBody.includes('refuse')).map(({ Id, MessageBody, MessageGroupId, MessageDeduplicationId }) => {
          const id = `m${messages.length + 1}`;
          if (MessageDeduplicationId === undefined || !known.has(MessageDeduplicationId)) messages.push({ id, body: MessageBody, ...(MessageGroupId && { group: MessageGroupId }), times: 0, isHidden: false });
          if (MessageDeduplicationId !== undefined) known.add(MessageDeduplicationId);
          return { Id, MessageId: id };
        });
        return { body: { Successful, Failed } };
      }
      if (action === 'ReceiveMessage') {
        const found = messages.filter(({ isHidden }) => !isHidden).slice(0, json['MaxNumberOfMessages'] as number);
        return { body: found.length === 0 ? {} : { Messages: found.map((message) => {
          Object.assign(message, { isHidden: true, times: message.times + 1, receipt: `${message.id}-${message.times + 1}` });
          return { MessageId: message.id, ReceiptHandle: message.receipt, Body: message.body, Attributes: { ApproximateReceiveCount: String(message.times) }, MessageAttributes: { source: { StringValue: 'web', DataType: 'String' } } };
        }) } };
      }
      const at = messages.findIndex(({ receipt }) => receipt === json['ReceiptHandle']);
      assert.ok(at >= 0, 'a receipt is told once');
      if (action === 'DeleteMessage') messages.splice(at, 1);
      else messages[at]!.isHidden = false;
      return { body: {} };
    },
  };
}

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123/orders';
export const sqsCase = (server = sqsServer()): QueueCase & { readonly server: typeof server } => ({
  server, type: 'sqs', answer: server.answer, bodies: () => server.messages.map(({ body }) => body), settings: (origin) => ({ region: 'eu-west-1', endpoint: origin }), credentials: () => aws,
  send: { call: 'queue.send', with: { queue: queueUrl } }, listen: { call: 'queue.consume', with: { queue: queueUrl, waitSeconds: 1, retrySeconds: 0 } },
});
