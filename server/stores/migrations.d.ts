/**
 * The schema of the recordings; entry n brings version n to n + 1. Never change an entry that was released: add one.
 *
 * - `runs`: one row per run; `steps` holds the counts per step as JSON, `key` what makes a run unique within its trigger.
 *   It is the queue, too: what is `queued` and has no `owner` waits; `fence` grows whenever the owner changes. Runs of a `lane` that is not their flow begin one
 *   after the other; `flow_limit` is how many of the flow may be at work; `reserved` names the process that wants to do it itself. `request` says what was asked
 *   for, masked; `sealed` holds the whole of it, encrypted, where it could not be begun from what is masked, until the run is over.
 * - `run_counts`: kept by triggers, so that a page of runs need not count a million rows for its total.
 * - `events`: the stream of a run as JSON. `kind` is set for what is listed in pages (see `eventKinds`), 0 for the rest.
 * - `doomed`: runs that are gone, whose events and bodies still go, a little at a time.
 * - `insights`: sums per day; a row with an empty `step` counts the runs of the flow. A trigger keeps them, in the transaction that ends the run.
 * - `failed_runs`: automatic runs that have failed and that nobody was told of; `told`: when somebody was last told of a flow's.
 * - `outbox`: messages that are to be sent; `due` is empty where one was given up. `recipients` names a group.
 * - `bodies`: once per content; `data` is null where the body lies in a file of `blobs/`. `body_refs`: which run refers to which.
 */
export declare const migrations: readonly string[];
/** Values of `events.kind`. Logs stand together by gravity, so that a level and the graver ones are one range. */
export declare const eventKinds: {
    readonly in: 1;
    readonly out: 2;
    readonly failed: 3;
    readonly exchange: 4;
    readonly debug: 10;
    readonly info: 11;
    readonly warn: 12;
    readonly error: 13;
};
