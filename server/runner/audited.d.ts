import type { Runner } from './contract.ts';
/** Keeps what was changed through the runner: `cache.put`, `cache orders`, what exactly. `actor`: who, where that is not the one for whom the runner was opened. Never fails; it may write later. */
export type Audit = (action: string, subject: string, detail: Readonly<Record<string, unknown>>, actor?: string) => void;
/**
 * The runner with every change through it kept in the audit log, once it has been made. Caches, pools and lookups keep theirs by themselves, since they know
 * what has really changed. What runs do is in their recordings.
 */
export declare function auditedRunner(runner: Runner, audit: Audit): Runner;
