import { everything, printPath, type PathKey } from './path.ts';
import type { PlaceFault } from './schema-place.ts';
import { closest, listed } from './suggest.ts';

/** Why a path leads nowhere, in words. `owner`: what the path begins in. */
export function faultReason(keys: readonly PathKey[], { at, reason }: PlaceFault, owner = 'the record'): string {
  const before = printPath(keys.slice(0, at));
  const holder = before === '' ? owner : JSON.stringify(before);
  if (reason === 'no-field') return `${holder} has no field ${JSON.stringify(String(keys[at]))}`;
  return `${holder} is ${reason === 'in-list' ? 'a list, whose items are reached by [*] or an index' : reason === 'no-list' ? 'no list' : 'no object'}`;
}

export const namesFix = ({ names }: PlaceFault, otherwise: string): string => (names.length > 0 ? `There ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.` : otherwise);

/** The path that was probably meant. */
export function mendedKeys(keys: readonly PathKey[], { at, reason, names }: PlaceFault): readonly PathKey[] | undefined {
  if (reason === 'in-list') return [...keys.slice(0, at), everything, ...keys.slice(at)];
  if (reason === 'no-list') return [...keys.slice(0, at), ...keys.slice(at + 1)];
  const name = reason === 'no-field' ? closest(String(keys[at]), names) : undefined;
  return name === undefined ? undefined : [...keys.slice(0, at), name, ...keys.slice(at + 1)];
}
