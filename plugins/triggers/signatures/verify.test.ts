import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type CheckStep } from '../../sdk/index.ts';
import { deliveryOf } from './delivery.ts';
import { explain } from './explain.ts';
import type { Delivery } from './read.ts';
import { checkSecret, schemes } from './schemes.ts';
import { sign } from './sign.ts';
import { body, cases, form, json, key, mac, now, otherKey, published, publicUrl, requestOf, seconds, settingsOf, standardSecret, stripe, type Given, type Sent } from './signed-requests.ts';
import { verify, type SignedRequest, type Verdict } from './verify.ts';

function check(given: Given, sent: Sent, secrets: readonly string[], at = now): Verdict {
  const settings = settingsOf(given);
  return verify(schemes[settings.scheme].read(requestOf(sent), settings), { secrets, now: at, toleranceMs: settings.toleranceMs });
}

describe('examples that the providers publish', () => {
  for (const { title, settings, sent, secret, at } of published) test(title, () => assert.deepEqual(check(settings, sent, [secret], at).steps.at(-1), { name: 'digest', isPassed: true, detail: 'The signature is right.' }));
});

test('every scheme has its case', () => {
  const named = new Set(Object.values(cases).map(({ settings }) => settings.scheme ?? 'hmac'));
  assert.deepEqual([...named].sort(), Object.keys(schemes).sort());
});

const last = ({ isValid, steps }: Verdict): [boolean, CheckStep['name'] | undefined] => [isValid, steps.at(-1)?.name];

for (const [title, { settings, sent, secret, header, time }] of Object.entries(cases)) {
  const given = sent.headers![header]!;
  const other = settings.scheme === 'standard-webhooks' || settings.secretEncoding === 'base64' ? `whsec_${otherKey.toString('base64')}` : 'zebra';
  const withHeader = (value: string | undefined): Sent => ({ ...sent, headers: Object.fromEntries(Object.entries(sent.headers!).flatMap(([name, text]) => (name !== header ? [[name, text]] : value === undefined ? [] : [[name, value]]))) });
  describe(title, () => {
    test('takes what is signed with either secret', () => {
      assert.deepEqual(last(check(settings, sent, [secret])), [true, 'digest']);
      assert.deepEqual(last(check(settings, sent, [other, secret])), [true, 'digest']);
    });
    test('refuses what is signed with another, and does not tell what would be right', () => {
      const verdict = check(settings, sent, [other]);
      assert.deepEqual(last(verdict), [false, 'digest']);
      const right = schemes[settings.scheme ?? 'hmac'].read(requestOf(sent), settingsOf(settings)).digest(other);
      for (const text of [Buffer.from(right).toString('hex'), Buffer.from(right).toString('base64'), other]) assert.ok(!JSON.stringify(verdict).includes(text));
    });
    test('refuses another body, and a body where there was none', () => {
      if (settings.scheme === 'token') return;
      assert.equal(check(settings, { ...sent, body: `${sent.body} ` }, [secret]).isValid, false);
      assert.equal(check(settings, { ...sent, body: '' }, [secret]).isValid, false);
    });
    for (const [what, value] of Object.entries({
      missing: undefined, empty: '', spaces: '   ', 'a prefix alone': given.replace(/[0-9A-Za-z+/]{6,}=*$/, ''), 'too short': given.slice(0, -8), 'too long': `${given}00`, 'followed by something': `${given}\u00E9`,
      'in another encoding': given.replace(/[0-9A-Za-z+/]{16,}=*$/, (text) => (/^[0-9a-f]+$/.test(text) ? Buffer.from(text, 'hex').toString('base64') : Buffer.from(text, 'base64').toString('hex'))),
      huge: `${given.slice(0, 8)}${'A'.repeat(16_000)}`, 'a NUL': `${given}\0`, 'no text at all': '\u{1F511}', '__proto__': '__proto__',
    })) {
      if (settings.scheme === 'token' && what === 'in another encoding') continue;
      test(`refuses a signature that is ${what}`, () => {
        const { isValid, steps } = check(settings, withHeader(value), [secret]);
        assert.equal(isValid, false);
        assert.equal(steps.at(-1)?.isPassed, false);
        assert.ok(steps.at(-1)!.detail.length < 200, 'the header is not repeated');
      });
    }
    if (time === undefined) return;
    for (const [what, value] of Object.entries({ missing: undefined, empty: '', 'too old': String(now / 1000 - 301), 'in the future': String(now / 1000 + 301), 'no number': '1e3', negative: '-1', huge: '9'.repeat(400) })) {
      test(`refuses a time that is ${what}`, () => assert.deepEqual(last(check(settings, { ...sent, headers: { ...sent.headers, [time]: value as string } }, [secret])), [false, 'timestamp']));
    }
    test('refuses a time that was changed', () => assert.deepEqual(last(check(settings, { ...sent, headers: { ...sent.headers, [time]: String(Number(sent.headers![time]) + 1) } }, [secret])), [false, 'digest']));
    test('takes it until the window ends', () => {
      assert.equal(check(settings, sent, [secret], now + 300_000).isValid, true);
      assert.equal(check(settings, sent, [secret], now - 300_000).isValid, true);
      assert.equal(check(settings, sent, [secret], now + 300_001).isValid, false);
    });
  });
}

/** Numbers from 0 to 1 by a seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe('what is signed here is taken, and nothing else', () => {
  for (const [title, { settings: given, sent, secret, time }] of Object.entries(cases)) {
    test(title, () => {
      const random = randomOf(title.length);
      const settings = settingsOf(given);
      const isForm = sent.headers!['content-type']?.includes('urlencoded') === true;
      for (let turn = 0; turn < 200; turn++) {
        const bytes = Buffer.from(Array.from({ length: 1 + Math.floor(random() * 80) }, () => Math.floor(random() * 256)));
        const text = isForm ? Buffer.from(new URLSearchParams({ [`k${turn}`]: bytes.toString('latin1'), a: 'b' }).toString()) : bytes;
        const unsigned = { ...requestOf({ ...sent, url: '/hooks/orders/shop?shop=eu', headers: { ...(isForm ? form : json), 'X-Id': String(turn) } }), body: text };
        const at = now + Math.floor(random() * 1e9);
        const request = sign(unsigned, settings, { secret, now: at, delivery: `d${turn}` });
        const verdict = (changed: SignedRequest, moment = at) => verify(schemes[settings.scheme].read(changed, settings), { secrets: [secret], now: moment, toleranceMs: settings.toleranceMs });
        assert.deepEqual(last(verdict(request)), [true, 'digest']);
        assert.deepEqual(request.query, Object.fromEntries(new URL(request.url, 'http://localhost').searchParams));
        if (settings.scheme === 'token') continue;
        const other = isForm ? Buffer.concat([text, Buffer.from('&z=1')]) : Buffer.from(text.map((byte, index) => (index === turn % text.length ? byte ^ (1 + Math.floor(random() * 255)) : byte)));
        assert.equal(verdict({ ...request, body: other }).isValid, false);
        if (time !== undefined || settings.scheme === 'stripe') assert.deepEqual(last(verdict(request, at + 302_000)), [false, 'timestamp']);
      }
    });
  }
});

describe('the check, explained', () => {
  const explained = (given: Given, sent: Sent, secrets: readonly string[]) => {
    const settings = settingsOf(given);
    const request = requestOf(sent);
    return explain(schemes[settings.scheme].read(request, settings), request, { secrets, names: secrets.map((_secret, index) => `name ${index}`), now, toleranceMs: 300_000 });
  };
  const factsOf = (verdict: Verdict, name: CheckStep['name']) => Object.fromEntries(verdict.steps.find((step) => step.name === name)!.facts!.map((fact) => [fact.name, fact.value]));

  test('says what was read, what was signed, and by which secret', () => {
    const verdict = explained(cases['slack']!.settings, cases['slack']!.sent, ['other', 'k']);
    const right = mac('sha256', 'k', 'hex', `v0:${seconds}:${body}`);
    const wrong = mac('sha256', 'other', 'hex', `v0:${seconds}:${body}`);
    assert.deepEqual(verdict.steps.map(({ name, isPassed }) => [name, isPassed]), [['signature', true], ['timestamp', true], ['digest', true]]);
    assert.deepEqual(factsOf(verdict, 'timestamp'), { 'read from': 'the header X-Slack-Request-Timestamp', sent: '2023-11-14T22:13:20.000Z', arrived: '2023-11-14T22:13:20.000Z', difference: '0 ms', tolerance: '5 min' });
    assert.deepEqual(factsOf(verdict, 'digest'), {
      method: 'HMAC-SHA256', signed: `v0:${seconds}:<body, ${body.length} bytes>`, 'expected with name 0': `v0=${wrong.slice(0, 6)}…`, 'expected with name 1': `v0=${right.slice(0, 6)}…`, got: `v0=${right.slice(0, 6)}…`, secret: 'name 1',
    });
  });
  test('of a body that was changed: expected and got differ', () => {
    const { sent, settings, secret } = cases['shopify']!;
    const facts = factsOf(explained(settings, { ...sent, body: `${body} ` }, [secret]), 'digest');
    assert.notEqual(facts['expected with name 0'], facts['got']);
    assert.equal(facts['secret'], undefined);
  });
  for (const [title, { settings, sent }] of Object.entries(cases)) {
    test(`${title}: tells neither a secret nor what would be right`, () => {
      const other = settings.scheme === 'standard-webhooks' || settings.secretEncoding === 'base64' ? `whsec_${otherKey.toString('base64')}` : 'zebra';
      const text = JSON.stringify(explained(settings, sent, [other]));
      const right = schemes[settings.scheme ?? 'hmac'].read(requestOf(sent), settingsOf(settings)).digest(other);
      for (const hidden of [other, Buffer.from(right).toString('hex').slice(0, 12), Buffer.from(right).toString('base64').slice(0, 12)]) assert.ok(!text.includes(hidden), hidden);
    });
  }
});

describe('what is not signed is not taken', () => {
  for (const [title, settings, sent, expected] of [
    ['a query as payload, where the body alone is signed', { scheme: 'github' }, { method: 'GET', url: '/?id=1', headers: { 'x-hub-signature-256': `sha256=${mac('sha256', 'k', 'hex', '')}` } }, [false, 'content']],
    ['the same with an HMAC in the query', { parameter: 'sig' }, { method: 'GET', url: `/?id=1&sig=${mac('sha256', 'k', 'hex', '')}` }, [false, 'content']],
    ['but a request that holds nothing is', { parameter: 'sig' }, { method: 'GET', url: `/?sig=${mac('sha256', 'k', 'hex', '')}` }, [true, 'digest']],
    ['a JSON body beside a Twilio signature of the address', { scheme: 'twilio', publicUrl }, { headers: { ...json, 'x-twilio-signature': mac('sha1', 'k', 'base64', publicUrl) }, body }, [false, 'content']],
    ['another JSON body with a signed digest', { scheme: 'twilio', publicUrl }, { ...cases['twilio with JSON']!.sent, body: '{}' }, [false, 'content']],
    ['a Stripe signature of an old time', { scheme: 'stripe' }, { headers: { 'stripe-signature': stripe('1600000000', mac('sha256', 'k', 'hex', `1600000000.${body}`)) }, body }, [false, 'timestamp']],
    ['a delivery without its id', { scheme: 'standard-webhooks' }, { headers: { 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac('sha256', key, 'base64', `.${seconds}.${body}`)}` }, body }, [false, 'content']],
  ] as const) test(title, () => assert.deepEqual(last(check(settings, sent, [settings && 'scheme' in settings && settings.scheme === 'standard-webhooks' ? key.toString('base64') : 'k'])), expected));
});

const uuid = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';

describe('a secret that is none is refused, and no signature is made or compared with what is left of it', () => {
  const standard = { scheme: 'standard-webhooks' } as const;
  for (const [title, settings, secret, message] of [
    ['empty', {}, '', /empty/],
    ['no base64', standard, 'whsec_!!', /not whole base64/],
    ['one character', standard, 'whsec_a', /not whole base64/],
    ['the prefix alone', standard, 'whsec_', /empty/],
    ['cut off in the middle of a byte', standard, `${standardSecret}AB`, /not whole base64/],
    ['cut off after some bytes', standard, standardSecret.slice(0, 18), /stands for 9 bytes, where 16 is the least/],
    ['a UUID', standard, `whsec_${uuid}`, /looks like a UUID/],
    ['with a line break', standard, `${standardSecret}\n`, /spaces or line breaks/],
    ['base64 of nothing', { secretEncoding: 'base64' }, 'whsec_', /empty/],
    ['a UUID as base64', { secretEncoding: 'base64' }, uuid, /looks like a UUID/],
    ['padding in the wrong place', { secretEncoding: 'base64' }, 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=', /not whole base64/],
    ['both alphabets at once', { secretEncoding: 'base64' }, 'MfKQ9r8GKYqrTwjUPD8ILPZIo2La+_Sw', /not whole base64/],
    ['no hex', { secretEncoding: 'hex' }, 'zz', /not written in hex/],
    ['a UUID as hex', { secretEncoding: 'hex' }, uuid, /not written in hex.*looks like a UUID/],
    ['half a byte', { secretEncoding: 'hex' }, '0123456789abcdef0', /not written in hex/],
    ['few bytes', { secretEncoding: 'hex' }, '0123', /stands for 2 bytes/],
  ] as const) {
    test(title, () => {
      const wanted = settingsOf(settings);
      assert.throws(() => checkSecret(secret, wanted, '/signature/secret'), (error: unknown) => {
        assert.ok(FlowError.is(error, 'CONFIG_INVALID'));
        assert.match(error.message, message);
        assert.equal(error.place?.pointer, '/signature/secret');
        if (secret.length > 8) assert.ok(!JSON.stringify([error.message, error.remedy]).includes(secret.trim()), 'the secret is not said');
        return true;
      });
      if (secret !== '') assert.throws(() => schemes[wanted.scheme].read(requestOf({ body }), wanted).digest(secret), { code: 'CONFIG_INVALID' });
    });
  }
  for (const [title, settings, secret] of [
    ['as Standard Webhooks shows it', standard, standardSecret], ['without its prefix', standard, standardSecret.slice(6)], ['without padding', standard, Buffer.alloc(25, 'ab').toString('base64').replace(/=+$/, '')],
    ['in the alphabet of addresses', { secretEncoding: 'base64' }, Buffer.alloc(24, 255).toString('base64url')], ['in hex', { secretEncoding: 'hex' }, '00FF'.repeat(8)], ['a UUID as the text that it is', {}, uuid],
  ] as const) test(`but one ${title} is taken`, () => checkSecret(secret, settingsOf(settings), '/s'));
  test('a timestamp that is not signed', () => assert.throws(() => checkSecret('k', settingsOf({ timestampHeader: 'x-time' }), '/s'), /add \{timestamp\}/));
});

const told = (delivery: Delivery | undefined) => delivery && [delivery.id, delivery.where, delivery.isSigned];

describe('what tells a delivery from another, and whether it is signed', () => {
  const header = 'X-Id';
  for (const [title, settings, sent, payload, expected] of [
    ['github', { scheme: 'github' }, { headers: { 'X-GitHub-Delivery': 'a' } }, {}, ['a', 'the header X-GitHub-Delivery', false]],
    ['shopify', { scheme: 'shopify' }, { headers: { 'X-Shopify-Webhook-Id': 'b' } }, {}, ['b', 'the header X-Shopify-Webhook-Id', false]],
    ['twilio', { scheme: 'twilio' }, { headers: { 'I-Twilio-Idempotency-Token': 'f' } }, {}, ['f', 'the header I-Twilio-Idempotency-Token', false]],
    ['woocommerce', { scheme: 'woocommerce' }, { headers: { 'X-WC-Webhook-Delivery-ID': 'g' } }, {}, ['g', 'the header X-WC-Webhook-Delivery-ID', false]],
    ['standard-webhooks', { scheme: 'standard-webhooks' }, { headers: { 'webhook-id': 'c', 'webhook-signature': 'x' } }, {}, ['c', 'the header webhook-id', true]],
    ['standard-webhooks by its other names', { scheme: 'standard-webhooks' }, { headers: { 'svix-id': 'd', 'svix-signature': 'x' } }, {}, ['d', 'the header svix-id', true]],
    ['and of both names those that are signed', { scheme: 'standard-webhooks' }, { headers: { 'webhook-id': 'c', 'svix-id': 'd', 'svix-signature': 'x' } }, {}, ['d', 'the header svix-id', true]],
    ['bigcommerce', { scheme: 'bigcommerce' }, { headers: { 'webhook-id': 'c' } }, {}, ['c', 'the header webhook-id', true]],
    ['stripe', { scheme: 'stripe' }, {}, { id: 'evt_1' }, ['evt_1', 'the field id of the body', true]],
    ['slack', { scheme: 'slack' }, {}, { event_id: 'Ev1' }, ['Ev1', 'the field event_id of the body', true]],
    ['square', { scheme: 'square' }, {}, { event_id: 'e' }, ['e', 'the field event_id of the body', true]],
    ['a body that is no object', { scheme: 'stripe' }, {}, [], [undefined, 'the field id of the body', true]],
    ['a header that is missing', { scheme: 'github' }, {}, {}, [undefined, 'the header X-GitHub-Delivery', false]],
    ['an HMAC of the body, with a header of its own', { header: 'x-s', deliveryHeader: header }, { headers: { [header]: 'h' } }, {}, ['h', 'the header X-Id', false]],
    ['an HMAC of that header, too', { header: 'x-s', content: '{header:x-id}.{body}', deliveryHeader: header }, { headers: { [header]: 'h' } }, {}, ['h', 'the header X-Id', true]],
    ['a token', { scheme: 'token', deliveryHeader: header }, { headers: { [header]: 'h' } }, {}, ['h', 'the header X-Id', false]],
    ['a header instead of the one that is signed', { scheme: 'standard-webhooks', deliveryHeader: header }, { headers: { [header]: 'h', 'webhook-id': 'c' } }, {}, ['h', 'the header X-Id', false]],
    ['the same header, named again', { scheme: 'standard-webhooks', deliveryHeader: 'Webhook-Id' }, { headers: { 'webhook-id': 'c' } }, {}, ['c', 'the header Webhook-Id', true]],
    ...(['xero', 'quickbooks', 'hubspot-v2', 'hubspot-v3', 'hmac', 'token'] as const).map((scheme) => [`${scheme} names none`, { scheme }, {}, { id: 'i', event_id: 'i' }, undefined] as const),
  ] as readonly (readonly [string, Given & { readonly deliveryHeader?: string }, Sent, unknown, unknown])[]) {
    const { deliveryHeader, ...given } = settings;
    test(title, () => assert.deepEqual(told(deliveryOf({ signature: settingsOf(given), ...(deliveryHeader && { deliveryHeader }) }, requestOf(sent), payload)), expected));
  }
  test('without a signature nothing is signed', () => assert.deepEqual(told(deliveryOf({ deliveryHeader: header }, requestOf({ headers: { [header]: 'h' } }), {})), ['h', 'the header X-Id', false]));
});
