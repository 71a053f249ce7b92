import type { JsonChange } from './json-compare.ts';
import { compareJson } from './json-compare.ts';
import { isSame } from './json.ts';
import { withoutPaths } from './ignored-paths.ts';
import { compilePath } from './path.ts';
import type { RunStatus } from './run-event.ts';

/** What two runs did otherwise. */
export interface RunDiff {
  readonly before: ComparedRun;
  readonly after: ComparedRun;
  readonly identical: boolean;
  /** Only those that differ. */
  readonly steps: readonly StepDiff[];
  /** Names of steps, or ports such as `map.out`, that hold more than was compared, or nothing that could be. */
  readonly cut: readonly string[];
}

export interface ComparedRun {
  readonly run: string;
  readonly flow: string;
  readonly status: RunStatus;
}

export interface StepDiff {
  readonly step: string;
  /** What was counted differently: `in`, `out`, `failed`, `records`, `requests`, `pages`. */
  readonly counts: Readonly<Record<string, { readonly before: number; readonly after: number }>>;
  readonly ports: readonly PortDiff[];
}

export interface PortDiff extends RecordsDiff {
  readonly port: string;
}

/** The first of each; `total` counts all. */
export interface RecordsDiff {
  readonly total: { readonly same: number; readonly changed: number; readonly added: number; readonly removed: number };
  readonly changed: readonly ChangedRecord[];
  readonly added: readonly unknown[];
  readonly removed: readonly unknown[];
}

export interface ChangedRecord {
  /** Its key, or its number from 0. */
  readonly key: unknown;
  readonly changes: readonly JsonChange[];
}

export interface DiffOptions {
  /** Path of what tells records apart; default their order. */
  readonly key?: string;
  /** Paths of values that do not matter, from a record on. */
  readonly ignore?: readonly string[];
}

const mostShown = 50;
const mostChanges = 50;

/** Compares records: those with the same key with each other, else the first with the first. Fails with `CONFIG_PATH`. */
export function compareRecords(before: readonly unknown[], after: readonly unknown[], { key, ignore = [] }: DiffOptions): RecordsDiff {
  const seen = (records: readonly unknown[]): readonly (readonly [key: unknown, record: unknown])[] => {
    const path = key === undefined ? undefined : compilePath(key);
    const counts = new Map<string, number>();
    return records.map((record, index) => {
      if (!path) return [index, withoutPaths(record, ignore)] as const;
      const value = path.get(record) ?? null;
      // Several with one key stand against each other in their order.
      const text = JSON.stringify(value);
      const count = counts.get(text) ?? 0;
      counts.set(text, count + 1);
      return [count === 0 ? value : [value, count], withoutPaths(record, ignore)] as const;
    });
  };
  const old = new Map(seen(before).map(([own, record]) => [JSON.stringify(own), record]));
  const changed: ChangedRecord[] = [];
  const added: unknown[] = [];
  const total = { same: 0, changed: 0, added: 0, removed: 0 };
  for (const [own, record] of seen(after)) {
    const text = JSON.stringify(own);
    if (!old.has(text)) {
      total.added++;
      if (added.length < mostShown) added.push(record);
      continue;
    }
    const was = old.get(text);
    old.delete(text);
    if (isSame(was, record)) total.same++;
    else {
      total.changed++;
      if (changed.length < mostShown) changed.push({ key: own, changes: compareJson(was, record).slice(0, mostChanges) });
    }
  }
  total.removed = old.size;
  return { total, changed, added, removed: [...old.values()].slice(0, mostShown) };
}
