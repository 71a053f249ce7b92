import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { Answered, Asked, Json, QueueCase } from './queue-world.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

/** A subscription as Pub/Sub has it, and the server of its tokens: what is pulled is out until it is acknowledged or its deadline is over. */
function pubsubServer() {
  const messages: { readonly id: string; readonly data: string; readonly attributes: Json; ackId?: string; times: number; isOut: boolean }[] = [];
  const tokens: string[] = [];
  return {
    messages, tokens,
    forget: () => void (tokens[tokens.length - 1] = 'forgotten'),
    account: (origin: string): string => JSON.stringify({ client_email: 'robot@shop.test', private_key: privateKey, private_key_id: 'k1', token_uri: `${origin}/token` }),
    answer({ path, headers, text, json }: Asked): Answered {
      if (path === '/token') {
        const [head = '', claims = '', signature = ''] = new URLSearchParams(text).get('assertion')!.split('.');
        const isSigned = verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), createPublicKey(publicKey), Buffer.from(signature, 'base64url'));
        const { iss, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Json;
        if (!isSigned || iss !== 'robot@shop.test' || scope !== 'https://www.googleapis.com/auth/pubsub') return { status: 400, body: { error: 'invalid_grant' } };
        tokens.push(`token-${tokens.length + 1}`);
        return { body: { access_token: tokens.at(-1), expires_in: 3600 } };
      }
      if (tokens.length === 0 || headers['authorization'] !== `Bearer ${tokens.at(-1)}`) return { status: 401, body: { error: { status: 'UNAUTHENTICATED', message: 'Sign in.' } } };
      const [, name, action] = /^\/v1\/projects\/acme\/(?:topics|subscriptions)(?:\/([^:?]+))?(?::(\w+)|\?.*)?$/.exec(path) ?? [];
      if (name === 'none') return { status: 404, body: { error: { status: 'NOT_FOUND', message: 'There is no such topic.' } } };
      if (action === 'publish') {
        const given = json['messages'] as { data: string; attributes: Json }[];
        for (const one of given) messages.push({ id: `m${messages.length + 1}`, ...one, times: 0, isOut: false });
        return { body: { messageIds: given.map((_, index) => `m${messages.length - given.length + index + 1}`) } };
      }
      if (action === 'pull') {
        const found = messages.filter(({ isOut }) => !isOut).slice(0, json['maxMessages'] as number);
        return { body: found.length === 0 ? {} : { receivedMessages: found.map((message) => {
          Object.assign(message, { isOut: true, times: message.times + 1, ackId: `${message.id}-${message.times + 1}` });
          return { ackId: message.ackId, deliveryAttempt: message.times, message: { data: message.data, attributes: message.attributes, messageId: message.id, publishTime: '2024-01-31T12:00:00Z' } };
        }) } };
      }
      for (const id of (json['ackIds'] ?? []) as string[]) {
        const at = messages.findIndex(({ ackId }) => ackId === id);
        assert.ok(at >= 0, 'an acknowledgement is told once');
        if (action === 'acknowledge') messages.splice(at, 1);
        else messages[at]!.isOut = false;
      }
      return { body: {} };
    },
  };
}

export const pubsubCase = (server = pubsubServer()): QueueCase & { readonly server: typeof server } => ({
  server, type: 'pubsub', answer: server.answer, bodies: () => server.messages.map(({ data }) => Buffer.from(data, 'base64').toString()), settings: (origin) => ({ project: 'acme', endpoint: origin }), credentials: (origin) => ({ serviceAccount: server.account(origin) }),
  send: { call: 'topic.publish', with: { topic: 'orders' } }, listen: { call: 'subscription.consume', with: { subscription: 'orders', emptyPauseMs: 0 } },
});
