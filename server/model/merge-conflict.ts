/** Where a merge has left two versions in a text, for a person to choose from; for texts that are no JSON: in one that is, no line can begin like that. */
export function mergeConflictIn(text: string): { readonly offset: number; readonly length: number } | undefined {
  const begin = /^<{7}(?= |\r?$)[^\r\n]*/m.exec(text);
  return begin && /^>{7}(?= |\r?$)/m.test(text) ? { offset: begin.index, length: begin[0].length } : undefined;
}
