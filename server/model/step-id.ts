/** Whether a person may give it to a step as its id. */
export const isId = (text: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text);

/** Why a text cannot be the id of a step, where others have `taken` theirs; nothing where it can. */
export function idFault(text: string, taken: readonly string[]): string | undefined {
  if (!isId(text)) return 'Ids are lower-case letters and digits, with hyphens between them, such as get-orders.';
  return taken.includes(text) ? `There is a step ${text} already.` : undefined;
}
