/** Where an incremental reading has got to: milliseconds since the epoch, a number, or a text. Whole numbers too long for a number are texts of digits. */
export type CursorValue = number | string;

export const cursorKinds = ['datetime', 'number', 'text'] as const;
export type CursorKind = (typeof cursorKinds)[number];

/** What tells cursors apart. Environments have cursors of their own: an instance may be another system there; `''` where a run has none. */
export const cursorParts = ['environment', 'flow', 'step', 'instance', 'endpoint', 'slice'] as const;

/** Negative where the first comes before the second. Texts go by their characters' numbers, as most databases do with keys. */
export function compareCursors(kind: CursorKind, one: CursorValue, other: CursorValue): number {
  if (one === other) return 0;
  if (kind === 'text') return String(one) < String(other) ? -1 : 1;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (isWhole(one) && isWhole(other)) return BigInt(one) < BigInt(other) ? -1 : 1;
  return Number(one) - Number(other);
}

const isWhole = (value: CursorValue): boolean => /^-?\d+$/.test(String(value));
