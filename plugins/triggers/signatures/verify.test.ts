import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import type { CheckStep } from '../../sdk/index.ts';
import { explain } from './explain.ts';
import { checkSecret, schemes } from './schemes.ts';
import type { SignatureSettings } from './settings.ts';
import { sign } from './sign.ts';
import { verify, type SignedRequest, type Verdict } from './verify.ts';

const now = 1_700_000_000_000;
const seconds = String(now / 1000);
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const publicUrl = 'https://hooks.example.com/hooks/orders/shop';

type Given = Partial<SignatureSettings>;
interface Sent { readonly method?: string; readonly url?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }

const settingsOf = (given: Given): SignatureSettings =>
  ({ scheme: 'hmac', secret: { $secret: 's' }, algorithm: 'sha256', encoding: 'hex', prefix: '', content: '{body}', secretEncoding: 'text', toleranceMs: 300_000, ...given }) as SignatureSettings;

function requestOf({ method = 'POST', url = '/hooks/orders/shop', headers = {}, body = '' }: Sent): SignedRequest {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { method, url, headers: lower, body: Buffer.from(body), query: Object.fromEntries(new URL(url, 'http://localhost').searchParams) };
}

function check(given: Given, sent: Sent, secrets: readonly string[], at = now): Verdict {
  const settings = settingsOf(given);
  return verify(schemes[settings.scheme].read(requestOf(sent), settings), { secrets, now: at, toleranceMs: settings.toleranceMs });
}

const mac = (algorithm: string, key: string | Buffer, encoding: 'hex' | 'base64', ...parts: string[]): string => createHmac(algorithm, key).update(parts.join('')).digest(encoding);

const slackBody = 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const twilioForm = 'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212';
const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/**
 * From the pages of the providers: "Validating webhook deliveries" (GitHub), "Verifying requests from Slack", "Webhooks security" (Twilio), the specification of
 * Standard Webhooks, "Validating requests" (HubSpot, version 2). Shopify, Stripe, WooCommerce, BigCommerce, Xero, QuickBooks, Square and version 3 of HubSpot
 * give the formula but no example that can be recomputed: theirs are among the cases below, each made by the formula with node:crypto alone.
 */
describe('examples that the providers publish', () => {
  for (const [title, settings, sent, secret, at] of [
    ['github', { scheme: 'github' }, { headers: { 'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }, body: 'Hello, World!' }, "It's a Secret to Everybody", now],
    ['slack', { scheme: 'slack' }, { headers: { 'X-Slack-Request-Timestamp': '1531420618', 'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503' }, body: slackBody }, '8f742231b10e8888abcd99yyyzzz85a5', 1_531_420_618_000],
    ['twilio', { scheme: 'twilio', publicUrl: 'https://mycompany.com/myapp.php' }, { url: '/hooks/f/t?foo=1&bar=2', headers: { ...form, 'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }, body: twilioForm }, '12345', now],
    ['standard-webhooks', { scheme: 'standard-webhooks' }, { headers: { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330', 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }, body: '{"test": 2432232314}' }, standardSecret, 1_614_265_330_000],
    ['hubspot-v2, POST', { scheme: 'hubspot-v2', publicUrl: 'https://www.example.com/webhook_uri' }, { headers: { 'X-HubSpot-Signature': '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900' }, body: '{"example_field":"example_value"}' }, 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy', now],
    ['hubspot-v2, GET', { scheme: 'hubspot-v2', publicUrl: 'https://www.example.com/webhook_uri' }, { method: 'GET', headers: { 'X-HubSpot-Signature': 'eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e' } }, 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy', now],
  ] as const) test(title, () => assert.deepEqual(check(settings, sent, [secret], at).steps.at(-1), { name: 'digest', isPassed: true, detail: 'The signature is right.' }));
});

interface Case { readonly settings: Given; readonly sent: Sent; readonly secret: string; /** Header of the signature, and one with a timestamp. */ readonly header: string; readonly time?: string }

const body = '{"id":"evt_1","events":[1]}';
const bodySHA256 = createHash('sha256').update(body).digest('hex');
const stripe = (time: string, ...signatures: string[]) => [`t=${time}`, ...signatures.map((signature) => `v1=${signature}`)].join(',');

/** One request per scheme, signed as its provider says. */
const cases: Readonly<Record<string, Case>> = {
  hmac: { settings: { header: 'X-Signature' }, sent: { headers: { 'X-Signature': mac('sha256', 'k', 'hex', body) }, body }, secret: 'k', header: 'X-Signature' },
  'hmac with a time': {
    settings: { header: 'X-Signature', timestampHeader: 'X-Time', content: '{method} {url} {header:X-Id} {timestamp} {query:shop} {body}', publicUrl, algorithm: 'sha512', encoding: 'base64', prefix: 'v1,', secretEncoding: 'base64' },
    sent: { url: '/hooks/orders/shop?shop=eu', headers: { 'X-Id': '7', 'X-Time': seconds, 'X-Signature': `v1,AAAA v1,${mac('sha512', 'k', 'base64', `POST ${publicUrl}?shop=eu 7 ${seconds} eu `, body)}` }, body }, secret: 'whsec_aw==', header: 'X-Signature', time: 'X-Time',
  },
  token: { settings: { scheme: 'token', header: 'X-Token' }, sent: { headers: { 'X-Token': 's3cret' }, body }, secret: 's3cret', header: 'X-Token' },
  bigcommerce: {
    settings: { scheme: 'bigcommerce' }, secret: 'client secret', header: 'webhook-signature', time: 'webhook-timestamp',
    sent: { headers: { 'webhook-id': 'm1', 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac('sha256', 'client secret', 'base64', `m1.${seconds}.${body}`)}` }, body },
  },
  github: { settings: { scheme: 'github' }, sent: { headers: { 'X-Hub-Signature-256': `sha256=${mac('sha256', 'k', 'hex', body)}` }, body }, secret: 'k', header: 'X-Hub-Signature-256' },
  'hubspot-v2': { settings: { scheme: 'hubspot-v2', publicUrl }, sent: { url: '/hooks/orders/shop?a=%2F', headers: { 'X-HubSpot-Signature': createHash('sha256').update(`kPOST${publicUrl}?a=%2F${body}`).digest('hex') }, body }, secret: 'k', header: 'X-HubSpot-Signature' },
  'hubspot-v3': {
    settings: { scheme: 'hubspot-v3', publicUrl }, secret: 'k', header: 'X-HubSpot-Signature-v3', time: 'X-HubSpot-Request-Timestamp',
    sent: { url: '/hooks/orders/shop?a=%2F%20', headers: { 'X-HubSpot-Request-Timestamp': String(now), 'X-HubSpot-Signature-v3': mac('sha256', 'k', 'base64', `POST${publicUrl}?a=/%20${body}${now}`) }, body },
  },
  quickbooks: { settings: { scheme: 'quickbooks' }, sent: { headers: { 'intuit-signature': mac('sha256', 'k', 'base64', body) }, body }, secret: 'k', header: 'intuit-signature' },
  shopify: { settings: { scheme: 'shopify' }, sent: { headers: { 'X-Shopify-Hmac-Sha256': mac('sha256', 'k', 'base64', body) }, body }, secret: 'k', header: 'X-Shopify-Hmac-Sha256' },
  slack: { settings: { scheme: 'slack' }, sent: { headers: { 'X-Slack-Request-Timestamp': seconds, 'X-Slack-Signature': `v0=${mac('sha256', 'k', 'hex', `v0:${seconds}:${body}`)}` }, body }, secret: 'k', header: 'X-Slack-Signature', time: 'X-Slack-Request-Timestamp' },
  square: { settings: { scheme: 'square', publicUrl }, sent: { headers: { 'x-square-hmacsha256-signature': mac('sha256', 'k', 'base64', publicUrl, body) }, body }, secret: 'k', header: 'x-square-hmacsha256-signature' },
  'standard-webhooks': {
    settings: { scheme: 'standard-webhooks' }, secret: 'whsec_a2V5', header: 'webhook-signature', time: 'webhook-timestamp',
    sent: { headers: { 'webhook-id': 'm1', 'webhook-timestamp': seconds, 'webhook-signature': `v1a,x v1,${mac('sha256', 'key', 'base64', `m1.${seconds}.${body}`)}` }, body },
  },
  'standard-webhooks by its other names': {
    settings: { scheme: 'standard-webhooks' }, secret: 'a2V5', header: 'svix-signature', time: 'svix-timestamp',
    sent: { headers: { 'svix-id': 'm1', 'svix-timestamp': seconds, 'svix-signature': `v1,${mac('sha256', 'key', 'base64', `m1.${seconds}.${body}`)}` }, body },
  },
  stripe: { settings: { scheme: 'stripe' }, sent: { headers: { 'Stripe-Signature': stripe(seconds, '00', mac('sha256', 'k', 'hex', `${seconds}.${body}`)) }, body }, secret: 'k', header: 'Stripe-Signature' },
  twilio: {
    settings: { scheme: 'twilio', publicUrl }, secret: 'k', header: 'X-Twilio-Signature',
    sent: { headers: { ...form, 'X-Twilio-Signature': mac('sha1', 'k', 'base64', publicUrl, 'A1', 'a1a2', 'b') }, body: 'b=&a=2&A=1&a=1&a=1' },
  },
  'twilio with JSON': {
    settings: { scheme: 'twilio', publicUrl }, secret: 'k', header: 'X-Twilio-Signature',
    sent: { url: `/hooks/orders/shop?bodySHA256=${bodySHA256}`, headers: { ...json, 'X-Twilio-Signature': mac('sha1', 'k', 'base64', `${publicUrl}?bodySHA256=${bodySHA256}`) }, body },
  },
  woocommerce: { settings: { scheme: 'woocommerce' }, sent: { headers: { 'X-WC-Webhook-Signature': mac('sha256', 'k', 'base64', body) }, body }, secret: 'k', header: 'X-WC-Webhook-Signature' },
  xero: { settings: { scheme: 'xero' }, sent: { headers: { 'x-xero-signature': mac('sha256', 'k', 'base64', body) }, body }, secret: 'k', header: 'x-xero-signature' },
};

test('every scheme has its case', () => {
  const named = new Set(Object.values(cases).map(({ settings }) => settings.scheme ?? 'hmac'));
  assert.deepEqual([...named].sort(), Object.keys(schemes).sort());
});

const last = ({ isValid, steps }: Verdict): [boolean, CheckStep['name'] | undefined] => [isValid, steps.at(-1)?.name];

for (const [title, { settings, sent, secret, header, time }] of Object.entries(cases)) {
  const given = sent.headers![header]!;
  const other = settings.scheme === 'standard-webhooks' ? 'whsec_b3RoZXI=' : settings.secretEncoding === 'base64' ? 'b3RoZXI=' : 'zebra';
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
    assert.deepEqual(factsOf(verdict, 'timestamp'), { 'read from': 'the header X-Slack-Request-Timestamp', sent: '2023-11-14T22:13:20.000Z', arrived: '2023-11-14T22:13:20.000Z', difference: '0 ms', tolerance: '300000 ms' });
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
      const other = settings.scheme === 'standard-webhooks' ? 'whsec_b3RoZXI=' : settings.secretEncoding === 'base64' ? 'b3RoZXI=' : 'zebra';
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
    ['a delivery without its id', { scheme: 'standard-webhooks' }, { headers: { 'webhook-timestamp': seconds, 'webhook-signature': `v1,${mac('sha256', Buffer.from('key'), 'base64', `.${seconds}.${body}`)}` }, body }, [false, 'content']],
  ] as const) test(title, () => assert.deepEqual(last(check(settings, sent, [settings && 'scheme' in settings && settings.scheme === 'standard-webhooks' ? 'a2V5' : 'k'])), expected));
});

describe('secrets with which everybody could sign are refused', () => {
  for (const [title, settings, secret] of [
    ['empty', {}, ''], ['no base64', { scheme: 'standard-webhooks' }, 'whsec_!!'], ['base64 of nothing', { secretEncoding: 'base64' }, 'whsec_'], ['no hex', { secretEncoding: 'hex' }, 'zz'],
  ] as const) test(title, () => assert.throws(() => checkSecret(secret, settingsOf(settings), '/signature/secret'), { code: 'CONFIG_INVALID' }));
  test('a timestamp that is not signed', () => assert.throws(() => checkSecret('k', settingsOf({ timestampHeader: 'x-time' }), '/s'), /add \{timestamp\}/));
});

test('the id of a delivery, as the provider names it', () => {
  const id = (scheme: keyof typeof schemes, headers: Record<string, string>, payload: unknown = {}) => schemes[scheme].delivery?.(requestOf({ headers }), payload);
  assert.deepEqual([
    id('github', { 'X-GitHub-Delivery': 'a' }), id('shopify', { 'X-Shopify-Webhook-Id': 'b' }), id('standard-webhooks', { 'webhook-id': 'c' }), id('standard-webhooks', { 'svix-id': 'd' }),
    id('stripe', {}, { id: 'evt_1' }), id('slack', {}, { event_id: 'Ev1' }), id('square', {}, { event_id: 'e' }), id('twilio', { 'I-Twilio-Idempotency-Token': 'f' }), id('woocommerce', { 'X-WC-Webhook-Delivery-ID': 'g' }),
    id('stripe', {}, []), id('slack', {}, 'text'), id('xero', {}), id('hmac', {}),
  ], ['a', 'b', 'c', 'd', 'evt_1', 'Ev1', 'e', 'f', 'g', undefined, undefined, undefined, undefined]);
});
