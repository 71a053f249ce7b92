import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { eachDatabase, sqlWorld } from '../support/sql-world.ts';

const read = { read: { direction: 'receive', call: 'query', with: { statement: 'select 1 as a' } } } as const;

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { readonly port: number }).port;
}

eachDatabase('who listens at a port and is another kind of server is named', async (database) => {
  const kinds = { silent: createServer(() => undefined), closing: createServer((socket) => void socket.end()) };
  for (const [kind, server] of Object.entries(kinds)) {
    server.on('connection', (socket) => socket.on('error', () => undefined));
    try {
      const port = await listening(server);
      await using world = await sqlWorld(database, read, { settings: { host: '127.0.0.1', port, connectTimeoutMs: 300 } });
      const { error } = await world.call('read');
      assert.equal(error?.code, kind === 'silent' ? 'REMOTE_TIMEOUT' : 'REMOTE_UNREACHABLE', error?.message);
      assert.match(`${error?.message}`, new RegExp(`127\\.0\\.0\\.1:${port}: `));
      assert.match(`${error?.remedy}`, new RegExp(`whether it is .*${database.name} that listens`));
    } finally {
      server.close();
    }
  }
}, { without: { 'SQL Server': 'its messages have not been looked at' } });

eachDatabase('an authority that is not trusted is told with the setting, not with what Node would be started with', async (database) => {
  await using world = await sqlWorld(database, read, { settings: { tls: 'verify' } });
  const { error } = await world.call('read');
  assert.equal(error?.code, 'CONFIG_INVALID');
  assert.doesNotMatch(`${error?.message}`, /Node|--use/);
  assert.match(`${error?.remedy}`, /`authorities`/);
}, { without: { 'MariaDB': 'the server of the tests has no certificate', 'SQL Server': 'its messages have no hint of Node' } });
