import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { checkSignatures } from './s3-signatures.ts';

/** A store that speaks S3, as a process of its own, with the bucket `feeds`; its keys are both `S3RVER`, and signatures are checked. */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
}

export async function startS3(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-s3-'));
  const port = await freePort();
  // It makes its continuation tokens with a cipher that OpenSSL counts among its old ones.
  const child = spawn(process.execPath, ['--openssl-legacy-provider', fileURLToPath(import.meta.resolve('s3rver/bin/s3rver.js')), '-d', folder, '-a', '127.0.0.1', '-p', String(port), '--configure-bucket', 'feeds', '--no-vhost-buckets'], { stdio: 'ignore' });
  const gate = await checkSignatures(port);
  const server: S3Server = {
    endpoint: `http://127.0.0.1:${gate.port}`,
    async [Symbol.asyncDispose]() {
      await gate.close();
      const ended = new Promise((resolve) => { child.once('exit', resolve); });
      if (child.exitCode === null && child.kill('SIGKILL')) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
  for (let tries = 0; !(await isOpen(port)); tries++) {
    if (tries > 600 || child.exitCode !== null) {
      await server[Symbol.asyncDispose]();
      throw new Error('The S3 server did not start.');
    }
    await sleep(100);
  }
  return server;
}

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
});

const isOpen = (port: number): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined)).on('error', () => resolve(false));
});
