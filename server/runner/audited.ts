/** Keeps what was changed through the runner: `cache.put`, `cache orders`, what exactly. Never fails; it may write later. */
export type Audit = (action: string, subject: string, detail: Readonly<Record<string, unknown>>) => void;
