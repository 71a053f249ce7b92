import type { DatabaseSync } from 'node:sqlite';
import type { AuditRow } from '../model/api.ts';
/** What operators, and what tells them, ask of the writer: each is done within the transaction of its group. */
export type OperationCall = {
    readonly type: 'pin';
    readonly run: string;
    readonly isPinned: boolean;
} | {
    readonly type: 'delete';
    readonly run: string;
} | {
    readonly type: 'audit';
    readonly row: Omit<AuditRow, 'id'>;
} | {
    readonly type: 'send';
    readonly messages: readonly NewMessage[];
    readonly told?: {
        readonly runs: readonly string[];
        readonly flow: string;
        readonly now: number;
    };
} | {
    readonly type: 'claim';
    readonly most: number;
    readonly now: number;
    readonly againAt: number; /** A channel that is left to others. */
    readonly except?: string;
} | {
    readonly type: 'sent';
    readonly id: number;
} | {
    readonly type: 'unsent';
    readonly id: number;
    readonly error: string; /** Absent where it is given up. */
    readonly due?: number;
};
export interface OperationResults {
    readonly pin: boolean;
    /** `open`: it is not over. */
    readonly delete: 'deleted' | 'open' | 'pinned' | 'unknown';
    readonly audit: undefined;
    readonly send: undefined;
    readonly claim: readonly Message[];
    readonly sent: undefined;
    readonly unsent: undefined;
}
/** A message for one channel of one group. */
export interface NewMessage {
    readonly recipients: string;
    readonly channel: string;
    readonly level: string;
    readonly subject: string;
    readonly text: string;
    /** Milliseconds since the epoch. */
    readonly at: number;
}
export interface Message extends NewMessage {
    readonly id: number;
    /** With this one. */
    readonly attempts: number;
}
export declare const isOperation: (call: {
    readonly type: string;
}) => call is OperationCall;
/** Does a call in SQLite, in the transaction of its caller. */
export declare function doOperation(database: DatabaseSync, call: OperationCall): OperationResults[OperationCall['type']];
