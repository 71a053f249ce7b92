import { defineConnector } from '../../sdk/index.ts';
import { hostOf } from '../broker/connection.ts';
import type { FileClient } from '../files/client.ts';
import { fileEndpoints } from '../files/endpoints.ts';
import { treeClient } from '../files/tree.ts';
import { connectSftp } from './connection.ts';
import { openRemote } from './remote.ts';

export default defineConnector<FileClient>()({
  type: 'sftp',
  title: 'SFTP',
  summary: 'Files of a server that is reached by SSH.',
  description: [
    'The server has to show a key that the instance names (`hostKeys`); nothing is sent to another. Where none is named yet, the error says which key the server has shown: compare it with what its operator tells you, and write it down.',
    'No path leaves the folder of the instance by `..` or by a slash at its beginning. Links on the server are its own matter: a user who may not see other folders should be kept in his own there, too (`ChrootDirectory`).',
    'A file that is there is replaced in one step where the server can do that (`posix-rename@openssh.com`, as OpenSSH can); by others it is deleted first.',
  ].join('\n\n'),
  icon: 'server',
  settings: {
    type: 'object',
    properties: {
      host: { type: 'string', minLength: 1, title: 'Host', description: 'Name or address of the server.' },
      port: { type: 'integer', minimum: 1, maximum: 65_535, default: 22, title: 'Port', description: 'Port of the server.' },
      hostKeys: {
        type: 'array', items: { type: 'string', pattern: '^(SHA256:[A-Za-z0-9+/]{43}=?|(ssh|ecdsa|sk)-\\S+ [A-Za-z0-9+/]+=*( .*)?)$' }, title: 'Keys of the server',
        description: 'Fingerprints as `ssh-keygen -lf` prints them (`SHA256:…`), or public keys (`ssh-ed25519 AAAA…`). Several while a key is being changed.',
      },
      root: { type: 'string', minLength: 1, default: '.', title: 'Folder', description: 'All paths are below it. Absolute, or below the folder in which the login begins.' },
    },
    required: ['host'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      username: { type: 'string', minLength: 1, title: 'User', description: 'Name of the user.' },
      password: { type: 'string', writeOnly: true, title: 'Password', description: 'Password of the user.' },
      privateKey: { type: 'string', writeOnly: true, title: 'Private key', description: 'In the format of OpenSSH or PEM.' },
      passphrase: { type: 'string', writeOnly: true, title: 'Passphrase', description: 'Opens the private key.' },
    },
    required: ['username'],
    additionalProperties: false,
  },
  examples: [{ title: 'A server with a known key', settings: { host: 'sftp.example.com', hostKeys: ['SHA256:uNiVztksCsDhcc0u9e8BrcjSzRbgqUdB3hGqNj3bJ3o'], root: '/upload' } }],
  address: ({ host, port, root }) => `sftp://${hostOf(host)}:${port}/${root === '.' ? '' : encodeURI(root).replace(/^\/+/, '')}`,
  async connect(settings, credentials, { signal }) {
    const connection = await connectSftp(settings, credentials, signal);
    return { ...connection, client: treeClient(openRemote(connection.client)) };
  },
  check: async (client, signal) => void (await client.find('', signal)),
  endpoints: fileEndpoints({ canAppend: true }),
});
