import { isObject } from '../../model/json.ts';
import { everything, printPath, type PathKey } from '../../model/path.ts';
import { isMarked } from '../../stores/accept.ts';

/** Where a value of a recording is masked, as paths; all items of a list are one. */
export function maskedPlaces(value: unknown, keys: readonly PathKey[] = []): string[] {
  if (typeof value === 'string') return isMarked(value) ? [printPath(keys)] : [];
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => maskedPlaces(item, [...keys, everything])))];
  return isObject(value) ? Object.entries(value).flatMap(([name, item]) => maskedPlaces(item, [...keys, name])) : [];
}

const mostShown = 20;

/** What whoever has saved a run must know of it, where something is masked. */
export function maskedWords(places: readonly string[]): string | undefined {
  if (places.length === 0) return undefined;
  const more = places.length > mostShown ? ` and ${places.length - mostShown} more` : '';
  return `Masked in the recording: ${places.slice(0, mostShown).join(', ')}${more}. Where the flow needs them, write values for the test there.`;
}
