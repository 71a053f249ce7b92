import { type MessagePort } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { PruneLimits } from './prune.ts';
import type { OperationCall, OperationResults } from './operation-calls.ts';
import type { QueueCall, QueueResults } from './queue-calls.ts';
import type { Refusal, WriteOp } from './write-ops.ts';
/** Hands what is recorded to the writing thread, in groups. */
export interface Writer {
    push(op: WriteOp, bytes: number): void;
    /** Grows when what was pushed is sent: until then an operation may still be changed. */
    readonly generation: number;
    /** Resolves when everything pushed so far is in the database. Fails with `STORAGE_FAILED`. */
    flush(): Promise<void>;
    /** Where too much waits for the disk: a promise of room. The recording slows the run then, instead of filling the memory. */
    room(): Promise<void> | undefined;
    /** Writes a run that is accepted, for good when it resolves. Gives why it was not. */
    accept(op: WriteOp & {
        0: 'accept';
    }, bytes: number): Promise<Refusal | undefined>;
    /** Done after everything pushed so far. Fails with `STORAGE_FAILED`. */
    call<C extends QueueCall | OperationCall>(call: C): Promise<(QueueResults & OperationResults)[C['type']]>;
    /** Another thread writes through this one from now on. */
    connect(port: MessagePort): void;
    /** Deletes what is over the limits, in the writing thread, a little at a time. */
    prune(limits: PruneLimits): void;
    close(): Promise<void>;
}
export interface WriterOptions {
    readonly file: string;
    readonly blobFolder: string;
    /** Called for each lost group, with the runs that lost something, and for runs whose lease is no longer good. */
    readonly failed: (error: FlowError, runs: ReadonlySet<number> | 'all') => void;
    /** Hands a port to the writing thread of the process; without it, that thread is ours. */
    readonly attach?: (port: MessagePort) => void;
}
export declare function openWriter({ file, blobFolder, failed, attach }: WriterOptions): Writer;
