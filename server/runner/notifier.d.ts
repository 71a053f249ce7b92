import type { StateHost } from '../engine/host.ts';
import type { WorkspaceFile } from '../model/workspace.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { Notifications } from './contract.ts';
import type { RunnerLog } from './log.ts';
import { type ChannelOptions } from './notify-channels.ts';
/**
 * Tells groups of people. Everything is kept before it is sent, in the outbox of the recordings, so no run waits for a mail server, and what cannot be sent now
 * is sent later, also after a crash: at least once.
 */
export interface Notifier extends Notifications {
    /** See `PayloadContext.notify`. */
    readonly notify: StateHost['notify'];
    /** Looks for failed runs and for messages from now on. */
    listen(): void;
    /** One look: makes messages of failures, and sends what is due. Never fails. */
    look(): Promise<void>;
    /** Sends what this process has kept, if there is time for it. */
    close(): Promise<void>;
}
export interface NotifierOptions extends ChannelOptions {
    readonly config: () => WorkspaceFile;
    readonly hasRecordings: () => boolean;
    readonly recordings: () => Recordings;
    readonly log: RunnerLog;
    readonly mask: <T>(value: T) => T;
    /** Milliseconds since the epoch. */
    readonly now: () => number;
    /** Between two looks; default a second. */
    readonly lookMs?: number;
}
export declare function createNotifier(options: NotifierOptions): Notifier;
