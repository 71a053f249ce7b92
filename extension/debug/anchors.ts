import type { DebugAt } from '../../server/model/debug.ts';
import { debugLines } from '../../server/model/debug-lines.ts';

/** What a breakpoint is about, whatever line it stands on. */
export interface Anchor {
  readonly step: string;
  readonly at: DebugAt;
  readonly port?: string;
  readonly rule?: number;
}

/** The path of a source on its machine: in a window on another machine VS Code writes the address of the file in its place. */
export function pathOfSource(path: string): string {
  const [, below] = /^[a-z][a-z+.-]+:\/\/[^/]*(\/.*)$/i.exec(path) ?? [];
  return below === undefined ? path : decodeURIComponent(below);
}

/** Lines and characters count from 0. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** What a breakpoint at a place is about. One at the beginning of a line is about the whole line. */
export function anchorOf(text: string, { line, character }: Place): Anchor | undefined {
  const found = debugLines(text).locate(line + 1, character > 0 ? character + 1 : undefined);
  if (!found) return undefined;
  const { step, at, port, rule } = found;
  return { step, at, ...(port !== undefined && { port }), ...(rule !== undefined && { rule }) };
}

/** Where that stands in a text; `undefined` where it is gone. */
export function placeOf(text: string, { step, at, port, rule }: Anchor): Place | undefined {
  const found = debugLines(text).all.find((one) => one.step === step && one.at === at && one.port === port && one.rule === rule);
  return found && { line: found.line - 1, character: at === 'after' ? found.column - 1 : 0 };
}
