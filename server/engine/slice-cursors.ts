import { compareCursors, type CursorKind, type CursorValue } from '../model/cursor-order.ts';
import type { Cursor, CursorMark, SeenRecord } from './host.ts';
import { sliceName, type Slice } from './slices.ts';

/** Where the incremental reading of a slice has got to. Each value of a group has a cursor of its own, which it keeps in another group, too. */
export interface SliceCursor {
  begin(reading: Parameters<Cursor['begin']>[0]): Promise<SliceStart>;
  /** As `mark` of a cursor, with the versions that `begin` has given. */
  mark(mark: Omit<CursorMark, 'version'> & { readonly versions: readonly number[] }): Promise<void>;
}

export interface SliceStart {
  /** The least of all values; absent where one has none. */
  readonly value?: CursorValue;
  readonly versions: readonly number[];
  readonly seen: readonly SeenRecord[];
}

/** `groups`: names of the slices whose values are groups. */
export function sliceCursor(slice: Slice, groups: readonly string[], kind: CursorKind, cursorOf: (slice: string) => Cursor): SliceCursor {
  const cursors = membersOf(slice, groups).map((member) => cursorOf(sliceName(member)));
  return {
    async begin(reading) {
      const starts = await Promise.all(cursors.map((cursor) => cursor.begin(reading)));
      const values = starts.map(({ value }) => value);
      const least = values.reduce((one, other) => (one === undefined || other === undefined ? undefined : compareCursors(kind, other, one) < 0 ? other : one));
      return { ...(least !== undefined && { value: least }), versions: starts.map(({ version }) => version), seen: starts.flatMap(({ seen }) => seen) };
    },
    async mark({ versions, seen, ...mark }) {
      // Nobody knows which of the values a record belongs to: one cursor knows it for the others.
      await Promise.all(cursors.map((cursor, index) => cursor.mark({ ...mark, version: versions[index] ?? 0, seen: index === 0 ? seen : [] })));
    },
  };
}

/** A group, parted into the values that were read before and those that are new: what is old must not be read again for the sake of these. */
export async function partsOf(slice: Slice, groups: readonly string[], cursorOf: (slice: string) => Cursor, input: string): Promise<readonly Slice[]> {
  const [name] = groups;
  // Of a product of groups no part need be one.
  if (name === undefined || groups.length > 1) return [slice];
  const values = slice.values[name] as readonly unknown[];
  const members = await Promise.all(membersOf(slice, groups).map(async (member, index) => ({ value: values[index], isKnown: (await cursorOf(sliceName(member)).begin({ input, seq: 0 })).value !== undefined })));
  const parts = [true, false].map((wanted) => members.filter(({ isKnown }) => isKnown === wanted).map(({ value }) => value)).filter((part) => part.length > 0);
  return parts.map((part) => ({ ...slice, values: { ...slice.values, [name]: part } }));
}

/** The slices that it would be without groups: one for each combination of their values. */
function membersOf(slice: Slice, groups: readonly string[]): readonly Slice[] {
  return groups.reduce<readonly Slice[]>((members, name) => members.flatMap((member) => (member.values[name] as readonly unknown[]).map((value) => ({ ...member, values: { ...member.values, [name]: value } }))), [slice]);
}
