import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import ftp from '../../plugins/connectors/ftp/ftp.ts';
import sftp from '../../plugins/connectors/sftp/sftp.ts';
import type { Plugin } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { manifestOf } from '../../server/model/protocol.ts';
import { brokerUser, skipWithout, startBroker, type BrokerKind } from './brokers.ts';
import { authority } from './certificates.ts';
import { call, type Call, type Called } from './connector-host.ts';
import { protocolHost } from './protocol-host.ts';

/** An instance of a connector to files. */
export interface FileWorld extends AsyncDisposable {
  call(endpoint: string, params?: object, options?: Call): Promise<Called>;
  /** The folder of the instance on this machine. */
  readonly folder: string;
}

export type Json = Readonly<Record<string, unknown>>;

export function fileWorld(plugin: Plugin, settings: Json, credentials: Json, folder: string, end: () => Promise<void>): FileWorld {
  const host = protocolHost({ plugin, settings, credentials, endpoints: manifestOf(plugin as never).endpoints as never });
  return {
    folder,
    call: (endpoint, params = {}, options = {}) => call(host, { endpoint, params, ...options }),
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await end();
    },
  };
}

/** A server of files, with an instance of its own. */
interface FileCase {
  readonly name: string;
  readonly server: BrokerKind;
  open(server: { readonly folder: string; readonly port: number }): Promise<{ readonly plugin: Plugin; readonly settings: Json; readonly credentials: Json; readonly folder: string }>;
}

export const openssh: FileCase = {
  name: 'SFTP of OpenSSH', server: 'sshd',
  open: async ({ folder, port }) => ({
    plugin: sftp as unknown as Plugin, folder: join(folder, 'root'),
    settings: { host: '127.0.0.1', port, root: join(folder, 'root'), hostKeys: [await hostKeyOf(folder)] }, credentials: { username: userInfo().username, privateKey: await readFile(join(folder, 'user'), 'utf8'), passphrase: brokerUser.password },
  }),
};

/** The public key of a server, as a line. */
export const hostKeyOf = async (folder: string): Promise<string> => (await readFile(join(folder, 'host.pub'), 'utf8')).trim();

/** It lets anybody in, into a folder that only the one below can be written into. */
const vsftpd = (tls: 'off' | 'explicit', server: BrokerKind = 'vsftpd'): FileCase => ({
  name: tls === 'off' ? 'FTP of vsftpd' : 'FTPS of vsftpd', server,
  open: async ({ folder, port }) => ({
    plugin: ftp as unknown as Plugin, folder: join(folder, 'root/box'), settings: { host: '127.0.0.1', port, tls, root: '/box' }, credentials: { authorities: authority },
  }),
});

export const ftps = vsftpd('explicit');
export const ftpPlain = vsftpd('off', 'vsftpd-plain');
export const ftpTlsOnly = vsftpd('explicit', 'vsftpd-tls-only');

export const fileCases: readonly FileCase[] = [openssh, vsftpd('off'), ftps];

/** One test for each server that is there. `given`: instead of what the settings are. */
export function eachFileServer(title: string, work: (world: FileWorld, name: string) => Promise<void>): void {
  describe(title, () => {
    for (const one of fileCases) test(one.name, { skip: skipWithout(one.server) }, async () => withFileServer(one, work));
  });
}

export async function withFileServer(one: FileCase, work: (world: FileWorld, name: string) => Promise<void>, settings: Json = {}, credentials: Json = {}): Promise<void> {
  await using server = await startBroker(one.server);
  const opened = await one.open(server);
  await using world = fileWorld(opened.plugin, { ...opened.settings, ...settings }, { ...opened.credentials, ...credentials }, opened.folder, async () => undefined);
  await work(world, one.name);
}

export const text = (body: string, mediaType = 'text/plain'): Call => ({ payload: createPayload({ id: 'p', body, mediaType }) });

export const pathsOf = ({ bodies }: Called): string[] => (bodies.flat() as { path: string }[]).map(({ path }) => path);
