import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { signHeaders, signQuery, type OptionsV4, type PartsV4, type SignedV4 } from '../../plugins/auth/aws/signature-v4.ts';

const suite = join(import.meta.dirname, '../../../shared/testing/suites/aws-sigv4/v4');

test('the suite of AWS Signature 4', { skip: !existsSync(suite) && `skipped: the suite is not at ${suite}` }, (context) => {
  const names = readdirSync(suite);
  assert.ok(names.length >= 38);
  for (const name of names) {
    const read = (file: string): string => readFileSync(join(suite, name, file), 'utf8').replaceAll('\r\n', '\n');
    const parts = requestOf(read('request.txt'));
    const options = optionsOf(read('context.json'));
    const compare = (kind: 'header' | 'query', signed: SignedV4): void => {
      const found = [signed.canonical, signed.toSign, signed.signature];
      // In the query the suite sorts by the escaped text, as we do.
      assert.deepEqual(found, ['canonical-request', 'string-to-sign', 'signature'].map((part) => read(`${kind}-${part}.txt`).trimEnd()), `${name}, in the ${kind}`);
      const carried = Object.values(kind === 'header' ? signed.headers : Object.fromEntries(signed.query));
      const sent = kind === 'header' ? read('header-signed-request.txt') : decodeURIComponent(read('query-signed-request.txt').split('\n', 1)[0]!);
      for (const value of carried) assert.ok(sent.includes(value), `${name}: ${value} is in the ${kind}`);
    };
    compare('header', signHeaders(parts, options));
    compare('query', signQuery(parts, options));
  }
  context.diagnostic(`${names.length} cases of the suite, each in the header and in the query`);
});

function requestOf(text: string): PartsV4 {
  const [head = '', body = ''] = text.split(/\n\n([^]*)/);
  const [first = '', ...lines] = head.replace(/\n[ \t]+/g, ' ').split('\n');
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(first.trimEnd()) ?? [];
  const [path = '', search = ''] = target.split(/\?(.*)/);
  const headers: Record<string, string> = {};
  for (const line of lines.filter(Boolean)) {
    const [name = '', value = ''] = line.split(/:(.*)/);
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value.trim() : `${headers[key]},${value.trim()}`;
  }
  const query = search.split('&').filter(Boolean).map((pair) => pair.split(/=(.*)/)).map(([name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)] as const);
  return { method, path, query, headers, body };
}

interface Context {
  readonly credentials: { readonly access_key_id: string; readonly secret_access_key: string; readonly token?: string };
  readonly expiration_in_seconds: number;
  readonly normalize: boolean;
  readonly region: string;
  readonly service: string;
  readonly sign_body: boolean;
  readonly timestamp: string;
  readonly omit_session_token?: boolean;
}

function optionsOf(text: string): OptionsV4 & { readonly expiresSeconds: number } {
  const { credentials, region, service, normalize, ...given } = JSON.parse(text) as Context;
  return {
    accessKeyId: credentials.access_key_id, secretAccessKey: credentials.secret_access_key, sessionToken: credentials.token, region, service, normalize,
    now: Date.parse(given.timestamp), signsBody: given.sign_body, omitsToken: given.omit_session_token === true, expiresSeconds: given.expiration_in_seconds,
  };
}
