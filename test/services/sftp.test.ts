import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import ssh2 from 'ssh2';
import sftp from '../../plugins/connectors/sftp/sftp.ts';
import type { Plugin } from '../../plugins/sdk/index.ts';
import { brokerUser, skipWithout } from '../support/brokers.ts';
import { fileWorld, openssh, withFileServer, type Json } from '../support/file-worlds.ts';

const other = 'SHA256:uNiVztksCsDhcc0u9e8BrcjSzRbgqUdB3hGqNj3bJ3o';

describe('logins to OpenSSH', { skip: skipWithout('sshd') }, () => {
  const check = (title: string, settings: Json, credentials: Json, code: string | undefined, message = /./): void => void test(title, () => withFileServer(openssh, async ({ call }) => {
    const { error } = await call('list');
    assert.equal(error?.code, code, error?.message);
    if (error) assert.match(error.message, message);
  }, settings, credentials));
  check('with a key that a passphrase opens', {}, {}, undefined);
  check('a server whose key is not known yet is told of, and not used', { hostKeys: [] }, {}, 'CONFIG_INVALID', /has shown SHA256:[\w+/]{43}\.$/);
  check('a server whose key was changed is refused', { hostKeys: [other] }, {}, 'AUTH_REJECTED', /has shown a key that the instance does not name/);
  check('a user whom the server does not know', {}, { username: 'nobody-here' }, 'AUTH_REJECTED');
  check('a passphrase that does not fit', {}, { passphrase: 'wrong' }, 'CONFIG_INVALID');
  check('a folder that is not there', { root: '/nowhere/at/all' }, {}, 'CONFIG_INVALID', /^The server has no folder "\/nowhere\/at\/all", which is the "root" of the instance\.$/);
  check('a folder that is not there, in one that is', { root: '/tmp/nowhere-at-all' }, {}, 'CONFIG_INVALID', /^The server has no folder "\/tmp\/nowhere-at-all", which is the "root"/);
  check('a folder that is a file', { root: '/etc/passwd' }, {}, 'CONFIG_INVALID', /^The server has no folder "\/etc\/passwd", which is the "root"/);
  check('a port where nobody listens', { port: 1 }, {}, 'REMOTE_UNREACHABLE');
});

/** A server that asks for a password, in one way or another, and counts what it was told. */
async function passwordServer(method: 'password' | 'keyboard-interactive') {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'pkcs1', format: 'pem' } });
  const told: string[] = [];
  const server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      const judge = (given: string): void => {
        told.push(given);
        if (given === brokerUser.password) context.accept();
        else context.reject();
      };
      if (context.method === 'password' && method === 'password') judge(context.password);
      else if (context.method === 'keyboard-interactive' && method === 'keyboard-interactive') context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => judge(answers[0] ?? ''));
      else context.reject([method]);
    });
    client.on('ready', () => client.on('session', (accept) => void accept().on('sftp', (begin) => {
      const session = begin();
      session.on('REALPATH', (id, path) => session.name(id, [{ filename: path, longname: path, attrs: {} as never }]));
      session.on('OPENDIR', (id) => session.status(id, 2));
    })));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { port: (server.address() as AddressInfo).port, told, close: () => new Promise<void>((resolve) => { server.close(() => resolve()); }) };
}

for (const method of ['password', 'keyboard-interactive'] as const) {
  test(`a login by ${method}; the password is told to no server whose key is not known`, async () => {
    const server = await passwordServer(method);
    const open = (settings: Json, credentials: Json) => fileWorld(sftp as unknown as Plugin, { host: '127.0.0.1', port: server.port, ...settings }, { username: 'u', ...credentials }, '', async () => undefined);
    try {
      await using stranger = open({}, { password: brokerUser.password });
      const { error } = await stranger.call('list');
      const [shown = ''] = /SHA256:[\w+/]{43}/.exec(error?.message ?? '') ?? [];
      await using changed = open({ hostKeys: [other] }, { password: brokerUser.password });
      assert.deepEqual([(await changed.call('list')).error?.code, server.told], ['AUTH_REJECTED', []]);
      await using wrong = open({ hostKeys: [shown] }, { password: 'wrong' });
      assert.equal((await wrong.call('list')).error?.code, 'AUTH_REJECTED');
      await using right = open({ hostKeys: [other, shown] }, { password: brokerUser.password });
      assert.equal((await right.call('list')).error?.code, 'REMOTE_REJECTED', 'it is in, and there is no such folder');
      assert.deepEqual([server.told.includes('wrong'), server.told.at(-1)], [true, brokerUser.password]);
    } finally {
      await server.close();
    }
  });
}
