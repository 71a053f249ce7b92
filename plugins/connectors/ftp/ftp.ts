import { defineConnector } from '../../sdk/index.ts';
import { hostOf } from '../broker/connection.ts';
import type { FileClient } from '../files/client.ts';
import { fileEndpoints } from '../files/endpoints.ts';
import { treeClient } from '../files/tree.ts';
import { connectFtp } from './connection.ts';
import { openServer } from './server.ts';

export default defineConnector<FileClient>()({
  type: 'ftp',
  aliases: ['ftps'],
  title: 'FTP and FTPS',
  summary: 'Files of a server that speaks FTP, with or without TLS.',
  description: [
    'With TLS, which is the default, commands and files are encrypted and the certificate of the server is checked. Without it, everybody on the way can read the password and the files.',
    'No path leaves the folder of the instance by `..`, by a slash at its beginning or by a line end. Files are moved in binary mode, and only passive connections are made, to the host of the instance.',
    'Servers without `MLSD` do not say to the second when a file of a list was changed: then the list has null, and reading the file tells the time. Where a server does not replace a file by renaming, the old one is deleted first.',
    'What an attempt that was cut off has appended cannot be taken back: the next attempt then fails instead of appending twice.',
  ].join('\n\n'),
  icon: 'server',
  settings: {
    type: 'object',
    properties: {
      host: { type: 'string', minLength: 1, title: 'Host', description: 'Name or address of the server.' },
      port: { type: 'integer', minimum: 1, maximum: 65_535, title: 'Port', description: 'Default 21, with implicit TLS 990.' },
      tls: { enum: ['explicit', 'implicit', 'off'], default: 'explicit', title: 'TLS', description: 'How the connection is encrypted.', enumDescriptions: ['It begins in clear text and is encrypted before the login (`AUTH TLS`).', 'It is encrypted from the beginning.', 'It is not.'] },
      serverName: { type: 'string', minLength: 1, title: 'Server name', description: 'Name that the certificate is for, where that is not the host.' },
      root: { type: 'string', minLength: 1, default: '.', pattern: '^[^\\r\\n]*$', title: 'Folder', description: 'All paths are below it. Absolute, or below the folder in which the login begins.' },
    },
    required: ['host'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      username: { type: 'string', pattern: '^[^\\r\\n]*$', default: 'anonymous', title: 'User', description: 'Name of the user.' },
      password: { type: 'string', pattern: '^[^\\r\\n]*$', default: '', writeOnly: true, title: 'Password', description: 'Password of the user.' },
      authorities: { type: 'string', title: 'Authorities', description: 'PEM of the authorities to trust instead of the usual ones.' },
    },
    additionalProperties: false,
  },
  examples: [{ title: 'A server with TLS', settings: { host: 'ftp.example.com', root: '/orders' } }],
  address: ({ host, port, tls, root }) => `${tls === 'off' ? 'ftp' : 'ftps'}://${hostOf(host)}:${port ?? (tls === 'implicit' ? 990 : 21)}/${root === '.' ? '' : encodeURI(root).replace(/^\/+/, '')}`,
  async connect(settings, credentials, { signal }) {
    const connection = await connectFtp(settings, credentials, signal);
    return { ...connection, client: treeClient(openServer(connection.client)) };
  },
  check: async (client, signal) => void (await client.find('', signal)),
  endpoints: fileEndpoints({ canAppend: true }),
});
