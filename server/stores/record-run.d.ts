import type { FlowError } from '../../plugins/sdk/index.ts';
import { type RunError, type NumberedRunEvent, type RunEvent, type RunHead, type RunStatus, type StepCounts } from '../model/run-event.ts';
import type { Keeper, Recording } from './keep-bodies.ts';
import { type Past } from './leased-run.ts';
import type { Masker } from './redact.ts';
import type { Writer } from './writer.ts';
/** A run that is being recorded. */
export interface RunRecording {
    readonly head: RunHead;
    readonly bodies: Keeper;
    /** Numbers, masks, counts, records and hands on an event. A promise where the disk is behind: wait for it. It fails with `STORAGE_FAILED` once something was lost. */
    emit(event: RunEvent): void | Promise<void>;
    /** A snapshot. */
    state(): LiveState;
    /** Resolves when the end of the run is recorded; also where that failed (`lost` says so). */
    readonly ended: Promise<void>;
    /** Nothing more is recorded here: the run goes on later, maybe elsewhere. Resolves when what was recorded can be read. */
    abandon(): Promise<void>;
    /** Why the recording has a hole, if it has. */
    readonly lost: FlowError | undefined;
}
export interface LiveState {
    readonly status: RunStatus;
    readonly startedAt?: number;
    readonly durationMs?: number;
    readonly failedPayloads: number;
    readonly error?: RunError;
    readonly steps: Readonly<Record<string, StepCounts>>;
}
export interface RecordRunOptions {
    /** The recorder's number of the run. */
    readonly number: number;
    readonly head: RunHead;
    readonly recording: Recording;
    readonly bodies: Keeper;
    readonly masker: Masker;
    readonly writer: Writer;
    /** Told of each event, masked. */
    readonly listener: (event: NumberedRunEvent) => void;
    /** The number of the last event that was recorded before. */
    readonly lastSeq: number;
    /** Its state by then, where it was at work before and goes on. */
    readonly before?: Past;
}
export interface OwnRunRecording extends RunRecording {
    lose(error: FlowError): void;
}
export declare function recordRun({ number, head, recording, bodies, masker, writer, listener, lastSeq, before }: RecordRunOptions): OwnRunRecording;
