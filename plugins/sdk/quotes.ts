/** How a language such as SQL quotes. */
export interface Quoting {
  /** A backslash takes the meaning of the quotation mark behind it. */
  readonly hasBackslash: boolean;
  /** Names may stand in brackets. */
  readonly hasBrackets?: boolean;
}

/** What a text leaves open at its end: a quotation mark, a bracket, or the begin of a comment. */
export function quotesOpen(text: string, quoting: Quoting): string | undefined {
  let open: string | undefined;
  let escapes = false;
  for (let at = 0; at < text.length; at++) {
    if (open === undefined) {
      open = openerAt(text, at, quoting);
      // E'…' of PostgreSQL.
      escapes = quoting.hasBackslash || (open === "'" && !quoting.hasBrackets && /(^|[^\w$])e$/i.test(text.slice(Math.max(0, at - 2), at)));
      if (open !== undefined) at += open.length - 1;
    } else if (escapes && text[at] === '\\') at++;
    // A bracket that is doubled is one of the name.
    else if (open === '[' && text.startsWith(']]', at)) at++;
    else {
      const end = closers[open] ?? open;
      // A quotation mark that is doubled closes and opens again.
      if (text.startsWith(end, at)) [open, at] = [undefined, at + end.length - 1];
    }
  }
  return open;
}

/** What an opener is called in a sentence. */
export const quoteWords = (open: string): string => (open === '[' ? 'brackets' : open in closers ? 'a comment' : `the quotation marks ${open}`);

const closers: Readonly<Record<string, string>> = { '--': '\n', '#': '\n', '/*': '*/', '[': ']' };

function openerAt(text: string, at: number, { hasBackslash, hasBrackets }: Quoting): string | undefined {
  const character = text[at]!;
  if (/['"`]/.test(character) || (character === '#' && hasBackslash) || (character === '[' && hasBrackets)) return character;
  if (text.startsWith('--', at) || text.startsWith('/*', at)) return text.slice(at, at + 2);
  return character === '$' && !hasBackslash && !hasBrackets ? /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 66))?.[0] : undefined;
}
