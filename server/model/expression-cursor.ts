import type { PathKey } from './path.ts';
import { plainKeys } from './plain-path.ts';

/** What is being written at a place of an expression that need not be complete. `start` and `end`: what a candidate replaces, in the text. */
export type Cursor =
  /** A value may begin here. */
  | { readonly kind: 'root'; readonly start: number; readonly end: number }
  /** A part of a path. `below`: keys before it. `opens`: where its dot or bracket stands; -1 where it needs none. */
  | { readonly kind: 'field'; readonly root: string; readonly below: readonly PathKey[]; readonly opens: number; readonly start: number; readonly end: number; readonly isBracket: boolean }
  /** The name of a transform. `input`: what stands before the pipe. */
  | { readonly kind: 'transform'; readonly input: string; readonly start: number; readonly end: number }
  | { readonly kind: 'setting'; readonly transform: string; readonly given: readonly string[]; readonly start: number; readonly end: number }
  /** The value of a setting. `quote`: the one that is open. */
  | { readonly kind: 'value'; readonly transform: string; readonly setting: string; readonly quote?: string; readonly start: number; readonly end: number };

/** What stands at a place of a template; `undefined` outside of expressions, and where nothing but an operator can follow. */
export function templateCursor(text: string, offset: number): Cursor | undefined {
  const open = openExpression(text.slice(0, offset));
  return open && cursorIn(text, offset, open.start, open.tokens);
}

/** Whether a place of a template is inside of an expression. */
export const isInExpression = (text: string, offset: number): boolean => openExpression(text.slice(0, offset)) !== undefined;

/** The expression that is not closed at the end of a text. */
function openExpression(before: string): { readonly start: number; readonly tokens: readonly Token[] } | undefined {
  for (let at = 0; ;) {
    let open = before.indexOf('{{', at);
    if (open < 0) return undefined;
    while (before[open + 2] === '{') open += 1;
    const tokens = tokensOf(before, open + 2);
    const last = tokens.at(-1);
    if (last?.kind !== 'close') return { start: open + 2, tokens };
    at = last.end;
  }
}

/** The same for a path that stands alone, such as the field of a condition. */
export function pathCursor(query: string, offset: number): Cursor | undefined {
  const start = query.startsWith('$') ? 1 : 0;
  if (offset < start) return undefined;
  return fieldCursor(query, offset, { root: '', start, isBare: start === 0 });
}

interface Token {
  readonly kind: 'word' | 'path' | 'text' | 'open-text' | 'number' | 'mark' | 'close';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const string = String.raw`'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"`;
const lexemes: readonly (readonly [Token['kind'] | undefined, RegExp])[] = [
  [undefined, /\s+/y],
  ['close', /\}\}/y],
  ['text', new RegExp(string, 'y')],
  ['open-text', /['"][^]*/y],
  ['number', /-?\d[\w.]*/y],
  ['path', new RegExp(String.raw`[A-Za-z_]\w*(?:\.{1,2}(?:\*|[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(?:-+[\w\u0080-\uffff]*)*)?|\[(?:${string}|[^'"\]])*(?:\]|['"][^]*$|$))+`, 'y')],
  ['word', /[A-Za-z_$][\w$]*(?:-[\w$]*)*/y],
  ['mark', /\?\?|\|\||&&|[=!<>]=|[^]/y],
];

/** Up to the end of the text, or of the expression. */
function tokensOf(text: string, start: number): Token[] {
  const tokens: Token[] = [];
  for (let at = start; at < text.length;) {
    for (const [kind, pattern] of lexemes) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      // A dash belongs to the name of a transform or a setting, and to that of a root only behind a dot.
      if (kind) tokens.push({ kind, text: found, start: at, end: at + found.length });
      at += found.length;
      break;
    }
    if (tokens.at(-1)?.kind === 'close') break;
  }
  return tokens;
}

interface Call {
  /** Empty for a bracket, a list or an object. */
  readonly transform: string;
  readonly given: string[];
  /** The setting whose value is being written. */
  setting: string | undefined;
}

function cursorIn(text: string, offset: number, start: number, tokens: readonly Token[]): Cursor | undefined {
  const calls: Call[] = [];
  let isValueNext = true;
  const touching = tokens.at(-1)?.end === offset ? tokens.at(-1)! : undefined;
  const end = offset + (/^[\w$]+(?:-[\w$]+)*/.exec(text.slice(offset))?.[0].length ?? 0);
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const call = calls.at(-1);
    const isName = before?.text === '|' && before.kind === 'mark';
    const isSetting = call !== undefined && call.transform !== '' && call.setting === undefined;
    const isLast = token === touching;
    switch (token.kind) {
      case 'word':
        if (isName) {
          if (isLast) return { kind: 'transform', input: text.slice(start, before.start), start: token.start, end };
          isValueNext = false;
        } else if (isSetting) {
          if (isLast) return { kind: 'setting', transform: call.transform, given: call.given, start: token.start, end };
        } else {
          if (isLast) return isValueNext ? valueAt(call, token.start, end) : undefined;
          isValueNext = false;
        }
        break;
      case 'path':
        if (isLast) return isValueNext && !isName && !isSetting ? fieldCursor(text, offset, { root: /^\w+/.exec(token.text)![0], start: token.start + /^\w+/.exec(token.text)![0].length, isBare: false }) : undefined;
        isValueNext = false;
        break;
      case 'open-text':
        return call?.setting !== undefined && call.transform !== '' ? { kind: 'value', transform: call.transform, setting: call.setting, quote: token.text[0]!, start: token.start, end: token.end + (/^[^'"\\]*?['"]/.exec(text.slice(offset))?.[0].length ?? 0) } : undefined;
      case 'text':
      case 'number':
        if (isLast) return undefined;
        isValueNext = false;
        break;
      default:
        isValueNext = markAt(token.text, calls, before, isValueNext);
    }
  }
  const [last, call] = [tokens.at(-1), calls.at(-1)];
  if (last?.text === '|' && last.kind === 'mark') return { kind: 'transform', input: text.slice(start, last.start), start: offset, end };
  if (call !== undefined && call.transform !== '' && call.setting === undefined) return { kind: 'setting', transform: call.transform, given: call.given, start: offset, end };
  return isValueNext ? valueAt(call, offset, end) : undefined;
}

const valueAt = (call: Call | undefined, start: number, end: number): Cursor => (call?.setting !== undefined && call.transform !== '' ? { kind: 'value', transform: call.transform, setting: call.setting, start, end } : { kind: 'root', start, end });

/** Follows brackets and settings; says whether a value comes next. */
function markAt(mark: string, calls: Call[], before: Token | undefined, isValueNext: boolean): boolean {
  const call = calls.at(-1);
  if (mark === '(' || mark === '[' || mark === '{') {
    calls.push({ transform: mark === '(' && !isValueNext && before?.kind === 'word' ? before.text : '', given: [], setting: undefined });
    return true;
  }
  if (mark === ')' || mark === ']' || mark === '}') {
    calls.pop();
    return false;
  }
  if (mark === ':' && call && call.transform !== '' && before) {
    call.setting = before.text.replaceAll(/^['"]|['"]$/g, '');
    call.given.push(call.setting);
  }
  if (mark === ',' && call) call.setting = undefined;
  return true;
}

/** The last part of a path that ends at `offset`. `start`: behind its root. */
function fieldCursor(text: string, offset: number, { root, start, isBare }: { readonly root: string; readonly start: number; readonly isBare: boolean }): Cursor | undefined {
  const path = text.slice(start, offset);
  const [bracket] = /\[(?:(?:'(?:\\[^]|[^'\\])*)|(?:"(?:\\[^]|[^"\\])*)|[\d*]*)$/.exec(path) ?? [];
  if (bracket !== undefined && isPath(path.slice(0, -bracket.length), isBare)) {
    const opens = offset - bracket.length;
    const rest = /^(?:[^'"\]\s}|]*['"]?\])?/.exec(text.slice(offset))![0];
    const below = keysOf(path.slice(0, -bracket.length), isBare);
    return below && { kind: 'field', root, below, opens, start: opens, end: offset + rest.length, isBracket: true };
  }
  const name = /(?:^|\.)([\w\u0080-\uffff-]*)$/.exec(path);
  if (!name || (!isBare && !name[0].startsWith('.'))) return undefined;
  const before = path.slice(0, name.index);
  if (before.endsWith('.')) return undefined;
  const below = keysOf(before, isBare);
  const own = offset - name[1]!.length;
  const end = offset + (/^[\w\u0080-\uffff]+(?:-+[\w\u0080-\uffff]+)*/.exec(text.slice(offset))?.[0].length ?? 0);
  return below && { kind: 'field', root, below, opens: name[0].startsWith('.') ? own - 1 : -1, start: own, end, isBracket: false };
}

const isPath = (path: string, isBare: boolean): boolean => keysOf(path, isBare) !== undefined;

const keysOf = (path: string, isBare: boolean): readonly PathKey[] | undefined => plainKeys(isBare && !/^[.[]/.test(path) ? path : `$${path}`);
