import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import s3 from '../plugins/connectors/s3/s3.ts';
import { readListing } from '../plugins/connectors/s3/listing.ts';
import { originOf } from '../plugins/connectors/s3/requests.ts';
import type { Payload, Plugin } from '../plugins/sdk/index.ts';
import { streamPayload } from '../server/engine/payload.ts';
import type { Called } from './support/connector-host.ts';
import { fileWorld, pathsOf, text, type FileWorld, type Json } from './support/file-worlds.ts';
import { startS3 } from './support/s3-server.ts';

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const open = (endpoint: string, settings: Json = {}, given: Json = credentials): FileWorld => fileWorld(s3 as unknown as Plugin, { bucket: 'feeds', endpoint, pathStyle: true, ...settings }, given, '', async () => undefined);

const ok = (called: Called): Called => {
  assert.equal(called.error, undefined, called.error?.message);
  return called;
};

describe('a store of S3', () => {
  const story = (title: string, work: (world: FileWorld, endpoint: string) => Promise<void>, settings: Json = {}): void => void test(title, async () => {
    await using server = await startS3();
    await using world = open(server.endpoint, settings);
    await work(world, server.endpoint);
  });

  story('objects are written, listed, read, moved and deleted', async ({ call }, endpoint) => {
    ok(await call('put', { path: 'a/b.csv' }, text('sku\nÄ\n', 'text/csv')));
    ok(await call('put', { path: 'a/c/d.json' }, { body: [1] }));
    await using outer = open(endpoint);
    assert.deepEqual(pathsOf(ok(await outer.call('list', { recursive: true }))), ['root/a/b.csv', 'root/a/c/d.json']);
    assert.deepEqual(pathsOf(ok(await call('list', { path: 'a' }))), ['a/b.csv']);
    assert.deepEqual(pathsOf(ok(await call('list', { path: 'a', type: 'folders' }))), ['a/c/']);
    assert.deepEqual(pathsOf(ok(await call('list', { pattern: '**/*.json' }))), ['a/c/d.json']);
    const [got] = ok(await call('get', { path: 'a/b.csv' })).payloads;
    const { 'file.modifiedAt': modifiedAt, ...meta } = got!.meta;
    assert.deepEqual([await got!.text(), got!.mediaType, meta, Number.isNaN(Date.parse(modifiedAt!))], ['sku\nÄ\n', 'text/csv', { 'file.name': 'b.csv', 'file.path': 'a/b.csv', 'file.size': '7' }, false]);
    assert.equal((await call('put', { path: 'a/b.csv', ifExists: 'refuse' }, text('x'))).error?.code, 'REMOTE_REJECTED');
    assert.equal((ok(await call('put', { path: 'a/b.csv', ifExists: 'skip' }, text('x'))).bodies[0] as { written: boolean }).written, false);
    ok(await call('move', { from: 'a/b.csv', to: 'done/it’s (1).csv' }));
    assert.equal(await ok(await call('get', { path: 'done/it’s (1).csv', after: 'move', moveTo: 'read' })).payloads[0]!.text(), 'sku\nÄ\n');
    assert.deepEqual(ok(await call('delete', { path: 'read/it’s (1).csv' })).bodies, [{ path: 'read/it’s (1).csv', deleted: true }]);
    assert.equal((ok(await call('exists', { path: 'read/it’s (1).csv' })).bodies[0] as { exists: boolean }).exists, false);
    assert.equal((await call('get', { path: 'gone' })).error?.code, 'REMOTE_REJECTED');
    assert.deepEqual(ok(await call('get', { path: 'gone', ifMissing: 'nothing' })).bodies, []);
    assert.deepEqual(ok(await call('list', { path: 'nothing' })).bodies, []);
    for (const path of ['../x', 'a/./b', 'a/..']) assert.equal((await call('get', { path })).error?.code, 'DATA_INVALID', path);
  }, { root: 'root/' });

  story('1,234 keys in pages, each once, also after a stop in the middle', async ({ call }) => {
    const names = Array.from({ length: 1_234 }, (_, index) => `in/${String(index).padStart(4, '0')}.txt`);
    for (let at = 0; at < names.length; at += 50) await Promise.all(names.slice(at, at + 50).map(async (path) => ok(await call('put', { path }, text(path)))));
    const listed = ok(await call('list', { path: 'in', pageSize: 500 }));
    assert.deepEqual([listed.bodies.map((page) => (page as unknown[]).length), pathsOf(listed)], [[500, 500, 234], names]);
    assert.deepEqual(listed.checkpoint, { after: names.at(-1) });
    assert.deepEqual(pathsOf(ok(await call('list', { path: 'in', pageSize: 500 }, { resumed: { after: names[999] } }))), names.slice(1_000));
    const rest = ok(await call('get', { path: 'in', pattern: '*.txt' }, { resumed: { after: names[1_199] } }));
    assert.deepEqual(await Promise.all(rest.payloads.map((payload) => payload.text())), names.slice(1_200));
  });

  story('odd keys go there and back', async ({ call }) => {
    const names = ['a b+c.csv', 'ü#1?.csv', "it's (1)!*.csv", 'per%20cent.csv', '日本.csv', 'a=b&c.csv', '[x]{y}.csv', 'a:b;c,d@e$f', '😀', '~x', 'q"uote<>&amp;', 'x%2fy', '%', '+'];
    for (const name of names) ok(await call('put', { path: `in/${name}` }, text(name)));
    const listed = pathsOf(ok(await call('list', { path: 'in' })));
    assert.deepEqual(new Set(listed), new Set(names.map((name) => `in/${name}`)));
    for (const path of listed) assert.equal(await ok(await call('get', { path })).payloads[0]!.text(), path.slice(3));
    for (const path of listed) ok(await call('delete', { path }));
    assert.deepEqual(ok(await call('list', { path: 'in' })).bodies, []);
  });

  story('a long object is sent in parts', async ({ call }) => {
    const chunk = new Uint8Array(2 ** 20 + 1).fill(97);
    const stream = (count: number): Payload => streamPayload({ id: 'p', mediaType: 'text/plain', size: -1, async *open() { for (let at = 0; at < count; at++) yield chunk; } });
    ok(await call('put', { path: 'big.txt' }, { payload: stream(40) }));
    const [bytes] = ok(await call('get', { path: 'big.txt' })).bodies as readonly Uint8Array[];
    assert.deepEqual([bytes!.length, bytes!.every((byte) => byte === 97)], [40 * (2 ** 20 + 1), true]);
  });

  story('what the store refuses is told', async (_world, endpoint) => {
    const codeOf = async (settings: Json, given: Json = credentials): Promise<string | undefined> => {
      await using world = open(endpoint, settings, given);
      return (await world.call('list')).error?.code;
    };
    assert.equal(await codeOf({ bucket: 'other' }), 'CONFIG_INVALID');
    assert.equal(await codeOf({}, { ...credentials, accessKeyId: 'wrong' }), 'AUTH_REJECTED');
    assert.equal(await codeOf({}, { ...credentials, secretAccessKey: 'wrong' }), 'AUTH_REJECTED');
  });
});

interface Seen {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

async function fake(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void, work: (endpoint: string, seen: readonly Seen[]) => Promise<void>): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => answer(request, response, seen.push({ path: request.url!, headers: request.headers })));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
  }
}

test('a store that is busy or drops the connection is asked again', () => fake((request, response, count) => {
  if (count === 1) response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
  else if (count === 2) request.socket.destroy();
  else response.writeHead(200).end('there');
}, async (endpoint, seen) => {
  await using world = open(endpoint, {}, { ...credentials, sessionToken: 'token' });
  assert.equal(await ok(await world.call('get', { path: 'a//b' })).payloads[0]!.text(), 'there');
  assert.deepEqual([seen.map(({ path }) => path), seen[2]!.headers['x-amz-security-token']], [['/feeds/a//b', '/feeds/a//b', '/feeds/a//b'], 'token']);
}));

/** A store that does what it is asked, and says of the first deletion that it is busy. */
async function forgetful(keys: readonly string[], work: (world: FileWorld, kept: ReadonlySet<string>) => Promise<void>): Promise<void> {
  const kept = new Set(keys);
  let deletions = 0;
  await fake(({ method, url, headers }, response) => {
    const key = url!.slice('/feeds/'.length);
    const source = String(headers['x-amz-copy-source'] ?? '').slice('/feeds/'.length);
    const isThere = kept.has(source || key);
    if (method === 'PUT' && isThere) kept.add(key);
    if (method !== 'DELETE') return void response.writeHead(isThere ? 200 : 404).end();
    kept.delete(key);
    response.writeHead(deletions++ === 0 ? 503 : 204).end();
  }, async (endpoint) => {
    await using world = open(endpoint);
    await work(world, kept);
  });
}

test('what was deleted or moved, though the answer was lost, is done', async () => {
  await forgetful(['a'], async ({ call }) => assert.deepEqual(ok(await call('delete', { path: 'a', ifMissing: 'fail' })).bodies, [{ path: 'a', deleted: true }]));
  await forgetful([], async ({ call }) => assert.equal((await call('delete', { path: 'a', ifMissing: 'fail' })).error?.code, 'REMOTE_REJECTED'));
  await forgetful(['a'], async ({ call }, kept) => {
    ok(await call('move', { from: 'a', to: 'b', ifExists: 'refuse' }));
    assert.deepEqual([...kept], ['b']);
  });
  await forgetful(['b'], async ({ call }) => assert.equal((await call('move', { from: 'a', to: 'b' })).error?.code, 'REMOTE_REJECTED'));
  await forgetful(['a', 'b'], async ({ call }) => assert.equal((await call('move', { from: 'a', to: 'b', ifExists: 'refuse' })).error?.code, 'REMOTE_REJECTED'));
});

test('a store that stays busy is given up', () => fake((_request, response) => void response.writeHead(500).end(), async (endpoint, seen) => {
  await using world = open(endpoint);
  assert.deepEqual([(await world.call('exists', { path: 'a' })).error?.code, seen.length], ['REMOTE_STATUS', 6]);
}));

test('a bucket of another region is told with its name', () => fake((_request, response) => void response.writeHead(400).end('<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-2</Region></Error>'), async (endpoint) => {
  await using world = open(endpoint);
  const { error } = await world.call('list');
  assert.deepEqual([error?.code, error?.message], ['CONFIG_INVALID', 'The bucket "feeds" is not in the region "us-east-1", but in "eu-west-2".']);
}));

test('what is no store is told', () => fake((_request, response) => void response.end('<html></html>'), async (endpoint) => {
  await using world = open(endpoint);
  assert.equal((await world.call('list')).error?.code, 'REMOTE_FORMAT');
}));

test('where a bucket is', () => {
  const settings = { bucket: 'b', region: 'eu-west-2', pathStyle: false, root: '' };
  assert.deepEqual([originOf(settings), originOf({ ...settings, pathStyle: true }), originOf({ ...settings, endpoint: 'https://s.test:9000/' }), originOf({ ...settings, endpoint: 'https://s.test:9000/', pathStyle: true })], ['https://b.s3.eu-west-2.amazonaws.com', 'https://s3.eu-west-2.amazonaws.com', 'https://b.s.test:9000', 'https://s.test:9000']);
});

test('a listing is read as it stands', async () => {
  assert.deepEqual(await readListing(new TextEncoder().encode('<ListBucketResult></ListBucketResult>')), { objects: [], folders: [] });
  const page = await readListing(new TextEncoder().encode('<?xml version="1.0"?><ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a b+/=</NextContinuationToken><EncodingType>url</EncodingType><Contents><Key>a+b%2Bc%26</Key><Size>007</Size><ETag>&quot;x&quot;</ETag></Contents><CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes></ListBucketResult>'));
  assert.deepEqual(page, { objects: [{ key: 'a b+c&', size: 7, modifiedAt: '' }], folders: ['d/'], next: 'a b+/=' });
  assert.deepEqual((await readListing(new TextEncoder().encode('<ListBucketResult><Contents><Key> 1&amp;2 </Key></Contents></ListBucketResult>'))).objects[0]!.key, ' 1&2 ');
});
