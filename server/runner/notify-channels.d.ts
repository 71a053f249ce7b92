import type { NotificationChannel } from '../model/api.ts';
import type { NotificationGroup, WorkspaceFile } from '../model/workspace.ts';
import type { RunnerLog } from './log.ts';
/** A message as people read it. */
export interface Notice {
    readonly level: 'success' | 'info' | 'warning' | 'error';
    /** One line. */
    readonly subject: string;
    readonly text: string;
}
export interface ChannelOptions {
    readonly config: () => WorkspaceFile;
    /** Fails with `SECRET_MISSING`. */
    readonly secret: (name: string) => Promise<string>;
    readonly log: RunnerLog;
    /** What sends to a webhook; tests give another one. */
    readonly fetch?: typeof fetch;
}
/** The group, or `CONFIG_UNKNOWN_GROUP`. */
export declare function groupOf({ notifications }: WorkspaceFile, name: string): NotificationGroup;
export declare const channelsOf: ({ email, slack, log }: NotificationGroup) => NotificationChannel[];
/** Sends to one channel of a group, as patchbay.json says now. Fails with whatever keeps the message from being taken. */
export declare function createSender({ config, secret, log, fetch: send }: ChannelOptions): (group: string, channel: NotificationChannel, notice: Notice) => Promise<void>;
