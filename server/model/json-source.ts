import type { Node } from 'jsonc-parser';

/** A place in a text. Lines and columns count from 1 (columns in UTF-16 units), offsets from 0. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly offset: number;
  readonly length: number;
}

/** Turns offsets into lines and columns. */
export function lineIndex(text: string): (offset: number, length: number) => Range {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineOf = (offset: number): number => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return (offset, length) => {
    const [line, end] = [lineOf(offset), lineOf(offset + length)];
    return { line: line + 1, column: offset - starts[line]! + 1, endLine: end + 1, endColumn: offset + length - starts[end]! + 1, offset, length };
  };
}

/** The JSON value of a syntax tree. Keys like `__proto__` are keys like any other; of two equal ones the last counts. */
export function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type === 'object') return Object.fromEntries(propertiesOf(node).map(({ name, value }) => [name, valueOf(value)]));
  return node.value as unknown;
}

export interface Property {
  readonly name: string;
  readonly key: Node;
  readonly value: Node;
  readonly node: Node;
}

/** The complete properties of an object, in the order of the text. */
export function propertiesOf(node: Node): Property[] {
  const found: Property[] = [];
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key && value) found.push({ name: key.value as string, key, value, node: property });
  }
  return found;
}

export interface Found {
  readonly value: Node;
  /** Of a field of an object. */
  readonly key?: Node;
  /** False where the pointer names nothing and this is the nearest place around it. */
  readonly exact: boolean;
}

/** The node that a JSON pointer names, or the nearest around it. */
export function findNode(root: Node, pointer: string): Found {
  let found: Found = { value: root, exact: true };
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const below = childOf(found.value, name);
    if (!below) return { ...found, exact: false };
    found = { ...below, exact: true };
  }
  return found;
}

function childOf(node: Node, name: string): { value: Node; key?: Node } | undefined {
  if (node.type === 'object') return propertiesOf(node).findLast((property) => property.name === name);
  const item = node.type === 'array' && /^\d+$/.test(name) ? node.children?.[Number(name)] : undefined;
  return item && { value: item };
}

/** Offset in a text of a character of a JSON string that stands at `start` in it, with all escapes counted. */
export function offsetInString(text: string, start: number, index: number): number {
  let at = start + 1;
  for (let character = 0; character < index && text[at] !== '"' && at < text.length; character++) at += text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
  return at;
}
