import type { JsonType } from './schema-types.ts';

/** The transform that makes a wanted type of a given one, where there is a usual one. */
export function castTo(given: ReadonlySet<JsonType>, wanted: ReadonlySet<JsonType>): string | undefined {
  const plain = [...given].every((type) => type === 'string' || type === 'number' || type === 'boolean');
  if (plain && wanted.has('string')) return 'cast-to-string';
  if (plain && wanted.has('number')) return 'cast-to-number';
  if (plain && wanted.has('boolean')) return 'cast-to-boolean';
  if (given.size === 1 && given.has('array') && wanted.has('string')) return 'array-join';
  return undefined;
}
