import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { authority, serverCertificate } from './certificates.ts';

/** A broker as a process of its own, on loopback, with its data in a temporary folder. */
export interface Broker extends AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  /** Ends it without a warning; what it had on the disk stays. */
  kill(): Promise<void>;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>;
}

interface Kind {
  /** The program; where none of these is there, tests are skipped. */
  readonly programs: readonly string[];
  /** Writes what it needs, and gives the command line. */
  command(program: string, broker: { readonly folder: string; readonly port: number; readonly isSecured: boolean }): Promise<{ readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> }>;
  /** Debian does not have it: its tests run where it is, and are not required elsewhere. */
  readonly isExtra?: boolean;
  /** Another process that it needs as long as it lives. */
  readonly beside?: (broker: { readonly folder: string; readonly port: number }) => Promise<ChildProcess>;
}

const vsftpd = (...tls: readonly string[]): Kind => ({
  programs: ['/usr/sbin/vsftpd', 'vsftpd'],
  async command(_program, { folder, port }) {
    await mkdir(join(folder, 'root', 'box'), { recursive: true });
    await chmod(folder, 0o755);
    await chmod(join(folder, 'root', 'box'), 0o777);
    await writeFile(join(folder, 'server.pem'), `${serverCertificate.cert}\n${serverCertificate.key}\n`);
    await writeFile(join(folder, 'vsftpd.conf'), [
      'listen=YES', 'listen_address=127.0.0.1', `listen_port=${port}`, 'background=NO', 'anonymous_enable=YES', 'no_anon_password=YES', 'local_enable=NO', 'write_enable=YES', 'anon_upload_enable=YES',
      'anon_mkdir_write_enable=YES', 'anon_other_write_enable=YES', 'anon_world_readable_only=NO', 'anon_umask=022', `anon_root=${join(folder, 'root')}`, 'seccomp_sandbox=NO', 'connect_from_port_20=NO', 'hide_ids=YES',
      `secure_chroot_dir=${join(folder, 'empty')}`, 'max_per_ip=0', ...tls, 'allow_anon_ssl=YES', `rsa_cert_file=${join(folder, 'server.pem')}`,
      'require_ssl_reuse=NO', 'ssl_ciphers=HIGH', '',
    ].join('\n'));
    await mkdir(join(folder, 'empty'), { recursive: true });
    return { args: [join(folder, 'vsftpd.conf')] };
  },
});

const kinds = {
  redis: {
    programs: ['redis-server', 'valkey-server'],
    command: async (_program, { folder, port, isSecured }) => ({ args: [...(isSecured ? ['--port', '0', '--tls-port', String(port), '--tls-cert-file', pemsOf(folder).cert, '--tls-key-file', pemsOf(folder).key, '--tls-ca-cert-file', pemsOf(folder).ca] : ['--port', String(port)]), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--requirepass', 'patchbay-test'] }),
  },
  nats: {
    programs: ['nats-server'],
    async command(_program, { folder, port, isSecured }) {
      const file = join(folder, 'nats.conf');
      const { ca, cert, key } = pemsOf(folder);
      const tls = isSecured ? `tls { cert_file: ${JSON.stringify(cert)}, key_file: ${JSON.stringify(key)}, ca_file: ${JSON.stringify(ca)}, verify: true }\n` : '';
      await writeFile(file, `${tls}listen: 127.0.0.1:${port}\njetstream { store_dir: ${JSON.stringify(join(folder, 'store'))} }\nauthorization { user: patchbay, password: patchbay-test }\n`);
      return { args: ['-c', file] };
    },
  },
  mosquitto: {
    programs: ['mosquitto', '/usr/sbin/mosquitto'],
    async command(_program, { folder, port, isSecured }) {
      const file = join(folder, 'mosquitto.conf');
      const { ca, cert, key } = pemsOf(folder);
      // It writes its store when it ends and at intervals, so what it must not lose is written at each change.
      await writeFile(file, [
        `listener ${port} 127.0.0.1`, ...(isSecured ? [`cafile ${ca}`, `certfile ${cert}`, `keyfile ${key}`, 'require_certificate true'] : []), 'allow_anonymous false', `password_file ${join(folder, 'passwords')}`, 'persistence true', `persistence_location ${folder}/`, 'autosave_on_changes true', 'autosave_interval 1',
        'max_queued_messages 0', 'max_inflight_messages 100', 'user root', '',
      ].join('\n'));
      await writeFile(join(folder, 'passwords'), `${brokerUser.username}:${hashOf(brokerUser.password)}\n`, { mode: 0o600 });
      return { args: ['-c', file] };
    },
  },
  rabbitmq: {
    programs: ['/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server'],
    async command(_program, { folder, port, isSecured }) {
      const { ca, cert, key } = pemsOf(folder);
      const tls = isSecured ? `listeners.tcp = none\nlisteners.ssl.default = 127.0.0.1:${port}\nssl_options.cacertfile = ${ca}\nssl_options.certfile = ${cert}\nssl_options.keyfile = ${key}\nssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = true\n` : '';
      await writeFile(join(folder, 'rabbitmq.conf'), `${tls}default_user = patchbay\ndefault_pass = patchbay-test\nloopback_users = none\nvm_memory_high_watermark.absolute = 512MiB\ndisk_free_limit.absolute = 1MB\n`);
      return { args: [], env: { ...(await erlang(folder)), RABBITMQ_NODENAME: `patchbay-${port}@localhost`, ...(!isSecured && { RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1', RABBITMQ_NODE_PORT: String(port) }), RABBITMQ_DIST_PORT: String(await freePort()), RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'), RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'), RABBITMQ_LOG_BASE: join(folder, 'log'), RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'), RABBITMQ_CONF_ENV_FILE: '/dev/null', RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}' } };
    },
    // The names of Erlang's nodes: otherwise one is started for the whole machine, and stays.
    async beside({ folder }) {
      const { ERL_EPMD_PORT } = await erlang(folder);
      const program = 'epmd';
      const process = spawn(program, ['-address', '127.0.0.1', '-port', ERL_EPMD_PORT!], { stdio: 'ignore', detached: true });
      await answers(Number(ERL_EPMD_PORT), 10_000);
      return process;
    },
  },
  // Google's own emulator, in the memory; it knows nobody, and every project.
  pubsub: {
    programs: ['/usr/lib/google-cloud-sdk/platform/pubsub-emulator/bin/cloud-pubsub-emulator', 'cloud-pubsub-emulator'],
    isExtra: true,
    command: async (_program, { port }) => ({ args: ['--host=127.0.0.1', `--port=${port}`] }),
  },
  // Servers of files. Whoever runs it logs in with the key `user` of its folder; the host shows the key `host`.
  sshd: {
    programs: ['/usr/sbin/sshd', 'sshd'],
    async command(_program, { folder, port }) {
      const program = 'ssh-keygen';
      for (const name of ['host', 'user']) if (!existsSync(join(folder, name))) spawnSync(program, ['-q', '-t', 'ed25519', '-N', name === 'user' ? brokerUser.password : '', '-f', join(folder, name)]);
      await mkdir(join(folder, 'root'), { recursive: true });
      if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
      await writeFile(join(folder, 'sshd.conf'), [
        `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${join(folder, 'host')}`, `AuthorizedKeysFile ${join(folder, 'user.pub')}`, 'PidFile none', 'StrictModes no', 'UsePAM no',
        'PermitRootLogin yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'Subsystem sftp internal-sftp', '',
      ].join('\n'));
      return { args: ['-D', '-e', '-f', join(folder, 'sshd.conf')] };
    },
  },
  vsftpd: vsftpd('ssl_enable=YES', 'force_local_data_ssl=NO', 'force_local_logins_ssl=NO'),
  'vsftpd-plain': vsftpd('ssl_enable=NO'),
  'vsftpd-tls-only': vsftpd('ssl_enable=YES', 'force_anon_data_ssl=YES', 'force_anon_logins_ssl=YES'),
} satisfies Readonly<Record<string, Kind>>;

export type BrokerKind = keyof typeof kinds;

/** Why tests with this broker cannot run here; `false` where they can. Where services are required, they must. */
export function skipWithout(kind: BrokerKind): string | false {
  const { programs, isExtra = false }: Kind = kinds[kind];
  if (programOf(kind) !== undefined || (process.env['PATCHBAY_REQUIRE_SERVICES'] === '1' && !isExtra)) return false;
  return `skipped: ${programs[0]} is not installed`;
}

/** `isSecured`: it speaks nothing but TLS, with the certificate of certificates.ts, and wants one of the same authority from whoever comes. */
export async function startBroker(name: BrokerKind, { isSecured = false }: { readonly isSecured?: boolean } = {}): Promise<Broker> {
  const kind: Kind = kinds[name];
  const program = programOf(name);
  if (program === undefined) throw new Error(`${kind.programs.join(' or ')} is not installed.`);
  const folder = await mkdtemp(join(tmpdir(), `patchbay-${name}-`));
  const port = await freePort();
  if (isSecured) await writePems(folder);
  const beside = await kind.beside?.({ folder, port });
  let child: ChildProcess | undefined;
  const broker: Broker = {
    port, folder,
    async start() {
      const { args, env = {} } = await kind.command(program, { folder, port, isSecured });
      child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
      const exited = new Promise<never>((_resolve, reject) => { child!.once('exit', (code) => reject(new Error(`${name} has ended with ${code}.`))); });
      exited.catch(() => undefined);
      await Promise.race([answers(port, 90_000), exited]);
    },
    kill: () => end(child),
    stop: () => end(child, 'SIGTERM'),
    async [Symbol.asyncDispose]() {
      await end(child);
      await end(beside);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await broker.start();
    return broker;
  } catch (error) {
    await broker[Symbol.asyncDispose]();
    throw error;
  }
}

export const brokerUser = { username: 'patchbay', password: 'patchbay-test' };

const pemsOf = (folder: string): { readonly ca: string; readonly cert: string; readonly key: string } => ({ ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') });

async function writePems(folder: string): Promise<void> {
  const { ca, cert, key } = pemsOf(folder);
  await Promise.all([writeFile(ca, `${authority}\n`), writeFile(cert, `${serverCertificate.cert}\n`), writeFile(key, `${serverCertificate.key}\n`)]);
}

/** What `mosquitto_passwd` makes of a password. */
function hashOf(password: string): string {
  const salt = Buffer.from('twelve-bytes');
  return `$7$101$${salt.toString('base64')}$${pbkdf2Sync(password, salt, 101, 64, 'sha512').toString('base64')}`;
}

/** What Erlang's processes of one broker have to agree on. */
async function erlang(folder: string): Promise<Record<string, string>> {
  const file = join(folder, 'epmd-port');
  if (!existsSync(file)) await writeFile(file, String(await freePort()));
  await mkdir(join(folder, 'home'), { recursive: true });
  return { HOME: join(folder, 'home'), ERL_EPMD_ADDRESS: '127.0.0.1', ERL_EPMD_PORT: await readFile(file, 'utf8') };
}

function programOf(kind: BrokerKind): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return kinds[kind].programs.flatMap((name) => (name.startsWith('/') ? [name] : folders.map((folder) => join(folder, name)))).find((file) => existsSync(file));
}

/** A broker that is killed takes its children with it. */
async function end(child: ChildProcess | undefined, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  process.kill(-child.pid, signal);
  await gone;
}

async function answers(port: number, ms: number): Promise<void> {
  for (const until = Date.now() + ms; ; ) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    if (Date.now() > until) throw new Error(`Nobody answers on port ${port}.`);
    await sleep(50);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
