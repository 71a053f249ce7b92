import { FlowError } from '../../plugins/sdk/index.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not', EPERM: 'this user may not', EROFS: 'the disk is read-only', ENOSPC: 'the disk is full', EDQUOT: 'the disk is full for this user', ENOTDIR: 'a file is in the place of a folder',
  EEXIST: 'something else is there already', ENOENT: 'there is no such folder', EISDIR: 'a folder is in the place of a file', ENAMETOOLONG: 'the name is too long', ELOOP: 'links lead in a circle', EMFILE: 'too many files are open', EIO: 'the disk does not work',
};
const readingCalls = new Set(['read', 'scandir', 'opendir', 'stat', 'lstat', 'readlink', 'access']);

/** What this machine refused, such as a folder that may not be written to, as an error for its user: it is no fault of Patchbay. Everything else stays as it is. */
export function explainMachineFault(error: unknown): unknown {
  if (!(error instanceof Error) || FlowError.is(error)) return error;
  const { code = '', path, syscall = '' } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  if (reason === undefined || path === undefined) return error;
  return new FlowError('STORAGE_FAILED', `${path} cannot be ${readingCalls.has(syscall) ? 'read' : 'written'}: ${reason} (${code}).`, { cause: error, remedy: 'Check the name, the permissions and the free space.' });
}
