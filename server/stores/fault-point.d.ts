/**
 * Places at which a crash would hurt most. A test names one (and the how-maniest time) in `PATCHBAY_FAULT_POINT` (`writer-committed:3`), and the process
 * kills itself there, as a power cut would; otherwise they cost a comparison. `test/fault` walks this list.
 */
export declare const faultPoints: readonly ['writer-before-commit', 'writer-committed', 'blob-written', 'accept-before-commit', 'accept-committed', 'accept-before-answer', 'lease-before-commit', 'lease-committed', 'leased', 'executor-received', 'run-opened', 'run-started-written', 'event-batch-before-commit', 'event-batch-committed', 'state-checkpoint', 'before-finish', 'finish-before-commit', 'finish-committed', 'finish-before-answer', 'reply-sent', 'release-before-commit', 'release-committed', 'requeue-before-commit', 'requeue-committed', 'stop-before-commit', 'stop-committed', 'stop-requested', 'snapshot-file-written', 'snapshot-written', 'snapshot-renamed', 'deploy-index-written', 'cache-before-commit', 'cache-committed', 'pool-before-commit', 'pool-committed', 'cursor-before-commit', 'cursor-committed', 'tracked-before-commit', 'tracked-committed', 'memory-before-commit', 'memory-committed', 'settle-before-commit', 'settle-committed', 'prune-before-commit', 'prune-committed'];
export type FaultPoint = (typeof faultPoints)[number];
export declare function faultPoint(name: FaultPoint): void;
