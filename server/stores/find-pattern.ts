/** What a text is looked for with in bytes that are read as Latin-1, whatever its case. */
export interface FindPattern {
  /** Has the flag `g`. */
  readonly pattern: RegExp;
  /** Bytes that a match has at most. */
  readonly longest: number;
}

/** `json`: inside of JSON texts, where a letter may stand escaped. */
export function findPattern(text: string, form: 'json' | 'plain'): FindPattern {
  const letters = [...text].map((letter) => waysToWrite(letter, form));
  return {
    pattern: new RegExp(letters.map(({ source }) => source).join(''), 'g'),
    longest: letters.reduce((sum, { longest }) => sum + longest, 0),
  };
}

/** Whether a place lies in an escape of a JSON text that begins before it. */
export function isInEscape(bytes: string, at: number): boolean {
  for (let back = 1; back <= 5 && back <= at; back++) {
    if (bytes[at - back] !== '\\') continue;
    let first = at - back;
    while (first > 0 && bytes[first - 1] === '\\') first--;
    const isEscape = (at - back - first) % 2 === 0;
    return isEscape && (back === 1 || bytes[at - back + 1] === 'u');
  }
  return false;
}

const shortEscapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't' };

function waysToWrite(letter: string, form: 'json' | 'plain'): { readonly source: string; readonly longest: number } {
  const cases = [...new Set([letter, letter.toLowerCase(), letter.toUpperCase()])];
  const mustEscape = letter === '"' || letter === '\\' || letter < ' ';
  const raw = form === 'json' && mustEscape ? [] : cases.map((one) => Buffer.from(one).toString('latin1'));
  const escaped = form === 'plain' ? [] : cases.map((one) => one.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''));
  const short = form === 'json' && Object.hasOwn(shortEscapes, letter) ? [`\\${shortEscapes[letter]}`] : [];
  const all = [...raw, ...short, ...escaped];
  // One byte each: a class of them is much faster than a choice.
  const single = raw.filter((one) => one.length === 1).map(quote).join('');
  const sources = [...(single ? [`[${single}]`] : []), ...raw.filter((one) => one.length > 1).map(quote), ...short.map(quote), ...escaped.map(anyCaseOfHex)];
  return { source: sources.length === 1 ? sources[0]! : `(?:${sources.join('|')})`, longest: Math.max(...all.map((one) => one.length)) };
}

const quote = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
const anyCaseOfHex = (escape: string): string => escape.replaceAll('\\u', String.raw`\\u`).replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
