import { defineConnector } from '../../sdk/index.ts';
import type { FileClient } from '../files/client.ts';
import { fileEndpoints } from '../files/endpoints.ts';
import { treeClient } from '../files/tree.ts';
import { openFolder } from './folder.ts';

export default defineConnector<FileClient>()({
  type: 'local-files',
  aliases: ['file'],
  title: 'Local files',
  summary: 'Files in a folder of the machine that runs the flows.',
  description: [
    'No path leaves the folder: neither by `..`, nor by a slash at its beginning, nor by a link that leads out. Whoever else may write into the folder should be trusted all the same, since links can be made between a check and its use.',
    'Steps that run at the same time and append to the same file write over each other.',
  ].join('\n\n'),
  icon: 'folder',
  settings: {
    type: 'object',
    properties: {
      root: { type: 'string', minLength: 1, default: 'files', title: 'Folder', description: 'Below the workspace, or an absolute path. It is made where something is written.' },
    },
    additionalProperties: false,
  },
  credentials: { type: 'object', properties: {}, additionalProperties: false },
  examples: [{ title: 'The folder "files" of the workspace', settings: {} }, { title: 'A folder elsewhere', settings: { root: '/srv/exchange' } }],
  isShared: true,
  address: ({ root }) => `file:///${encodeURI(root.replaceAll('\\', '/')).replace(/^\/+/, '')}`,
  async connect({ root }, _credentials, { folder }) {
    return { client: treeClient(await openFolder(root, folder)), close: async () => undefined };
  },
  async check(client, signal) {
    for await (const _page of client.walk({ folder: '', isRecursive: false, pageSize: 1 }, { signal })) return;
  },
  endpoints: fileEndpoints({ canAppend: true }),
});
