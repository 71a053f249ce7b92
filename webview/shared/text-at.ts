import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** The text of a value in a document, moved to the left as far as its last line stands. Empty where there is none. */
export function textAt(text: string, path: readonly (string | number)[]): string {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, [...path]);
  if (!node) return '';
  const lines = text.slice(node.offset, node.offset + node.length).split('\n');
  const indent = /^\s*/.exec(lines.at(-1)!)![0].length;
  return lines.map((line, place) => (place === 0 ? line : line.slice(Math.min(indent, /^\s*/.exec(line)![0].length)))).join('\n');
}
