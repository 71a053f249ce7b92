import type { ConnectorChange } from '../../server/model/connector-edit.ts';
import type { FlowChange } from '../../server/model/flow-edit.ts';
import type { MapChange } from '../../server/model/map-edit.ts';

type Change = FlowChange | ConnectorChange | MapChange;

/** Knows which versions of a document are the work of one page: those after a version that the page has not seen yet do not surprise it. */
export interface BaseVersions {
  /**
   * Whether changes that were made for the version `base` may be applied to `current`. What is addressed by ids always may; a place in a list only where
   * nobody else has changed the document since, as there may be another item by now.
   */
  fits(changes: readonly Change[], base: number, current: number): boolean;
  /** Changes of the page have brought the document from one version to another. */
  made(from: number, to: number): void;
}

export function baseVersions(): BaseVersions {
  const own = new Set<number>();
  return {
    fits: (changes, base, current) => !changes.some(hasIndex) || Array.from({ length: Math.max(0, current - base) }, (_, index) => base + 1 + index).every((version) => own.has(version)),
    made(from, to) {
      for (let version = from + 1; version <= to; version++) own.add(version);
    },
  };
}

const hasIndex = (change: Change): boolean => 'path' in change && ('index' in change || 'from' in change || change.path.some((key) => typeof key === 'number'));
