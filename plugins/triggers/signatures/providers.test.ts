import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { IncomingRequest, TriggerContext, TriggerEvent } from '../../sdk/index.ts';
import webhook from '../webhook.ts';
import { schemes } from './schemes.ts';
import { cases, now, published, requestOf, settingsOf, type Given, type Sent } from './signed-requests.ts';

// What a webhook does with the requests of each provider: with one that the provider has published, or that is made by its formula; with another body; with
// one that is too old, where the time is signed; with one that comes again.

interface Row {
  /** Whether there is an example to recompute, or the formula alone. */
  readonly example: 'published' | 'by the formula';
  /** Absent where nothing is signed. */
  readonly tampered?: 401;
  /** Absent where the provider signs no time: an old request cannot be told from a new one. */
  readonly old?: 401;
  /** What is told of one that comes again: the key of its run. Absent where nothing tells it from others. */
  readonly duplicate?: string;
}

const table: Readonly<Record<keyof typeof schemes, Row>> = {
  bigcommerce: { example: 'by the formula', tampered: 401, old: 401, duplicate: 'm1' },
  github: { example: 'published', tampered: 401, duplicate: 'delivery-1' },
  'hubspot-v2': { example: 'published', tampered: 401 },
  'hubspot-v3': { example: 'by the formula', tampered: 401, old: 401 },
  quickbooks: { example: 'by the formula', tampered: 401 },
  shopify: { example: 'by the formula', tampered: 401, duplicate: 'delivery-1' },
  slack: { example: 'published', tampered: 401, old: 401, duplicate: 'Ev1' },
  square: { example: 'by the formula', tampered: 401, duplicate: 'Ev1' },
  'standard-webhooks': { example: 'published', tampered: 401, old: 401, duplicate: 'm1' },
  stripe: { example: 'by the formula', tampered: 401, old: 401, duplicate: 'evt_1' },
  twilio: { example: 'published', tampered: 401, duplicate: 'delivery-1' },
  woocommerce: { example: 'by the formula', tampered: 401, duplicate: 'delivery-1' },
  xero: { example: 'by the formula', tampered: 401 },
  // Not of a provider: the settings say it, here with a time and an id that are signed.
  hmac: { example: 'by the formula', tampered: 401, old: 401, duplicate: '7' },
  token: { example: 'by the formula' },
};

interface Example { readonly settings: Given; readonly sent: Sent; readonly secret: string; readonly at: number }

/** The ids of deliveries that providers send beside what they sign. */
const deliveryHeaders = { 'X-GitHub-Delivery': 'delivery-1', 'X-Shopify-Webhook-Id': 'delivery-1', 'I-Twilio-Idempotency-Token': 'delivery-1', 'X-WC-Webhook-Delivery-ID': 'delivery-1' };

const byFormula = (scheme: string): Example => ({ ...cases[scheme === 'hmac' ? 'hmac with a time' : scheme]!, at: now });

/** What a webhook answers to a request that arrives at a time, and the key of the run that it starts. */
async function arrive(scheme: string, { settings, sent, secret }: Example, receivedAt: number): Promise<{ readonly status: number | undefined; readonly key: string | undefined; readonly isStarted: boolean }> {
  let status: number | undefined;
  const request: IncomingRequest = { ...requestOf({ ...sent, headers: { 'content-type': sent.body?.startsWith('{') ? 'application/json' : 'text/plain', ...sent.headers, ...deliveryHeaders } }), receivedAt, respond: (response) => { status = response.status; } };
  const context = { signal: new AbortController().signal, clock: { now: () => receivedAt, sleep: () => new Promise(() => {}) }, secret: async () => secret, log: { info() {} }, async *requests() { yield request; } } as unknown as TriggerContext;
  const usual = { methods: ['*'], answer: 'accepted', status: 200, body: '', contentType: 'text/plain', timeoutMs: 1_000, headers: [], ...(scheme === 'hmac' && { deliveryHeader: 'X-Id' }) };
  const events: TriggerEvent[] = [];
  for await (const event of webhook.events({ ...usual, signature: settingsOf(settings) } as never, context)) events.push(event);
  return { status, key: events[0]?.key, isStarted: events.length === 1 };
}

const refused = { status: 401, key: undefined, isStarted: false };

test('every kind of signature has its row', () => assert.deepEqual(Object.keys(table).sort(), Object.keys(schemes).sort()));

for (const [scheme, row] of Object.entries(table)) {
  describe(scheme, () => {
    const examples = [...published.filter(({ settings }) => settings.scheme === scheme), byFormula(scheme)];
    const example = examples[0]!;
    test(`an example ${row.example} starts a run`, async () => {
      assert.equal(examples.length > 1, row.example === 'published');
      for (const one of examples) assert.equal((await arrive(scheme, one, one.at)).isStarted, true);
    });
    test(row.tampered === undefined ? 'another body is taken, since nothing is signed' : 'another body is refused', async () => {
      const answer = await arrive(scheme, { ...example, sent: { ...example.sent, body: example.sent.body!.replace(/[A-Za-z]/, '9') } }, example.at);
      assert.deepEqual(row.tampered === undefined ? answer.isStarted : answer, row.tampered === undefined ? true : refused);
    });
    test(row.old === undefined ? 'an old one cannot be told from a new one' : 'an old one is refused', async () => {
      const answer = await arrive(scheme, example, example.at + 24 * 3_600_000);
      assert.deepEqual(row.old === undefined ? answer.isStarted : answer, row.old === undefined ? true : refused);
    });
    test(row.duplicate === undefined ? 'nothing tells one that comes again from others' : 'one that comes again has the same key', async () => {
      const [first, again] = [await arrive(scheme, byFormula(scheme), now), await arrive(scheme, byFormula(scheme), now + 1_000)];
      assert.deepEqual([first.key, again.key, again.isStarted], [row.duplicate, row.duplicate, true]);
    });
  });
}
