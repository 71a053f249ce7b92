import { quote } from './quote.ts';

/** One place below a value: a name, an index (negative from the end), or all entries. */
export type PathKey = string | number | typeof everything;
export const everything: unique symbol = Symbol('*');

/** The query of a place, such as `items[0]['first name']`, without the leading `$.`. */
export function printPath(keys: readonly PathKey[]): string {
  const text = keys.map((key) => (key === everything ? '[*]' : typeof key === 'number' ? `[${key}]` : plainName.test(key) ? `.${key}` : `[${quote(key)}]`)).join('');
  return text.startsWith('.') ? text.slice(1) : text;
}

const plainName = /^[A-Za-z_\u0080-\ud7ff\ue000-\uffff][\w\u0080-\ud7ff\ue000-\uffff]*$/;
