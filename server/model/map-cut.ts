import { isObject } from './json.ts';
import type { MapTrial } from './map-report.ts';

/** A result as an editor shows it. */
export interface ShownTrial extends MapTrial {
  /** Lists and texts are longer than they are here. */
  readonly isCut?: boolean;
}

/** Entries of a list, and characters of a text, that are kept: as many as fit. */
const lengths = [[200, 2_000], [40, 400], [5, 100], [1, 40]] as const;
const deepest = 24;

/** The same, cut until it is no longer than so many characters of JSON, as far as that can be had: what one looks at need not cross a process by the megabyte. */
export function cutTrial(trial: MapTrial, most = 256 * 1024): ShownTrial {
  const size = (value: unknown): number => JSON.stringify(value).length;
  if (size(trial) <= most) return trial;
  let shown: ShownTrial = trial;
  for (const [items, characters] of lengths) {
    const cut = (value: unknown): unknown => cutValue(value, items, characters, 0);
    const { input, output, fields } = trial;
    shown = { ...trial, input: cut(input), ...(output !== undefined && { output: cut(output) }), fields: fields.map((field) => ({ ...field, values: cut(field.values) as readonly unknown[] })), isCut: true };
    if (size(shown) <= most) return shown;
  }
  return shown;
}

function cutValue(value: unknown, items: number, characters: number, depth: number): unknown {
  if (typeof value === 'string') return value.length > characters ? `${value.slice(0, characters)}…` : value;
  if (depth > deepest) return undefined;
  if (Array.isArray(value)) return (value as unknown[]).slice(0, items).map((item) => cutValue(item, items, characters, depth + 1));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, cutValue(field, items, characters, depth + 1)])) : value;
}
