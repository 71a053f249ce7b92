/**
 * A part of a payload has in its id which one it is of, and the number of its first record there: what is made of a record, such as the key of a request or the
 * id of a message, is the same when the part is sent again. Nobody knows what became of the one that was on its way.
 */
export interface PartPlace {
  readonly whole: string;
  readonly begin: number;
}

/** Of a payload that is no part, itself. */
export function placeOf(id: string): PartPlace {
  const [, whole = id, begin = '0'] = /^(.+)\.(\d+)$/.exec(id) ?? [];
  return { whole, begin: Number(begin) };
}

/** The id of the part that begins `from` records behind the beginning of a payload. */
export function partId(id: string, from: number): string {
  const { whole, begin } = placeOf(id);
  return `${whole}.${begin + from}`;
}
