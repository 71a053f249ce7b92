/** The words of a name, in lower case: `listOrders`, `list_orders` and `List orders` are `['list', 'orders']`. */
export const wordsOf = (text: string): string[] =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2').toLowerCase().match(/[a-z\d]+/g) ?? [];
