import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { serve } from '../server/api/serve.ts';
import { readPublicUrl, publicUrlOf } from '../server/model/public-url.ts';
import { openRunner } from '../server/runner/runner.ts';

// Webhooks behind a tunnel: the sender knows another address than this machine, and signs that.

const root = mkdtempSync(join(tmpdir(), 'patchbay-public-'));
after(() => rmSync(root, { recursive: true, force: true }));
const hook = (scheme: string, more: object = {}) => ({ trigger: 'webhook', settings: { signature: { scheme, secret: { $secret: scheme }, ...more } } });
const secrets = new Map([['twilio', '12345'], ['hubspot-v2', 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'], ['hubspot-v3', 'k'], ['square', 'k']]);
mkdirSync(join(root, 'flows'));
writeFileSync(join(root, 'flows', 'calls.flow.json'), JSON.stringify({
  version: 1, start: 'pass', steps: { pass: { shape: 'split' } },
  triggers: {
    twilio: hook('twilio'), 'hubspot-v3': hook('hubspot-v3'), square: hook('square'),
    'twilio-example': hook('twilio', { publicUrl: 'https://mycompany.com/myapp.php' }), 'hubspot-example': hook('hubspot-v2', { publicUrl: 'https://www.example.com/webhook_uri' }),
  },
}));

type Answer = { readonly status: number; readonly body: string };
type Send = (path: string, headers?: Readonly<Record<string, string>>, body?: string) => Promise<Answer>;

const mac = (algorithm: string, key: string, text: string): string => createHmac(algorithm, key).update(text).digest('base64');
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const twilioOf = (address: string, body = 'a=1'): Readonly<Record<string, string>> => ({ ...form, 'x-twilio-signature': mac('sha1', '12345', `${address}${body.replace('=', '')}`) });

/** A runner with a workspace file, and what can be asked of it over a socket. */
async function within(server: object | undefined, tell: (send: Send, runner: Awaited<ReturnType<typeof openRunner>>) => Promise<void>, publicUrl?: string): Promise<void> {
  writeFileSync(join(root, 'patchbay.json'), JSON.stringify({ version: 1, ...(server && { server }) }));
  await using runner = await openRunner({ root, editorSecrets: secrets, ...(publicUrl !== undefined && { publicUrl: () => publicUrl }) });
  await runner.listen();
  const opened = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
  const { port } = new URL(opened.url);
  try {
    await tell((path, headers = {}, body = 'a=1') => new Promise((resolve, reject) => {
      const asked = httpRequest({ port, path, method: 'POST', headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => resolve({ status: response.statusCode!, body: text }));
      });
      asked.on('error', reject).end(body);
    }), runner);
  } finally {
    await opened.close();
  }
}

const story = (title: string, server: object | undefined, tell: Parameters<typeof within>[1], publicUrl?: string): void => void test(title, () => within(server, tell, publicUrl));

story('the published examples of Twilio and HubSpot, at addresses that their triggers name', undefined, async (send) => {
  const body = 'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212';
  assert.equal((await send('/hooks/calls/twilio-example?foo=1&bar=2', { ...form, 'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }, body)).status, 200);
  assert.equal((await send('/hooks/calls/twilio-example?foo=1&bar=3', { ...form, 'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }, body)).status, 401);
  assert.equal((await send('/hooks/calls/hubspot-example', { 'content-type': 'application/json', 'X-HubSpot-Signature': '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900' }, '{"example_field":"example_value"}')).status, 200);
});

story('without a public address nothing that signs one is right, and the inbox says why', undefined, async (send, runner) => {
  assert.equal((await send('/hooks/calls/twilio', twilioOf('/hooks/calls/twilio'))).status, 401);
  const [request] = (await runner.inbox.list({})).items;
  assert.match((await runner.inbox.get(request!.id)).inspection!.steps.at(-1)!.detail, /nobody has said under which the sender knows this runner\. Set `server\.publicUrl` in patchbay\.json/);
  assert.deepEqual((await runner.inbox.state()).addresses.map(({ trigger, url }) => [trigger, url]).filter(([, url]) => url !== undefined), [['twilio-example', 'https://mycompany.com/myapp.php'], ['hubspot-example', 'https://www.example.com/webhook_uri']]);
  assert.deepEqual((await runner.diagnostics()).map(({ path, severity }) => [path, severity]), ['twilio', 'hubspot-v3', 'square'].map((id) => [`/triggers/${id}/settings/signature`, 'warning']));
});

story('with one, signatures are checked and made over it, and it is what is shown', { publicUrl: 'https://hooks.example.com/pb/' }, async (send, runner) => {
  const base = 'https://hooks.example.com/pb';
  assert.equal((await send('/hooks/calls/twilio?x=1', twilioOf(`${base}/hooks/calls/twilio?x=1`))).status, 200);
  assert.equal((await send('/hooks/calls/twilio?x=1', twilioOf('http://127.0.0.1/hooks/calls/twilio?x=1'))).status, 401);
  const now = String(Date.now());
  assert.equal((await send('/hooks/calls/hubspot-v3', { 'content-type': 'text/plain', 'x-hubspot-request-timestamp': now, 'x-hubspot-signature-v3': mac('sha256', 'k', `POST${base}/hooks/calls/hubspot-v3a=1${now}`) })).status, 200);
  assert.equal((await send('/hooks/calls/square', { 'content-type': 'text/plain', 'x-square-hmacsha256-signature': mac('sha256', 'k', `${base}/hooks/calls/squarea=1`) })).status, 200);
  const { publicUrl, addresses } = await runner.inbox.state();
  assert.deepEqual([publicUrl, addresses.find(({ trigger }) => trigger === 'square')?.url], [base, `${base}/hooks/calls/square`]);
  assert.deepEqual((await runner.inbox.send('calls', 'twilio', { body: 'b=2', headers: form })).items.map(({ status }) => status), [200]);
  assert.deepEqual(await runner.diagnostics(), []);
});

story('that of the command line or the editor wins', { publicUrl: 'https://old.example.com' }, async (send) => {
  assert.equal((await send('/hooks/calls/twilio', twilioOf('https://new.example.com/hooks/calls/twilio'))).status, 200);
  assert.equal((await send('/hooks/calls/twilio', twilioOf('https://old.example.com/hooks/calls/twilio'))).status, 401);
}, 'https://new.example.com');

story('a tunnel may name the public host, for webhooks alone', { publicUrl: 'https://hooks.example.com' }, async (send) => {
  assert.equal((await send('/hooks/calls/twilio', { host: 'hooks.example.com', ...twilioOf('https://hooks.example.com/hooks/calls/twilio') })).status, 200);
  assert.equal((await send('/hooks/calls/twilio', { host: 'other.example.com', ...twilioOf('https://hooks.example.com/hooks/calls/twilio') })).status, 403);
  assert.equal((await send('/api/v1/flows', { host: 'hooks.example.com', authorization: 'Bearer tok' })).status, 403);
});

const forwarded = { 'x-forwarded-host': 'hooks.example.com', 'x-forwarded-proto': 'https' };
const seen = twilioOf('https://hooks.example.com/hooks/calls/twilio');

story('what a request says of its own address is not believed', undefined, async (send) => {
  assert.equal((await send('/hooks/calls/twilio', { ...forwarded, ...seen })).status, 401);
});

story('unless a proxy is trusted, which says it', { trustForwarded: true }, async (send) => {
  assert.equal((await send('/hooks/calls/twilio', { ...forwarded, ...seen })).status, 200);
  assert.equal((await send('/hooks/calls/twilio', { forwarded: 'for=192.0.2.1;host="hooks.example.com";proto=https, for=10.0.0.1', ...seen })).status, 200);
  assert.equal((await send('/hooks/calls/twilio', { 'x-forwarded-host': 'other.example.com', ...seen })).status, 401);
});

describe('public addresses', () => {
  const read = (text: string, expected: string | undefined): void => void test(JSON.stringify(text), () => assert.equal(readPublicUrl(text), expected));
  read('https://a.example/', 'https://a.example');
  read(' http://a.example:8080/x/ ', 'http://a.example:8080/x');
  for (const text of ['', 'a.example', 'ftp://a.example', 'https://', 'https://me:pw@a.example', 'https://a.example?x=1', 'https://a.example#x', 'https://a b.example']) read(text, undefined);
  const trusted = { trustsForwarded: true };
  const of = (headers: Readonly<Record<string, string>>): string | undefined => publicUrlOf({ url: '/hooks/f?x=1', headers }, trusted);
  test('forwarded ones that are none', () => assert.deepEqual([of({}), of({ 'x-forwarded-host': 'a b' }), of({ 'x-forwarded-host': 'a.example/x?' }), of({ 'x-forwarded-host': 'a.example', 'x-forwarded-proto': 'javascript' })], [undefined, undefined, undefined, undefined]));
  test('of several proxies the first', () => assert.equal(of({ 'x-forwarded-host': 'a.example, b.example', 'x-forwarded-proto': 'http, https' }), 'http://a.example/hooks/f'));
});
