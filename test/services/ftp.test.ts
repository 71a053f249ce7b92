import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { skipWithout } from '../support/brokers.ts';
import { ftpPlain, ftps, ftpTlsOnly, text, withFileServer, type Json } from '../support/file-worlds.ts';

describe('logins to vsftpd', { skip: skipWithout('vsftpd') }, () => {
  const check = (title: string, settings: Json, credentials: Json, code: string | undefined, message = /./, server = ftps): void => void test(title, () => withFileServer(server, async ({ call }) => {
    const { error } = await call('list');
    assert.equal(error?.code, code, error?.message);
    if (error) assert.match(`${error.message} ${error.remedy}`, message);
  }, settings, credentials));
  check('with TLS', {}, {}, undefined);
  check('a certificate that nobody is trusted for', {}, { authorities: undefined }, 'REMOTE_UNREACHABLE');
  check('a certificate of another name', { serverName: 'other.test' }, {}, 'REMOTE_UNREACHABLE');
  check('implicit TLS where the server has none', { tls: 'implicit' }, {}, 'REMOTE_UNREACHABLE');
  check('a user whom the server does not let in', {}, { username: 'somebody', password: 'x' }, 'AUTH_REJECTED');
  check('a folder that is not there', { root: '/nowhere' }, {}, 'CONFIG_INVALID', /^The server has no folder "\/nowhere", which is the "root" of the instance\. /);
  check('TLS where the server has none', { tls: 'explicit' }, {}, 'CONFIG_INVALID', /^ftps:\/\/127\.0\.0\.1:\d+ has no TLS to change to \(`AUTH TLS`\): 530 .*\. Set `tls` of the instance to `implicit` .*, or to `off` .*\.$/, ftpPlain);
  check('no TLS where the server wants it', { tls: 'off' }, {}, 'CONFIG_INVALID', /^ftp:\/\/127\.0\.0\.1:\d+ wants TLS: 530 .*encryption\. Set `tls` of the instance to `explicit`\.$/, ftpTlsOnly);
  check('TLS where the server wants it', { tls: 'explicit' }, {}, undefined, /./, ftpTlsOnly);
  check('a port where nobody listens', { port: 1 }, {}, 'REMOTE_UNREACHABLE');

  test('what is appended again after a lost answer is there once; after a cut it is refused', () => withFileServer(ftps, async ({ call }) => {
    for (const line of ['1\n', '2\n']) assert.equal((await call('put', { path: 'log.txt', ifExists: 'append' }, text(line))).error, undefined);
    assert.equal((await call('put', { path: 'log.txt', ifExists: 'append' }, { ...text('2\n'), resumed: { at: 2 } })).error, undefined);
    assert.equal((await call('put', { path: 'log.txt', ifExists: 'append' }, { ...text('345\n'), resumed: { at: 2 } })).error?.code, 'REMOTE_REJECTED');
    assert.equal(await (await call('get', { path: 'log.txt' })).payloads[0]!.text(), '1\n2\n');
  }));
});
