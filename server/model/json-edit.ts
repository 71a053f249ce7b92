import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { printJson, printLine } from './print-json.ts';
import type { TextUnderEdit } from './text-edits.ts';

export type JsonPath = readonly (string | number)[];

/** Which keys an object has and in which order, and which values are written one entry per line. */
export interface Style {
  readonly keyOrder: (path: JsonPath) => readonly string[] | undefined;
  readonly isOpen: (path: JsonPath) => boolean;
}

/** The value at a path of the text, or `undefined`. */
export const nodeAt = (text: string, path: JsonPath): Node | undefined => {
  const root = parseTree(text, undefined, { allowTrailingComma: true });
  return root && findNodeAtLocation(root, [...path]);
};

/**
 * Sets the value at a path, with the objects above it where they are missing; nothing else of the text is touched. Says whether there was a place for it: a
 * text or a number above it, or an index beyond the end of a list, is none.
 */
export function setValue(under: TextUnderEdit, path: JsonPath, value: unknown, style: Style): boolean {
  const node = nodeAt(under.text, path);
  if (node) {
    under.replace(node.offset, node.length, printAt(under.text, node.offset, path, value, style));
    return true;
  }
  const key = path.at(-1);
  if (key === undefined) return false;
  const above = path.slice(0, -1);
  const parent = nodeAt(under.text, above);
  if (!parent) return setValue(under, above, typeof key === 'number' ? [value] : { [key]: value }, style);
  if (parent.type === 'array') {
    const { length } = parent.children ?? [];
    if (key !== length) return false;
    insert(under, parent, length, (indent) => printJson(value, { indent, eol: eolOf(under.text), isOpen: (below) => style.isOpen([...path, ...below]) }), printLine(value));
    return true;
  }
  if (parent.type !== 'object' || typeof key !== 'string') return false;
  const label = `${JSON.stringify(key)}: `;
  insert(under, parent, placeOf(parent, key, style.keyOrder(above)), (indent) => label + printJson(value, { indent, before: label.length, eol: eolOf(under.text), isOpen: (below) => style.isOpen([...path, ...below]) }), label + printLine(value));
  return true;
}

/** Removes a property or an item, with its comma and its line. */
export function removeValue(under: TextUnderEdit, path: JsonPath): void {
  const node = nodeAt(under.text, path);
  const parent = node && entryOf(node).parent;
  if (!node || !parent?.children) return;
  const entry = entryOf(node);
  const index = parent.children.indexOf(entry);
  const previous = parent.children[index - 1];
  const next = parent.children[index + 1];
  const end = entry.offset + entry.length;
  if (next) {
    // From its own beginning to that of the next: comments between them go with it.
    under.replace(entry.offset, next.offset - entry.offset, '');
  } else if (previous) {
    const from = previous.offset + previous.length;
    under.replace(from, end - from, '');
  } else {
    const close = parent.offset + parent.length - 1;
    under.replace(parent.offset + 1, close - parent.offset - 1, '');
  }
}

/** Gives a property another name. */
export function renameKey(under: TextUnderEdit, path: JsonPath, name: string): void {
  const key = nodeAt(under.text, path)?.parent?.children?.[0];
  if (key) under.replace(key.offset, key.length, JSON.stringify(name));
}

/** The property around a value, or the item itself. */
const entryOf = (node: Node): Node => (node.parent?.type === 'property' ? node.parent : node);

function printAt(text: string, offset: number, path: JsonPath, value: unknown, style: Style): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0].length ?? 0;
  return printJson(value, { indent, before: offset - lineStart - indent, eol: eolOf(text), isOpen: (below) => style.isOpen([...path, ...below]) });
}

const eolOf = (text: string): string => (/\r\n/.test(text) ? '\r\n' : '\n');

/** Before the first key that comes after it in canonical order; else at the end. */
function placeOf(parent: Node, key: string, order: readonly string[] | undefined): number {
  const children = parent.children ?? [];
  const place = order?.indexOf(key) ?? -1;
  if (!order || place < 0) {
    const known = children.findIndex((child) => order?.at(-1) === 'layout' && child.children?.[0]?.value === 'layout');
    return known < 0 ? children.length : known;
  }
  const before = children.findIndex((child) => order.indexOf(child.children?.[0]?.value as string) > place);
  return before < 0 ? children.length : before;
}

/** Puts an entry into an object or a list, in the way in which the others stand: each on its line, or all on one. */
function insert(under: TextUnderEdit, parent: Node, index: number, print: (indent: number) => string, onLine: string): void {
  const { text } = under;
  const children = parent.children ?? [];
  const eol = eolOf(text);
  const open = parent.offset + 1;
  const close = parent.offset + parent.length - 1;
  const lineStart = text.lastIndexOf('\n', parent.offset) + 1;
  const outer = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const inner = `${outer}  `;
  if (children.length === 0) {
    const isComment = text.slice(open, close).trim() !== '';
    under.replace(isComment ? close : open, isComment ? 0 : close - open, `${isComment ? '' : eol + inner}${print(inner.length)}${eol}${outer}`);
    return;
  }
  const isOneLine = !text.slice(parent.offset, close).includes('\n');
  const first = children[0] as Node;
  if (isOneLine) {
    const isShort = parent.offset - lineStart + parent.length + onLine.length + 2 < 120;
    if (isShort) {
      const next = children[index];
      if (next) under.replace(next.offset, 0, `${onLine}, `);
      else under.replace((children.at(-1) as Node).offset + (children.at(-1) as Node).length, 0, `, ${onLine}`);
      return;
    }
    const entries = children.map((child) => text.slice(child.offset, child.offset + child.length));
    entries.splice(index, 0, print(inner.length));
    under.replace(parent.offset, parent.length, `${text[parent.offset] ?? ''}${eol}${entries.map((entry) => inner + entry).join(`,${eol}`)}${eol}${outer}${text[close] ?? ''}`);
    return;
  }
  const indentStart = text.lastIndexOf('\n', first.offset) + 1;
  const indent = /^[ \t]*/.exec(text.slice(indentStart))?.[0] ?? inner;
  const next = children[index];
  if (next) under.replace(next.offset, 0, `${print(indent.length)},${eol}${indent}`);
  else {
    const last = children.at(-1) as Node;
    under.replace(last.offset + last.length, 0, `,${eol}${indent}${print(indent.length)}`);
  }
}
