import { placeIn } from './invalid.ts';
import type { Original } from './source-map.ts';

/** Where the lines of a module of a package stand in the code of all of them. */
export interface ModuleLines {
  /** Such as `node_modules/lodash/get.js`. */
  readonly file: string;
  /** The first, from 1, with the letters before its code, and the last. */
  readonly first: number;
  readonly before: number;
  readonly last: number;
  /** Where a place in it was written, as far as its package says so. */
  readonly original?: Original;
}

/** What a stack says of the files that people have: the script and those of packages. */
export interface SourceStack {
  readonly text: string;
  /** The line of the script. */
  readonly line?: number;
  /** Where it happened, if in a package. */
  readonly origin?: { readonly file: string; readonly line: number };
}

/** Reads the stack of an error. It is a text that the script could have made up: nothing is done with it but to show it. */
export function sourceStack(stack: string, file: string, modules: readonly ModuleLines[]): SourceStack {
  const frames = stack.split('\n').map((frame): { text: string | undefined; in?: { file: string; line: number } } => {
    const found = /patchbay-packages:(\d{1,9})(?::(\d{1,9}))?/.exec(frame);
    if (!found || !/^\s*at /.test(frame)) return { text: frame };
    const [place, line, column] = [found[0], Number(found[1]), Number(found[2] ?? Number.NaN)];
    const module = modules.find(({ first, last }) => first <= line && line <= last);
    // What holds the modules together is nobody's file.
    if (!module) return { text: undefined };
    const own = line - module.first + 1;
    const ownColumn = own === 1 ? column - module.before : column;
    const at = module.original?.(own, ownColumn > 0 ? ownColumn : 1) ?? { file: module.file, line: own, column: ownColumn };
    return { text: frame.replace(place, `${at.file}:${at.line}${at.column > 0 ? `:${at.column}` : ''}`), in: { file: at.file, line: at.line } };
  });
  const text = frames.flatMap((frame) => frame.text ?? []).join('\n');
  const line = placeIn(text, file)?.line;
  const first = frames.find((frame) => frame.text === undefined || /^\s*at /.test(frame.text));
  return { text, ...(line !== undefined && { line }), ...(first?.in && { origin: first.in }) };
}
