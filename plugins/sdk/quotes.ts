/** How a language such as SQL quotes. */
export interface Quoting {
  /** A backslash takes the meaning of the quotation mark behind it. */
  readonly hasBackslash: boolean;
  /** Names may stand in brackets. */
  readonly hasBrackets?: boolean;
}

/** What a text leaves open at its end: a quotation mark, a bracket, or the begin of a comment. */
export const quotesOpen = (text: string, quoting: Quoting): string | undefined => scan(text, quoting).open;

/** A text without what it quotes and its comments: `''` and a blank in their places, and `/*!` for a comment that MySQL runs. */
export const withoutQuotes = (text: string, quoting: Quoting): string => scan(text, quoting).bare;

function scan(text: string, quoting: Quoting): { readonly open: string | undefined; readonly bare: string } {
  let open: string | undefined;
  let escapes = false;
  let depth = 1;
  let bare = '';
  for (let at = 0; at < text.length; at++) {
    if (open === undefined) {
      open = openerAt(text, at, quoting);
      // E'…' of PostgreSQL.
      escapes = quoting.hasBackslash || (open === "'" && !quoting.hasBrackets && /(^|[^\w$])e$/i.test(text.slice(Math.max(0, at - 2), at)));
      bare += open === undefined ? text[at] : standIn(open, text.slice(at, at + 4));
      if (open !== undefined) at += open.length - 1;
      depth = 1;
    } else if (escapes && text[at] === '\\') at++;
    // A bracket that is doubled is one of the name.
    else if (open === '[' && text.startsWith(']]', at)) at++;
    // In MySQL the first end of a comment is its end.
    else if (open === '/*' && !quoting.hasBackslash && text.startsWith('/*', at)) [depth, at] = [depth + 1, at + 1];
    else if (open === '/*' && depth > 1 && text.startsWith('*/', at)) [depth, at] = [depth - 1, at + 1];
    else {
      const end = open === '--' && !quoting.hasBackslash && text[at] === '\r' ? '\r' : closers[open] ?? open;
      // A quotation mark that is doubled closes and opens again.
      if (text.startsWith(end, at)) [open, at] = [undefined, at + end.length - 1];
    }
  }
  return { open, bare };
}

const standIn = (open: string, text: string): string => (!(open in closers) || open === '[' ? "''" : /^\/\*M?!/.test(text) ? ' /*! ' : ' ');

/** What an opener is called in a sentence. */
export const quoteWords = (open: string): string => (open === '[' ? 'brackets' : open in closers ? 'a comment' : `the quotation marks ${open}`);

const closers: Readonly<Record<string, string>> = { '--': '\n', '#': '\n', '/*': '*/', '[': ']' };

function openerAt(text: string, at: number, { hasBackslash, hasBrackets }: Quoting): string | undefined {
  const character = text[at]!;
  if (/['"`]/.test(character) || (character === '#' && hasBackslash) || (character === '[' && hasBrackets)) return character;
  // In MySQL two of them before a number are its signs.
  if ((text.startsWith('--', at) && !(hasBackslash && /[^\s\p{Cc}]/u.test(text.slice(at + 2, at + 3)))) || text.startsWith('/*', at)) return text.slice(at, at + 2);
  return character === '$' && !hasBackslash && !hasBrackets ? /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(at, at + 66))?.[0] : undefined;
}
