import type { FileKind } from './workspace.ts';

export type Migration = (value: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** `migrations[kind][n]` turns a file of version n into version n + 1. It gives a new object and shares what it does not change. */
export type Migrations = Readonly<Record<FileKind, Readonly<Record<number, Migration>>>>;

const migrations: Migrations = { workspace: {}, flow: {}, connector: {}, instance: {}, environment: {}, map: {}, lookup: {}, test: {} };

/** The version that this program writes. */
export const currentVersion = (kind: FileKind, known: Migrations = migrations): number => 1 + Object.keys(known[kind]).length;

/**
 * The same file in the current version, in memory only: the next edit writes it. Gives the very object where nothing has to be done: also for newer
 * versions, and where there is no version.
 */
export function migrate(kind: FileKind, value: Readonly<Record<string, unknown>>, known: Migrations = migrations): Readonly<Record<string, unknown>> {
  let current = value;
  for (;;) {
    const version = current['version'];
    const step = typeof version === 'number' ? known[kind][version] : undefined;
    if (!step) return current;
    current = { ...step(current), version: (version as number) + 1 };
  }
}
