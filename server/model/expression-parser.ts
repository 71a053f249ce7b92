import { FlowError, isHeld, plainDigits, whyNotHeld } from '../../plugins/sdk/index.ts';
import { binaryOperators, invalid, type Argument, type BinaryOperator, type Expression, type Literal, type ExpressionPart, type PathExpression, type Template, type TextPart } from './expression-syntax.ts';
import { compilePath } from './path.ts';

/** Fails with `CONFIG_EXPRESSION`; `details.start` and `details.end` are the place in the text. */
export function parseTemplate(text: string): Template {
  const parts: (TextPart | ExpressionPart)[] = [];
  let at = 0;
  while (at < text.length) {
    const open = openingAt(text, at);
    if (open > at) parts.push({ kind: 'text', text: text.slice(at, open), start: at, end: open });
    if (open === text.length) break;
    const { expression, end } = parseExpression(text, open + 2);
    const close = /\s*/y;
    close.lastIndex = end;
    const closing = end + (close.exec(text)?.[0].length ?? 0);
    if (!text.startsWith('}}', closing)) {
      throw closing >= text.length
        ? invalid(text, open, text.length, 'the closing }} is missing')
        : invalid(text, closing, closing + 1, `}} or an operator is expected, not ${JSON.stringify(text[closing])}`);
    }
    at = closing + 2;
    parts.push({ kind: 'expression', expression, start: open, end: at });
  }
  return { parts };
}

// Of a longer run of braces the last two open: `{{{ payload }}}` is an expression between braces, since none begins with one.
function openingAt(text: string, from: number): number {
  let open = text.indexOf('{{', from);
  if (open < 0) return text.length;
  while (text[open + 2] === '{') open += 1;
  return open;
}

// Deep nesting would exhaust the stack, and nobody could read it.
const deepest = 50;
const longest = 10_000;

interface Reader {
  readonly text: string;
  at: number;
  readonly start: number;
  depth: number;
}

/** Reads one expression from `start` on, up to the first character that does not belong to it. Fails with `CONFIG_EXPRESSION`. */
function parseExpression(text: string, start: number): { readonly expression: Expression; readonly end: number } {
  const reader: Reader = { text, at: start, start, depth: 0 };
  const expression = pipeline(reader);
  return { expression, end: reader.at };
}

function pipeline(reader: Reader): Expression {
  if (++reader.depth > deepest) throw fail(reader, reader.at, 'it is nested too deeply');
  let left = binary(reader, 0);
  for (;;) {
    if (take(reader, '??')) {
      const fallback = binary(reader, 0);
      left = { kind: 'default', value: left, fallback, start: left.start, end: fallback.end };
    } else if (take(reader, '|')) {
      left = pipe(reader, left);
    } else break;
  }
  checkOperator(reader);
  reader.depth -= 1;
  return left;
}

/** What other languages write, behind a value that is over. */
const otherOperators: Readonly<Record<string, string>> = { 'and': '&&', 'or': '||', '&': '&&', '=': '==' };

function checkOperator(reader: Reader): void {
  const start = skipSpace(reader);
  const [written = ''] = /^(?:(?:and|or)\b|=|&)/i.exec(reader.text.slice(start, start + 4)) ?? [];
  const meant = otherOperators[written.toLowerCase()];
  if (meant !== undefined) throw fail(reader, start, `write ${meant} instead of ${written}`);
}

function pipe(reader: Reader, input: Expression): Expression {
  const start = skipSpace(reader);
  const transform = match(reader, /[a-z][a-z0-9]*(?:-[a-z0-9]+)*/y);
  if (transform === undefined) throw fail(reader, start, 'the name of a transform is expected after |');
  const name = { start, end: reader.at };
  const settings = take(reader, '(') ? entries(reader, ')') : {};
  return { kind: 'pipe', input, transform, name, settings, start: input.start, end: reader.at };
}

function binary(reader: Reader, level: number): Expression {
  const operators = binaryOperators[level];
  if (!operators) return unary(reader);
  let left = binary(reader, level + 1);
  for (let operator = takeOperator(reader, operators); operator; operator = takeOperator(reader, operators)) {
    if (reader.at - reader.start > longest) throw fail(reader, reader.at, `it is longer than ${longest} characters`);
    const right = binary(reader, level + 1);
    left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
  }
  return left;
}

function unary(reader: Reader): Expression {
  const start = skipSpace(reader);
  const number = numberAt(reader);
  if (number) return number;
  for (const operator of ['!', '-'] as const) {
    if (reader.text[reader.at] !== operator || (operator === '!' && reader.text[reader.at + 1] === '=')) continue;
    reader.at += 1;
    if (++reader.depth > deepest) throw fail(reader, start, 'it is nested too deeply');
    const operand = unary(reader);
    reader.depth -= 1;
    return { kind: 'unary', operator, operand, start, end: reader.at };
  }
  if (!take(reader, '(')) return literalOrPath(reader, 'a value');
  const inner = pipeline(reader);
  if (!take(reader, ')')) throw fail(reader, skipSpace(reader), 'the closing ) is missing');
  return { ...inner, start, end: reader.at };
}

function literalOrPath(reader: Reader, wanted: string): Literal | PathExpression {
  const start = skipSpace(reader);
  const number = numberAt(reader);
  if (number) return number;
  const mark = reader.text[reader.at];
  if (mark === '"' || mark === "'") return { kind: 'literal', value: stringAt(reader), start, end: reader.at };
  const other = match(reader, /not(?=\s+[\w("'!])/iy);
  if (other !== undefined) throw fail(reader, start, `write ! instead of ${other}`);
  const [longer = ''] = /^[=!]==/.exec(reader.text.slice(Math.max(0, start - 2), start + 1)) ?? /^<>/.exec(reader.text.slice(Math.max(0, start - 1), start + 1)) ?? [];
  if (longer !== '') throw fail(reader, start, `write ${longer === '===' ? '==' : '!='} instead of ${longer}`);
  const root = match(reader, /[A-Za-z_]\w*/y);
  if (root === undefined) throw fail(reader, start, start >= reader.text.length || reader.text.startsWith('}}', start) ? `${wanted} is missing` : `${wanted} is expected, not ${JSON.stringify(reader.text[start])}`);
  if (Object.hasOwn(words, root)) return { kind: 'literal', value: words[root as keyof typeof words], start, end: reader.at };
  return { kind: 'path', root, path: segments(reader), start, end: reader.at };
}

const words = { true: true, false: false, null: null } as const;

function numberAt(reader: Reader): Literal | undefined {
  const start = skipSpace(reader);
  const text = match(reader, /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) throw fail(reader, start, `${text} is too large`);
  if (!isHeld(value, text)) throw fail(reader, start, `${text} ${whyNotHeld(value, text)}: write it as a text, "${plainDigits(text)}"`);
  return { kind: 'literal', value, start, end: reader.at };
}

function stringAt(reader: Reader): string {
  const start = reader.at;
  const raw = match(reader, /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"/y);
  if (raw === undefined) throw fail(reader, start, 'the closing quote is missing');
  const body = raw.slice(1, -1).replaceAll(/\\[^]|["\p{Cc}]/gu, (part) => (part === String.raw`\'` ? "'" : part.startsWith('\\') ? part : JSON.stringify(part).slice(1, -1)));
  try {
    return JSON.parse(`"${body}"`) as string;
  } catch (error) {
    throw fail(reader, start, 'the text has an escape that JSON does not know', error);
  }
}

/** What follows a root: `.name`, `['name']`, `[0]`, `[*]`, filters; a dash belongs to a name when no space stands before it. */
function segments(reader: Reader): string {
  const start = reader.at;
  for (;;) {
    if (reader.text[reader.at] === '[') bracket(reader);
    else if (match(reader, /\.{1,2}(?:\*|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(?:-+[\w\u0080-\uffff]+)*)/y) === undefined) {
      if (!reader.text.startsWith('..[', reader.at)) break;
      reader.at += 2;
    }
  }
  if (reader.text[reader.at] === '.') {
    const [next = ''] = /^(?:\d|[@#][\w:-]+)/.exec(reader.text.slice(reader.at + 1)) ?? [];
    throw fail(reader, reader.at + 1, /^\d/.test(next) ? 'write the index of a list in brackets: items[0]' : next === '' ? 'a name is expected after the dot' : `write a name with ${next[0]!} in brackets and quotes: ['${next}']`);
  }
  const path = reader.text.slice(start, reader.at);
  try {
    compilePath(`$${path}`);
  } catch (error) {
    if (!FlowError.is(error, 'CONFIG_PATH')) throw error;
    throw fail(reader, start + Math.max(0, Number(error.details['position'] ?? 1) - 1), `${path} is no valid path`, error);
  }
  return path;
}

function bracket(reader: Reader): void {
  const start = reader.at;
  let open = 0;
  do {
    const part = match(reader, /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|[^'"]/y);
    if (part === undefined) throw fail(reader, start, 'the closing ] is missing');
    if (part === '[') open += 1;
    if (part === ']') open -= 1;
  } while (open > 0);
}

function argument(reader: Reader): Argument {
  const start = skipSpace(reader);
  if (++reader.depth > deepest) throw fail(reader, start, 'it is nested too deeply');
  try {
    if (take(reader, '{')) return { kind: 'object', entries: entries(reader, '}'), start, end: reader.at };
    if (!take(reader, '[')) return literalOrPath(reader, 'a literal or a path');
    const items: Argument[] = [];
    while (!take(reader, ']')) {
      if (items.length > 0 && !take(reader, ',')) throw fail(reader, skipSpace(reader), ', or ] is expected');
      items.push(argument(reader));
    }
    return { kind: 'list', items, start, end: reader.at };
  } finally {
    reader.depth -= 1;
  }
}

function entries(reader: Reader, close: string): Readonly<Record<string, Argument>> {
  const found: [string, Argument][] = [];
  while (!take(reader, close)) {
    if (found.length > 0 && !take(reader, ',')) throw fail(reader, skipSpace(reader), `, or ${close} is expected`);
    const start = skipSpace(reader);
    const mark = reader.text[reader.at];
    const name = mark === '"' || mark === "'" ? stringAt(reader) : match(reader, /[A-Za-z_$][\w$]*(?:-[\w$]+)*/y);
    if (name === undefined) throw fail(reader, start, 'a setting is written as name: value');
    if (!take(reader, ':')) throw fail(reader, skipSpace(reader), `: is expected after ${name}`);
    if (found.some(([other]) => other === name)) throw fail(reader, start, `${name} is there twice`);
    found.push([name, argument(reader)]);
  }
  // Not by assignment: a setting named __proto__ must stay a setting.
  return Object.fromEntries(found);
}

function takeOperator(reader: Reader, operators: readonly BinaryOperator[]): BinaryOperator | undefined {
  return operators.find((operator) => take(reader, operator));
}

function take(reader: Reader, mark: string): boolean {
  skipSpace(reader);
  if (!reader.text.startsWith(mark, reader.at) || (mark === '|' && reader.text[reader.at + 1] === '|')) return false;
  reader.at += mark.length;
  return true;
}

function skipSpace(reader: Reader): number {
  match(reader, /\s+/y);
  return reader.at;
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function fail(reader: Reader, at: number, problem: string, cause?: unknown): FlowError {
  const error = invalid(reader.text, Math.min(at, reader.text.length), Math.min(at + 1, reader.text.length), problem);
  if (cause !== undefined) error.cause = cause;
  return error;
}
