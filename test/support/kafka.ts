import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { Plugin } from '../../plugins/sdk/index.ts';

// Kafka as others have made it: the cluster of librdkafka, kcat as another sender and reader, and the real client in the package of plugins.

const sources = join(import.meta.dirname, '../../samples/plugins/queues');

/** Where `.ci/services` has put `@platformatic/kafka`. */
const clientFolder = process.env['PATCHBAY_TEST_KAFKA_CLIENT'];

/** Why tests with Kafka cannot run here; `false` where they can, or must. */
export const skipWithoutKafka: string | false = clientFolder !== undefined || process.env['PATCHBAY_REQUIRE_SERVICES'] === '1' ? false : 'skipped: PATCHBAY_TEST_KAFKA_CLIENT is not set: see .ci/services';

export interface KafkaCluster extends AsyncDisposable {
  /** Addresses, the first of broker 1. */
  readonly brokers: readonly string[];
  topic(name: string, partitions: number): Promise<void>;
  /** Closes the port of a broker, or opens it again; what it has stays. */
  down(broker: number): Promise<void>;
  up(broker: number): Promise<void>;
  /** Whoever asks for a topic is told an error, by its number. */
  refuse(topic: string, error: number): Promise<void>;
  /** The next requests of an API fail, both by the numbers of the protocol. */
  fail(api: number, error: number, count: number): Promise<void>;
}

/** `python`: the program that runs it. */
export async function startKafka(count = 1, python = 'python3'): Promise<KafkaCluster> {
  const child = spawn(python, [join(import.meta.dirname, 'kafka-cluster.py'), String(count)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => { child.once('close', () => resolve()); });
  // Where it is not there, or has gone, the end of its lines says so.
  for (const part of [child, child.stdin]) part.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The cluster of librdkafka has ended: ${python} and librdkafka1 are needed.`);
    return String(value);
  };
  const brokers = (await line()).split(',');
  const tell = async (...command: readonly (string | number)[]): Promise<void> => {
    child.stdin.write(`${command.join(' ')}\n`);
    const answer = await line();
    if (answer !== '0') throw new Error(`${command.join(' ')}: error ${answer}`);
  };
  return {
    brokers,
    topic: (name, partitions) => tell('topic', name, partitions),
    down: (broker) => tell('down', broker),
    up: (broker) => tell('up', broker),
    refuse: (topic, error) => tell('refuse', topic, error),
    fail: (api, error, times) => tell('fail', api, error, times),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export interface KafkaMessage {
  readonly value: string | Uint8Array | null;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
}

/** Sends a message with kcat. */
export async function produce({ brokers }: KafkaCluster, topic: string, { value, key, headers = {}, partition }: KafkaMessage): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-kcat-'));
  try {
    const file = join(folder, 'value');
    // It skips an empty line and an empty file, but not a line with nothing behind its key.
    const isEmpty = value === null || value.length === 0;
    await writeFile(file, isEmpty ? '' : value);
    const args = ['-P', '-b', brokers.join(','), '-t', topic, ...(partition === undefined ? [] : ['-p', String(partition)]), ...(isEmpty ? ['-K', '|', ...(value === null ? ['-Z'] : [])] : key === undefined ? [] : ['-k', key]), ...Object.entries(headers).flatMap(([name, own]) => ['-H', `${name}=${own}`]), '-X', 'message.max.bytes=100000000'];
    await (isEmpty ? kcat(args, `${key ?? ''}|\n`) : kcat([...args, file]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sends each line as a message with kcat, over the partitions in turn. */
export async function produceLines({ brokers }: KafkaCluster, topic: string, lines: readonly string[], partitions: number): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const own = lines.filter((_, index) => index % partitions === partition);
    await kcat(['-P', '-b', brokers.join(','), '-t', topic, '-p', String(partition)], `${own.join('\n')}\n`);
  }
}

/** Of every member of a group: the cluster lets the next one wait nearly as long, and the first one three seconds. */
export const sessionMs = 4_000;

export interface Consumed {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly payload: string | null;
  readonly headers: readonly string[];
}

/** What kcat reads in a topic, or what is left for a consumer group that has committed some of it. */
export async function consumed({ brokers }: KafkaCluster, topic: string, group?: string): Promise<readonly Consumed[]> {
  const text = await kcat(['-b', brokers.join(','), '-e', '-q', '-J', ...(group === undefined ? ['-C', '-t', topic, '-o', 'beginning'] : ['-G', group, '-X', 'auto.offset.reset=earliest', '-X', `session.timeout.ms=${sessionMs}`, '-X', 'heartbeat.interval.ms=500', topic])]);
  return text.split('\n').filter(Boolean).map((line) => {
    const { partition, offset, key, payload, headers = [] } = JSON.parse(line) as Consumed;
    return { partition, offset, key, payload, headers };
  });
}

function kcat(args: readonly string[], input = ''): Promise<string> {
  const program = 'kcat';
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { said += chunk; });
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`kcat ${args.join(' ')} has ended with ${code}: ${said}`))));
  });
}

/** A workspace whose package of plugins has its client, with these files beside it. */
export async function kafkaWorkspace(files: Readonly<Record<string, object>>): Promise<{ readonly folder: string; readonly plugin: Plugin } & AsyncDisposable> {
  if (clientFolder === undefined || !existsSync(clientFolder)) throw new Error('PATCHBAY_TEST_KAFKA_CLIENT is not set: run .ci/services start FILE, and source FILE.');
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-kafka-'));
  const packages = join(folder, 'node_modules');
  await cp(sources, join(packages, 'patchbay-queues'), { recursive: true });
  await symlink(join(clientFolder, '@platformatic'), join(packages, '@platformatic'));
  for (const [path, content] of Object.entries({ 'patchbay.json': { version: 1, title: 'Kafka', plugins: ['patchbay-queues'] }, ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify(content));
  }
  const { default: plugin } = (await import(pathToFileURL(join(packages, 'patchbay-queues/kafka.js')).href)) as { default: Plugin };
  return { folder, plugin, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
