/** The words of a name, in lower case: `listOrders`, `list_orders` and `List orders` are `['list', 'orders']`. */
export const wordsOf = (text: string): string[] =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2').toLowerCase().match(/[a-z\d]+/g) ?? [];

/** A name that is not taken: `orders`, or `orders-2` where that is. */
export function freeName(wanted: string, isTaken: (name: string) => boolean, joint = '-'): string {
  let name = wanted;
  for (let number = 2; isTaken(name); number++) name = `${wanted}${joint}${number}`;
  return name;
}

/** The same of an id that may have a number: `map-3` where `map-2` is taken. */
export function freeId(wanted: string, isTaken: (id: string) => boolean): string {
  const base = wanted.replace(/-\d+$/, '') || 'step';
  return isTaken(wanted) ? freeName(base, (id) => id === base || isTaken(id)) : wanted;
}

/** A name that a manifest takes for a param or variable, and that is not taken. */
export function freeParam(wanted: string, isTaken: (name: string) => boolean): string {
  const cleaned = wanted.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+(?=[A-Za-z])/, '').replace(/(?<=.)_+$/, '');
  return freeName(/^[A-Za-z_]/.test(cleaned) ? cleaned : `p_${cleaned}`, isTaken, '_');
}

/** `1 case`, `2 cases`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
