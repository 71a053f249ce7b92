import type { DatabaseSync } from 'node:sqlite';
import { listQueue } from './queue-list.ts';
import type { Queue } from './queue.ts';
import { statement } from './statements.ts';
import type { Writer } from './writer.ts';

export interface QueueOptions {
  readonly owner: string;
  readonly reader: DatabaseSync;
  readonly writer: Pick<Writer, 'call'>;
  /** Whether the process of an owner lives. */
  readonly isAlive: (owner: string) => boolean;
}

/** The queue in SQLite. What it changes is changed by the writing thread, together with what is recorded meanwhile. */
export function createQueue({ owner, reader, writer, isAlive }: QueueOptions): Queue {
  const owners = (): string[] =>
    (statement(reader, "SELECT DISTINCT owner AS name FROM runs WHERE owner <> '' UNION SELECT DISTINCT reserved FROM runs WHERE status = 'queued' AND owner = '' AND reserved IS NOT NULL").all() as { name: string }[]).map(({ name }) => name);
  return {
    owner,
    lease: ({ most, now, isOwnOnly = false }) => writer.call({ type: 'lease', owner, most, now, isOwnOnly }),
    renew: async (lease) => ((await writer.call({ type: 'renew', run: lease.run, fence: lease.fence })) ? { ...lease, fence: lease.fence + 1 } : undefined),
    release: ({ run, fence }, { strike = false } = {}) => writer.call({ type: 'release', run, fence, strike }),
    async requeue(now) {
      const dead = owners().filter((name) => name !== owner && !isAlive(name));
      return dead.length === 0 ? 0 : writer.call({ type: 'requeue', owners: dead, now });
    },
    stop: (run, now, options) => writer.call({ type: 'stop', run, now, ...options }),
    stopRequests: () => (statement(reader, "SELECT id FROM runs WHERE owner = ? AND owner <> '' AND stop_at IS NOT NULL").all(owner) as { id: string }[]).map(({ id }) => id),
    hasWaiting: (now) => statement(reader, "SELECT 1 FROM runs WHERE status = 'queued' AND owner = '' AND (not_before IS NULL OR not_before <= ?) LIMIT 1").get(now) !== undefined,
    list: (request) => listQueue(reader, owner, request),
  };
}
