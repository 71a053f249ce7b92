import { FlowError } from '../../plugins/sdk/index.ts';

/** The commands of a shell text as words, with quotes and escapes taken away as POSIX shells and bash's `$'…'` do. Nothing is ever expanded or run: `onPart` is told what would be. */
export function shellCommands(text: string, onPart: (what: string) => void = () => undefined): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let at = 0;
  const endWord = (): void => {
    if (word !== undefined) commands.at(-1)!.push(word);
    word = undefined;
  };
  while (at < text.length) {
    const letter = text[at]!;
    if (letter === "'" || letter === '"' || (letter === '$' && text[at + 1] === "'")) {
      const quoted = readQuoted(text, at, onPart);
      word = (word ?? '') + quoted.value;
      at = quoted.end;
    } else if (letter === '\\' || (letter === '^' && /^\^\r?\n/.test(text.slice(at, at + 3)))) {
      const lineBreak = /^.\r?\n/.exec(text.slice(at, at + 3));
      if (!lineBreak) word = (word ?? '') + (text[at + 1] ?? '');
      at += lineBreak ? lineBreak[0].length : 2;
    } else if (partAt(text, at)) {
      const { end, what } = partAt(text, at)!;
      onPart(what);
      word = (word ?? '') + text.slice(at, end);
      at = end;
    } else if (letter === '\n' || letter === ';' || (letter === '|' && word === undefined) || (letter === '&' && word === undefined)) {
      endWord();
      if (commands.at(-1)!.length > 0) commands.push([]);
      at++;
    } else if (letter === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (/\s/.test(letter)) {
      endWord();
      at++;
    } else {
      word = (word ?? '') + letter;
      at++;
    }
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

function readQuoted(text: string, start: number, onPart: (what: string) => void, depth = 0): { readonly value: string; readonly end: number } {
  const isAnsi = text[start] === '$';
  const quote = isAnsi ? "'" : text[start]!;
  let value = '';
  for (let at = start + (isAnsi ? 2 : 1); at < text.length; at++) {
    const letter = text[at]!;
    if (letter === quote) return { value, end: at + 1 };
    const part = quote === '"' ? partAt(text, at, depth) : undefined;
    if (part) {
      onPart(part.what);
      value += text.slice(at, part.end);
      at = part.end - 1;
    } else if (letter !== '\\' || (quote === "'" && !isAnsi)) value += letter;
    else if (isAnsi) {
      const [escape, hex, short] = /^\\(?:u([0-9a-fA-F]{1,4})|x([0-9a-fA-F]{1,2})|.)/s.exec(text.slice(at)) ?? ['\\'];
      value += hex ?? short ? String.fromCharCode(Number.parseInt((hex ?? short)!, 16)) : (ansi[escape[1] ?? ''] ?? escape[1] ?? '');
      at += escape.length - 1;
    } else if (text[at + 1] === '\n') at++;
    else if ('"\\$`'.includes(text[at + 1] ?? ' ')) value += text[++at]!;
    else value += letter;
  }
  throw unclosed(text, start, `quote ${quote}`, quote);
}

const unclosed = (text: string, start: number, what: string, closing: string): FlowError => unreadable(text, start, 'is not complete', `the ${what} is not closed`, `Add a closing ${closing}.`);

function unreadable(text: string, start: number, what: string, why: string, remedy: string): FlowError {
  const line = text.slice(0, start).split('\n').length;
  const column = start - text.lastIndexOf('\n', start - 1);
  return new FlowError('DATA_INVALID', `The command ${what}: line ${line}, column ${column}: ${why}.`, { place: { line, column }, details: { line, column }, remedy });
}

/** What a shell would put a value in place of: a variable, or a command within the command, of which no more is told than its first word. */
function partAt(text: string, at: number, depth = 0): { readonly end: number; readonly what: string } | undefined {
  if (text[at] === '`') {
    const [whole, inner = ''] = /^`((?:[^`\\]|\\.)*)`/s.exec(text.slice(at)) ?? [];
    return whole === undefined ? undefined : { end: at + whole.length, what: `\`${firstWord(inner)} …\`` };
  }
  if (text.startsWith('$(', at)) {
    const end = endOfCommand(text, at, depth);
    return { end, what: `$(${firstWord(text.slice(at + 2, end - 1))} …)` };
  }
  const [whole, name, braced] = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)[^}]*\})/.exec(text.slice(at, at + 200)) ?? [];
  return whole === undefined ? undefined : { end: at + whole.length, what: (name ?? braced)! };
}

const firstWord = (command: string): string => /^\s*([\w./-]*)/.exec(command)![1]!;

/** Behind the bracket that closes `$(`. `within`: how many commands this one stands in, by quotes. */
function endOfCommand(text: string, start: number, within: number): number {
  if (within === mostWithin) throw unreadable(text, start, 'cannot be read', `more than ${mostWithin} commands stand within each other`, 'Write their outcome in their place.');
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === "'" || letter === '"') at = readQuoted(text, at, () => undefined, within + 1).end - 1;
    else if (letter === '\\') at++;
    else if (letter === '(') depth++;
    else if (letter === ')' && --depth === 0) return at + 1;
  }
  throw unclosed(text, start, 'bracket $(', ')');
}

/** Each is read within the reading of the one around it. */
const mostWithin = 50;

const ansi: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', a: '\u0007', e: '\u001b', 0: '\0' };
