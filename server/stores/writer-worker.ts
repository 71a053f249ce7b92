import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { openBlobs } from './blobs.ts';
import { openForWriting } from './database.ts';
import { startPruning, type PruneLimits, type Pruning } from './prune.ts';
import { createBatchWriter } from './write.ts';
import type { WriteAnswer, WriteBatch } from './write-ops.ts';

// The thread that writes the recordings: a commit waits for the disk, and nobody who answers a request should wait with it.
const { file, blobFolder } = workerData as { readonly file: string; readonly blobFolder: string };
const port = parentPort as MessagePort;
const database = openForWriting(file);
const blobs = openBlobs(blobFolder);
const writer = createBatchWriter(database, blobs);
/** Between two steps of cleaning up, those who record get their turn. */
const pruneMs = 5;

type Message = WriteBatch | 'close' | { readonly prune: PruneLimits };

port.on('message', (first: Message) => {
  // What has come meanwhile goes into the same transaction: the slower the disk, the bigger the groups.
  const batches: WriteBatch[] = [];
  let isClosing = false;
  for (let message: Message | undefined = first; message !== undefined; message = receiveMessageOnPort(port)?.message as Message | undefined) {
    if (message === 'close') isClosing = true;
    else if ('prune' in message) pruning ??= startPruning(database, blobs, message.prune);
    else batches.push(message);
  }
  if (batches.length > 0) write(batches);
  if (isClosing) close();
  else if (pruning) setImmediate(pruneMore);
});

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
  port.close();
}

function write(batches: readonly WriteBatch[]): void {
  try {
    const duplicates = writer.write(batches);
    // The recorder reads the answers in order, so the first one can speak for all.
    for (const [index, { id }] of batches.entries()) port.postMessage({ id, duplicates: index === 0 ? duplicates : [] } satisfies WriteAnswer);
  } catch (error) {
    // One after the other: a batch that cannot be written must not take the others with it.
    if (batches.length > 1) for (const batch of batches) write([batch]);
    else port.postMessage({ id: batches[0]!.id, failure: failureOf(error) } satisfies WriteAnswer);
  }
}

function failureOf(error: unknown): { message: string; code?: string; errcode?: number } {
  const { message, code, errcode } = error as Error & { code?: string; errcode?: number };
  return { message, ...(code !== undefined && { code }), ...(errcode !== undefined && { errcode }) };
}
