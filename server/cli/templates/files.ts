import type { InstanceFile } from '../../model/instance.ts';
import type { ProtocolManifest } from '../../model/protocol.ts';
import { serialize } from '../../model/serialize.ts';
import { titleOf, type Template } from './template.ts';

const day: object = { type: 'string', title: 'Day', description: 'Part of the name of the file.' };

const login = (name: string): InstanceFile['credentials'] => ({ username: 'patchbay', password: { $secret: `${name}/password` } });

/** Connectors to files: some that come in and are taken away when they were read, and one that goes out. */
export const fileTemplates: Readonly<Record<string, Template>> = {
  sftp: fileTemplate('sftp', 'An SFTP server: files read, written, moved and listed', { host: 'sftp.example.com', hostKeys: ['SHA256:uNiVztksCsDhcc0u9e8BrcjSzRbgqUdB3hGqNj3bJ3o'], root: '/upload' }, login),
  ftp: fileTemplate('ftp', 'An FTP server with TLS, the same', { host: 'ftp.example.com', root: '/upload' }, login),
  s3: fileTemplate('s3', 'A bucket of S3 or of a store like it, the same', { bucket: 'shop-exchange', region: 'eu-west-2' }, (name) => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: { $secret: `${name}/secret` } })),
  'local-files': fileTemplate('local-files', 'A folder of the machine that runs the flows, the same', {}, () => ({})),
};

function fileTemplate(protocol: string, summary: string, settings: Readonly<Record<string, unknown>>, credentialsOf: (name: string) => InstanceFile['credentials']): Template {
  return {
    summary,
    files: (name) => {
      const manifest: ProtocolManifest = {
        version: 1,
        title: titleOf(name),
        summary: 'Says in one sentence whose files these are.',
        protocol,
        endpoints: {
          'orders.list': { title: 'List files of orders', entity: 'orders', direction: 'receive', call: 'list', with: { path: 'in', pattern: '*.csv' } },
          'orders.read': { title: 'Read orders', entity: 'orders', direction: 'receive', call: 'get', with: { path: 'in', pattern: '*.csv', after: 'move', moveTo: 'done' } },
          'stock.write': {
            title: 'Write the stock',
            entity: 'inventory',
            direction: 'send',
            call: 'put',
            with: { path: 'out/stock-{{ params.day }}.csv' },
            params: { day: { ...day, required: true } },
          },
        },
      };
      const instance: InstanceFile = { version: 1, title: titleOf(name), connector: name, settings, credentials: credentialsOf(name) };
      return { [`connectors/${name}.connector.json`]: serialize('connector', manifest), [`instances/${name}.instance.json`]: serialize('instance', instance) };
    },
  };
}
