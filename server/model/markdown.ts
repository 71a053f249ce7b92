/** A value as code in a cell of a table. */
export const code = (value: unknown): string => cell(inlineCode(typeof value === 'string' && value !== '' ? value : JSON.stringify(value)));

/** Text as code, whatever marks are in it. */
export const inlineCode = (text: string): string => {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
};

/** Text in a cell of a table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
