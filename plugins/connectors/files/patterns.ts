import { RE2JS } from 're2js';
import picomatch from 'picomatch';
import { FlowError } from '../../sdk/index.ts';
import { joinPath, safePath, type PathRules } from './paths.ts';

/** Which files are meant. */
export interface Selection {
  readonly folder: string;
  readonly isRecursive: boolean;
  /** `path`: as in an entry. */
  accepts(path: string): boolean;
}

export interface SelectionGiven {
  readonly path: string;
  readonly pattern?: string;
  readonly match: 'glob' | 'regex';
  readonly recursive: boolean;
}

/** Fields of the params of endpoints that take several files. */
export const selectionFields = {
  pattern: { type: 'string', minLength: 1, maxLength: 1_000, title: 'Pattern', description: 'Which files are meant, by their paths below the folder: `*.csv`, `2024-*/**/*.{csv,json}`.', 'x-expression': true },
  match: {
    enum: ['glob', 'regex'], default: 'glob', title: 'Kind of pattern', description: 'How the pattern is written.',
    enumDescriptions: ['With `*` for any letters of a name, `?` for one, `**` for any folders, `[a-z]`, `{a,b}`. A `*` does not stand for a name that begins with a full stop.', 'As a regular expression (RE2) of the path below the folder, as a whole.'],
  },
  recursive: { type: 'boolean', default: false, title: 'Folders below', description: 'Files in the folders below are meant, too. A pattern with a slash or with `**` looks there anyway.' },
} as const;

/** Fails with `DATA_INVALID`, and with `CONFIG_INVALID` where the pattern is none. */
export function selectionOf({ path, pattern, match, recursive }: SelectionGiven, rules: PathRules): Selection {
  const folder = safePath(path, rules);
  if (pattern === undefined) return { folder, isRecursive: recursive, accepts: () => true };
  const below = (whole: string): string => (folder === '' ? whole : whole.slice(folder.endsWith('/') ? folder.length : folder.length + 1));
  if (match === 'regex') {
    const test = compileRegex(pattern);
    return { folder, isRecursive: recursive || pattern.includes('/'), accepts: (whole) => test(below(whole)) };
  }
  // Its fixed beginning is a folder to look in, and is checked as such.
  const { base, glob, isGlob } = picomatch.scan(pattern, globOptions);
  const start = joinPath(folder, safePath(isGlob ? base : '', rules));
  const test = picomatch(pattern, globOptions);
  const ofNames = recursive && !pattern.includes('/') ? picomatch(`**/${pattern}`, globOptions) : test;
  return { folder: base === '' || !isGlob ? folder : start, isRecursive: recursive || /\/|\*\*/.test(isGlob ? glob : pattern), accepts: (whole) => ofNames(below(whole)) };
}

// Without what makes a pattern slow: repetitions of groups.
const globOptions = { noextglob: true, nonegate: true, nonumber: true, posixSlashes: false, windows: false } as const;

function compileRegex(pattern: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).matches();
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The pattern ${JSON.stringify(pattern)} is no regular expression: ${(cause as Error).message}.`, { cause });
  }
}
