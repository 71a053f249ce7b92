/** The source paths of a rule as one text: `firstName, lastName`. */
export function printSources(from: unknown): string {
  if (typeof from === 'string') return from;
  return Array.isArray(from) ? from.filter((path) => typeof path === 'string').join(', ') : '';
}

/** One path, a list of several, nothing where the text is empty. Commas in brackets and quotes belong to a path. */
export function readSources(text: string): string | readonly string[] | undefined {
  const paths: string[] = [];
  let depth = 0;
  let quote = '';
  let path = '';
  for (const char of text) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if ('[('.includes(char)) depth++;
    else if ('])'.includes(char)) depth--;
    if (char === ',' && depth === 0 && quote === '') {
      paths.push(path.trim());
      path = '';
    } else {
      path += char;
    }
  }
  const all = [...paths, path.trim()].filter((one) => one !== '');
  return all.length === 0 ? undefined : all.length === 1 ? all[0] : all;
}
