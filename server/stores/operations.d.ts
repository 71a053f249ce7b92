import type { DatabaseSync } from 'node:sqlite';
import type { AuditFilter, AuditRow, InsightRow, InsightsBy, PageOf } from '../model/api.ts';
import type { Message, NewMessage, OperationResults } from './operation-calls.ts';
import type { Writer } from './writer.ts';
/** What operators do with runs and see of them, beside the recordings themselves. Everything that changes something fails with `STORAGE_FAILED`. */
export interface Operations {
    /** Says whether the run is there. */
    pin(run: string, isPinned: boolean): Promise<boolean>;
    /** Takes a run away that is over. What belongs to it goes in the background. */
    delete(run: string): Promise<OperationResults['delete']>;
    addAudit(row: Omit<AuditRow, 'id'>): Promise<void>;
    audit(filter: AuditFilter): PageOf<AuditRow>;
    /** Days such as `2024-07-01`, both included. */
    insights(query: {
        readonly by: InsightsBy;
        readonly from: string;
        readonly to: string;
        readonly flow?: string;
    }): {
        readonly items: readonly InsightRow[];
        readonly total: InsightRow;
    };
    readonly outbox: Outbox;
}
/** Messages that are to be sent, and failures that somebody is to be told of. Several processes may send: each message belongs to who has claimed it. */
export interface Outbox {
    /** Automatic runs that have failed, the oldest first, and when somebody was last told of their flow's. */
    failures(): readonly Failure[];
    /** `told`: with the messages, these failures are told; where another process has done so already, nothing is added. */
    add(messages: readonly NewMessage[], told?: {
        readonly runs: readonly string[];
        readonly flow: string;
        readonly now: number;
    }): Promise<void>;
    /** Takes messages whose time has come. Each comes again at `againAt`, unless it is settled before. */
    claim(options: {
        readonly most: number;
        readonly now: number;
        readonly againAt: number;
        readonly except?: string;
    }): Promise<readonly Message[]>;
    sent(id: number): Promise<void>;
    /** `due`: when it is tried again; absent where it is given up. */
    unsent(id: number, error: string, due?: number): Promise<void>;
    /** Cheap. */
    hasWork(now: number): boolean;
    /** How many wait, and those that had trouble, the newest first. */
    state(): {
        readonly waiting: number;
        readonly troubles: readonly (Message & {
            readonly error: string;
            readonly due: number | null;
        })[];
    };
}
export interface Failure {
    readonly run: string;
    readonly flow: string;
    readonly at: number;
    readonly toldAt: number | null;
}
export declare function openOperations(reader: DatabaseSync, writer: Pick<Writer, 'call'>): Operations;
