import { FlowError } from '../../sdk/index.ts';

/** What a path may hold. */
export interface PathRules {
  /** Two slashes in a row mean something, as in the keys of S3. */
  readonly keepsSlashes?: boolean;
}

/**
 * A path that stays below the folder of the instance, whatever it is made of: without `..`, a slash at its beginning, or letters that end a command. Nothing in
 * it is decoded. `''` is the folder itself. Fails with `DATA_INVALID`.
 */
export function safePath(given: string, { keepsSlashes = false }: PathRules = {}): string {
  const refuse = (why: string): never => {
    throw new FlowError('DATA_INVALID', `The path ${JSON.stringify(given)} ${why}.`, { details: { path: given }, remedy: 'Paths are below the folder of the instance: "in/orders.csv". Take what comes from data apart first, as with the transform `slug`.' });
  };
  // Control characters: a line feed begins another command of FTP, and a zero ends a name for the system.
  if (/\p{Cc}/u.test(given)) refuse('holds control characters');
  if (!given.isWellFormed()) refuse('is no valid text');
  // A backslash divides paths on Windows, also at the other end.
  if (given.split(/[\\/]/).some((part) => /^\.{2}$/.test(part.trim()))) refuse('leads out of its folder');
  const parts = given.split('/');
  if (keepsSlashes) return parts.includes('.') ? refuse('has a part "."') : given;
  const path = parts.filter((part) => part !== '' && part !== '.').join('/');
  if (given.startsWith('/') || path.startsWith('\\')) refuse('does not begin in the folder of the instance');
  if (/^[a-z]:/i.test(path)) refuse('begins with a drive');
  return path;
}

/** One that names something in the folder, which is not the folder itself. */
export function safeFile(given: string, rules?: PathRules): string {
  const path = safePath(given, rules);
  if (path === '') throw new FlowError('DATA_INVALID', 'The path is empty.', { details: { path: given } });
  if (path.endsWith('/')) throw new FlowError('DATA_INVALID', `The path ${JSON.stringify(given)} is that of a folder.`, { details: { path: given } });
  return path;
}

export const joinPath = (folder: string, name: string): string => (folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`);

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A path as it stands in an address. */
export const targetOf = (path: string): string => `/${path.split('/').map(encodeURIComponent).join('/')}`;

/** The order of a walk: a folder before what is in it, names by their code units. */
export function comparePaths(left: string, right: string): number {
  const a = left.split('/'), b = right.split('/');
  for (let at = 0; at < Math.min(a.length, b.length); at++) if (a[at] !== b[at]) return a[at]! < b[at]! ? -1 : 1;
  return a.length - b.length;
}

/** Names of files that are not whole yet. */
export const temporaryName = (id: string): string => `.patchbay-${id}.part`;

export const isTemporary = (name: string): boolean => /^\.patchbay-\w+\.part$/.test(name);
