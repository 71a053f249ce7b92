import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runFake } from '../../test/support/fake-terminal.ts';
import { openRunner } from '../runner/runner.ts';

// The command, on a copy of the sample: its webhook is signed, and answers with the order as the ERP would get it.

const sample = join(import.meta.dirname, '../../samples/brook-and-co');
const root = mkdtempSync(join(tmpdir(), 'patchbay-inbox-cli-'));
cpSync(sample, root, { recursive: true, filter: (path) => !path.includes('.patchbay') && !path.endsWith('mocks') });
after(() => rmSync(root, { recursive: true, force: true }));

async function check(line: string, expected: { readonly code?: number; readonly out?: RegExp; readonly said?: RegExp }): Promise<string> {
  const { code, out, said } = await runFake([...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!), { folder: root, open: (options) => openRunner({ ...options, editorSecrets: new Map([['shop/webhook', 'brook-webhook-secret']]) }) });
  assert.equal(code, expected.code ?? 0, `${line}\n${said}${out}`);
  assert.match(out, expected.out ?? /^/);
  assert.match(said, expected.said ?? /^/);
  return out;
}

test('a signed request is made, shown step by step, copied, and sent once more', async () => {
  await check('inbox', { said: /^No request has come\.\n$/ });
  await check('inbox send order-webhook/shop --body fixtures/order.json --delivery d1', { out: /^answer +request +run +body\n +200 +1 +\S+ +\{"reference":"WEB-100001"/ });
  await check('inbox list', { out: /^request[^\n]*\n1 \* +\S+Z +order-webhook\/shop +POST +\d+ +right +200 +\S+ success\n$/ });
  const shown = await check('inbox show 1', { out: /ok {3}signature: Found in the header x-brook-hmac-sha256\.\n {7}read from: the header x-brook-hmac-sha256\n[\s\S]*ok {3}digest: The signature is right\.\n {7}method: HMAC-SHA256\n {7}signed: <body, \d+ bytes>\n {7}expected with shop\/webhook: .{6}…\n {7}got: .{6}…\n {7}secret: shop\/webhook\n/ });
  assert.match(shown, /\n {2}"id": 100001,\n/);
  await check('inbox show 1 --curl', { out: /^curl -X POST 'http:\/\/127\.0\.0\.1:PORT\/hooks\/order-webhook\/shop' \\\n[\s\S]*-H 'x-brook-delivery: d1'/ });
  assert.match(shown, /"email": "\[redacted\]"/);
  await check('inbox show 1 --curl', { said: /^What is masked in it is sent as its mask, so that a signature does not fit; `patchbay inbox replay 1` sends it as it came\.\n$/ });
  await check('inbox list --unread', { said: /No request has come/ });
  await check('inbox replay 1 --times 2 --same-delivery --json', { out: /^\{"items":\[\{"status":\d+[\s\S]*\}\]\}\n$/, code: 0 });
  await check('inbox list', { out: /^request[^\n]*\n3 \*[^\n]*right, again 1[^\n]*\n2 \*/ });
});

test('what is wrong is said', async () => {
  await check('inbox send order-webhook/shop --body fixtures/order.json --no-sign', { code: 1, out: /401/ });
  await check('inbox show 4', { out: /FAIL signature: There is no signature: the header x-brook-hmac-sha256 is missing\./ });
  await check('inbox replay 4', { code: 1, out: /401/, said: /^It was sent with the signature it came with; --sign signs it anew\.\n$/ });
  await check('inbox replay 4 --sign', { out: /\n +200 +6 / });
  await check('inbox replay 1 --same-delivery', { said: /^It is the same delivery as request 1, so that no other run starts\.\n$/ });
  await check('inbox send nowhere/x', { code: 3, said: /^error CONFIG_NOT_FOUND: There is no webhook that is on at \/hooks\/nowhere\/x/ });
  await check('inbox show 99', { code: 1, said: /^error API_NOT_FOUND: There is no request 99 in the inbox\./ });
  await check('inbox replay 1 --header nonsense', { code: 2, said: /no header: write "Name: value"/ });
});
