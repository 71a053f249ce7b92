import type { Node } from 'jsonc-parser';
import type { TextEdit } from './flow-edit.ts';
import { isObject, isSame } from './json.ts';
import { propertiesOf } from './json-source.ts';
import { commaAfter, hasComment, indentAt, lineStartAt, lineTail, mergeEdits } from './json-text.ts';
import { lineWidth, printJson, printOnLine, type PrintStyle } from './print.ts';

type Keys = readonly (string | number)[];

/**
 * The smallest edits of a JSON text after which it holds another value. What stays the same keeps its bytes, comments and place; new keys come after the one that they
 * follow in the new value. Parts of `next` that are the very objects of `value` (the value of `root`) are not looked into.
 */
export function editJson(text: string, root: Node, value: unknown, next: unknown, style: PrintStyle): TextEdit[] {
  const job: Job = { text, style, edits: [], hasInserted: false };
  change(job, root, value, next, []);
  return mergeEdits(text, job.edits);
}

interface Job {
  readonly text: string;
  readonly style: PrintStyle;
  readonly edits: TextEdit[];
  /** Something was added: lines may have become longer than a person would write them. */
  hasInserted: boolean;
}

function change(job: Job, node: Node, value: unknown, next: unknown, keys: Keys): void {
  if (value === next || isSame(value, next)) return;
  const isList = node.type === 'array' && Array.isArray(next);
  if (!isList && !(node.type === 'object' && isObject(next))) return replace(job, node, next, keys);
  const own: Job = { ...job, edits: [], hasInserted: false };
  if (isList) changeItems(own, node, value as readonly unknown[], next as readonly unknown[], keys);
  else changeFields(own, node, value as Readonly<Record<string, unknown>>, next as Readonly<Record<string, unknown>>, keys);
  job.hasInserted ||= own.hasInserted;
  if (own.hasInserted && isTooLong(own, node)) replace(job, node, next, keys);
  else job.edits.push(...own.edits);
}

function replace(job: Job, { offset, length }: Node, next: unknown, keys: Keys): void {
  const { text, style, edits } = job;
  job.hasInserted ||= typeof next === 'object' && next !== null;
  edits.push({ offset, length, text: printJson(next, style, { keys, indent: indentAt(text, offset), before: offset - lineStartAt(text, offset) }) });
}

/** A container that stood on one line and would no longer fit. One with comments is left: they would be lost. */
function isTooLong({ text, edits }: Job, { offset, length }: Node): boolean {
  const old = text.slice(offset, offset + length);
  if (old.includes('\n') || hasComment(old)) return false;
  const added = edits.reduce((sum, edit) => sum + edit.text.length - edit.length, 0);
  return offset - lineStartAt(text, offset) + length + added + 1 > lineWidth;
}

/** An entry of an object or list in the text. */
interface Member {
  readonly start: number;
  readonly end: number;
}

/** Entries to add; `undefined`: before all that stay. */
type Additions = Map<Member | undefined, ((place: { readonly indent: string; readonly onLine: boolean }) => string)[]>;

function changeFields(job: Job, node: Node, value: Readonly<Record<string, unknown>>, next: Readonly<Record<string, unknown>>, keys: Keys): void {
  const properties = propertiesOf(node);
  const renamed = renames(value, next);
  const kept = new Map<string, Member>();
  const removed = new Set<Member>();
  const members = properties.map(({ name, key, value: field, node: { offset, length } }, index) => {
    const member: Member = { start: offset, end: offset + length };
    const newName = renamed.get(name) ?? name;
    if (!Object.hasOwn(next, newName)) removed.add(member);
    else if (!properties.slice(index + 1).some((other) => other.name === name)) {
      kept.set(newName, member);
      if (newName !== name) job.edits.push({ offset: key.offset, length: key.length, text: JSON.stringify(newName) });
      change(job, field, value[name], next[newName], [...keys, newName]);
    }
    return member;
  });
  const additions: Additions = new Map();
  let anchor: Member | undefined;
  for (const [name, field] of Object.entries(next)) {
    const there = kept.get(name);
    if (there) anchor = there;
    else if (field !== undefined) add(additions, anchor, (place) => printField(job.style, name, field, place, [...keys, name]));
  }
  writeMembers(job, node, { members, removed, additions }, next, keys);
}

function printField(style: PrintStyle, name: string, field: unknown, { indent, onLine }: { readonly indent: string; readonly onLine: boolean }, keys: Keys): string {
  const head = `${JSON.stringify(name)}: `;
  return head + ((onLine ? printOnLine(field, style, keys) : undefined) ?? printJson(field, style, { keys, indent, before: indent.length + head.length }));
}

/** Old name → new name of fields that only have another name. */
function renames(value: Readonly<Record<string, unknown>>, next: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const [names, newNames] = [Object.keys(value), Object.keys(next)];
  const added = newNames.filter((name) => !Object.hasOwn(value, name));
  const found = new Map<string, string>();
  for (const name of added.length > 0 ? names : []) {
    if (Object.hasOwn(next, name)) continue;
    const field = value[name];
    const isObjectOrList = typeof field === 'object' && field !== null;
    const newName = added.find((other) => (isObjectOrList ? next[other] === field : names.indexOf(name) === newNames.indexOf(other) && next[other] === field) && ![...found.values()].includes(other));
    if (newName !== undefined) found.set(name, newName);
  }
  return found;
}

function changeItems(job: Job, node: Node, value: readonly unknown[], next: readonly unknown[], keys: Keys): void {
  const items = node.children ?? [];
  const shortest = Math.min(value.length, next.length);
  let head = 0;
  while (head < shortest && isSame(value[head], next[head])) head++;
  let tail = 0;
  while (tail < shortest - head && isSame(value[value.length - 1 - tail], next[next.length - 1 - tail])) tail++;
  const members = items.map(({ offset, length }): Member => ({ start: offset, end: offset + length }));
  const paired = Math.min(value.length, next.length) - head - tail;
  for (let index = head; index < head + paired; index++) change(job, items[index]!, value[index], next[index], [...keys, index]);
  const removed = new Set(members.slice(head + paired, value.length - tail));
  const additions: Additions = new Map();
  const anchor = members[head + paired - 1];
  for (let index = head + paired; index < next.length - tail; index++) {
    add(additions, anchor, ({ indent, onLine }) => (onLine ? printOnLine(next[index], job.style, [...keys, index]) : undefined) ?? printJson(next[index], job.style, { keys: [...keys, index], indent, before: indent.length }));
  }
  writeMembers(job, node, { members, removed, additions }, next, keys);
}

function add(additions: Additions, anchor: Member | undefined, print: (place: { readonly indent: string; readonly onLine: boolean }) => string): void {
  const list = additions.get(anchor);
  if (list) list.push(print);
  else additions.set(anchor, [print]);
}

interface MemberChange {
  readonly members: readonly Member[];
  readonly removed: ReadonlySet<Member>;
  readonly additions: Additions;
}

/** Takes members out of an object or list and puts others in, with their commas. */
function writeMembers(job: Job, node: Node, { members, removed, additions }: MemberChange, next: unknown, keys: Keys): void {
  if (removed.size === 0 && additions.size === 0) return;
  job.hasInserted ||= additions.size > 0;
  const { text, style, edits } = job;
  const inside = text.slice(node.offset + 1, node.offset + node.length - 1);
  const kept = members.filter((member) => !removed.has(member));
  if (kept.length === 0 && !hasComment(inside)) return replace(job, node, next, keys);
  const [first] = members;
  const onLine = first !== undefined && !text.slice(node.offset, first.start).includes('\n');
  const indent = first ? indentAt(text, first.start) : indentAt(text, node.offset) + style.unit;
  const printed = (anchor: Member | undefined): string[] => (additions.get(anchor) ?? []).map((print) => print({ indent, onLine }));

  const atFront = printed(undefined);
  if (atFront.length > 0) {
    if (onLine && kept[0]) edits.push({ offset: kept[0].start, length: 0, text: atFront.map((entry) => `${entry}, `).join('') });
    else edits.push({ offset: lineTail(text, node.offset + 1), length: 0, text: atFront.map((entry) => `${style.eol}${indent}${entry}`).join(',') + (kept.length > 0 ? ',' : '') });
  }
  for (const [index, member] of kept.entries()) {
    const entries = printed(member);
    const isLast = index === kept.length - 1;
    const comma = commaAfter(text, member.end);
    if (comma !== undefined && isLast && (onLine || entries.length === 0)) edits.push({ offset: comma, length: 1, text: '' });
    if (entries.length === 0) continue;
    if (onLine) {
      edits.push({ offset: member.end, length: 0, text: entries.map((entry) => `, ${entry}`).join('') });
      continue;
    }
    if (comma === undefined) edits.push({ offset: member.end, length: 0, text: ',' });
    edits.push({ offset: lineTail(text, comma === undefined ? member.end : comma + 1), length: 0, text: entries.map((entry) => `${style.eol}${indent}${entry}`).join(',') + (isLast ? '' : ',') });
  }
  const lastKept = kept.at(-1);
  for (const member of removed) edits.push(removal(text, member, lastKept !== undefined && lastKept.start > member.start));
}

/** The range of a member that goes: its whole lines where it has them for itself, with a comment at their end; comments above it stay. */
function removal(text: string, { start, end }: Member, isFollowed: boolean): TextEdit {
  const comma = commaAfter(text, end);
  const own = comma === undefined ? end : comma + 1;
  const lineStart = lineStartAt(text, start);
  const tail = lineTail(text, own);
  const lineEnd = /[ \t]*(\r?\n|$)/y;
  lineEnd.lastIndex = tail;
  const rest = lineEnd.exec(text);
  if (rest && text.slice(lineStart, start).trim() === '') return { offset: lineStart, length: tail + rest[0].length - lineStart, text: '' };
  let [from, to] = [start, own];
  if (isFollowed) while (text[to] === ' ' || text[to] === '\t') to++;
  else while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
  return { offset: from, length: to - from, text: '' };
}
