import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { openBlobs } from './blobs.ts';
import { openForWriting } from './database.ts';
import { startPruning, type PruneLimits, type Pruning } from './prune.ts';
import { createGroupWriter, type GroupItem } from './write.ts';
import type { WriteAnswer, WriteBatch, WriteCall } from './write-ops.ts';

// The thread that writes the recordings: a commit waits for the disk, and nobody who answers a request should wait with it. All threads of a process write
// through it, each over a port of its own, so that none of them waits for the lock of another.
const { file, blobFolder } = workerData as { readonly file: string; readonly blobFolder: string };
const database = openForWriting(file);
const blobs = openBlobs(blobFolder);
const writer = createGroupWriter(database, blobs);
/** Between two steps of cleaning up, those who record get their turn. */
const pruneMs = 5;

export type WriterMessage = WriteBatch | WriteCall | 'close' | { readonly prune: PruneLimits } | { readonly connect: MessagePort };

const ports = new Map<number, MessagePort>();
let lastClient = 0;

function connect(port: MessagePort): void {
  const client = ++lastClient;
  ports.set(client, port);
  port.on('message', (message: WriterMessage) => take(client, message));
  port.on('close', () => {
    ports.delete(client);
    writer.forget(client);
  });
}

connect(parentPort as MessagePort);

function take(client: number, first: WriterMessage): void {
  const group: GroupItem[] = [];
  let isClosing = false;
  const read = (from: number, message: WriterMessage): void => {
    if (message === 'close') isClosing = true;
    else if ('prune' in message) pruning ??= startPruning(database, blobs, message.prune);
    else if ('connect' in message) connect(message.connect);
    else group.push({ client: from, item: message });
  };
  read(client, first);
  // What has come meanwhile goes into the same transaction: the slower the disk, the bigger the groups.
  for (const [from, port] of ports) for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) read(from, next.message as WriterMessage);
  if (group.length > 0) write(group);
  if (isClosing) close();
  else if (pruning) setImmediate(pruneMore);
}

let pruning: Pruning | undefined;

function pruneMore(): void {
  try {
    if (!pruning?.more()) pruning = undefined;
  } catch {
    // Another process writes, or the disk fails: the next hour is soon enough.
    pruning = undefined;
  }
  if (pruning) setTimeout(pruneMore, pruneMs);
}

function close(): void {
  pruning = undefined;
  database.close();
  for (const port of ports.values()) port.close();
}

function write(group: readonly GroupItem[]): void {
  try {
    const results = writer.write(group);
    for (const [index, { client, item }] of group.entries()) answer(client, { id: item.id, ...results[index]! });
  } catch (error) {
    // One after the other: what cannot be written must not take the rest with it.
    if (group.length > 1) for (const one of group) write([one]);
    else {
      writer.spoil(group);
      answer(group[0]!.client, { id: group[0]!.item.id, failure: failureOf(error) });
    }
  }
}

const answer = (client: number, message: WriteAnswer): void => ports.get(client)?.postMessage(message);

function failureOf(error: unknown): { message: string; code?: string; errcode?: number } {
  const { message, code, errcode } = error as Error & { code?: string; errcode?: number };
  return { message, ...(code !== undefined && { code }), ...(errcode !== undefined && { errcode }) };
}
