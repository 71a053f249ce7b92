import { parseTree, type Node } from 'jsonc-parser';
import type { DebugAt } from './debug.ts';

/** A place of a flow's text at which a payload can be stopped. Lines and columns count from 1. */
export interface DebugLine {
  readonly step: string;
  readonly at: DebugAt;
  readonly port?: string;
  /** Number of a rule of a map, from 0. */
  readonly rule?: number;
  readonly line: number;
  readonly column: number;
}

export interface DebugLines {
  /** In the order of the text. Before a step: its name. After it: the brace behind its name; at one port: the name of the port in `next`. A rule of a map: its beginning. */
  readonly all: readonly DebugLine[];
  /** Lines of each step, the last one included. */
  readonly steps: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
  /**
   * The place that a line stands for: any line of a step is the step, any line of a rule the rule. With a column it is the last place of the line that begins there
   * or before; a port is found only so.
   */
  locate(line: number, column?: number): DebugLine | undefined;
}

/** The places of a flow's text; of one that cannot be read, as far as it can. */
export function debugLines(text: string): DebugLines {
  const starts = lineStarts(text);
  const at = (offset: number): { readonly line: number; readonly column: number } => {
    const line = indexOfLine(starts, offset);
    return { line: line + 1, column: offset - starts[line]! + 1 };
  };
  const all: DebugLine[] = [];
  const rules: { readonly place: DebugLine; readonly to: number }[] = [];
  const steps = new Map<string, { readonly from: number; readonly to: number }>();
  for (const [key, value] of propertiesOf(property(parseTree(text), 'steps'))) {
    const step = String(key.value);
    steps.set(step, { from: at(key.offset).line, to: at(value.offset + Math.max(0, value.length - 1)).line });
    all.push({ step, at: 'before', ...at(key.offset) }, { step, at: 'after', ...at(value.offset) });
    for (const [port] of propertiesOf(property(value, 'next'))) all.push({ step, at: 'after', port: String(port.value), ...at(port.offset) });
    if (property(value, 'shape')?.value !== 'map') continue;
    for (const [rule, node] of (property(property(value, 'settings'), 'rules')?.children ?? []).entries()) {
      const place: DebugLine = { step, at: 'rule', rule, ...at(node.offset) };
      all.push(place);
      rules.push({ place, to: at(node.offset + Math.max(0, node.length - 1)).line });
    }
  }
  all.sort((a, b) => a.line - b.line || a.column - b.column);
  const locate = (line: number, column?: number): DebugLine | undefined => {
    const exact = column === undefined ? undefined : all.findLast((place) => place.line === line && place.column <= column);
    if (exact && exact.column > 1) return exact;
    const rule = rules.findLast(({ place, to }) => place.line <= line && line <= to && place.line > steps.get(place.step)!.from);
    if (rule) return rule.place;
    const step = [...steps].find(([, { from, to }]) => from <= line && line <= to)?.[0];
    return step === undefined ? undefined : all.find((place) => place.step === step && place.at === 'before');
  };
  return { all, steps, locate };
}

const property = (node: Node | undefined, name: string): Node | undefined => propertiesOf(node).find(([key]) => key.value === name)?.[1];

function propertiesOf(node: Node | undefined): readonly (readonly [key: Node, value: Node])[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) => (key && value ? [[key, value] as const] : []));
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function indexOfLine(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
