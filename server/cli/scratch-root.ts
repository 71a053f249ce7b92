import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findWorkspace } from '../runner/workspace-files.ts';
import type { Terminal } from './terminal.ts';
import { workspaceOf, type WorkspaceOption } from './workspace-of.ts';

/** For what needs no workspace but may use one: trying out a transform works anywhere. Outside of one it sees an empty folder, whatever lies around. */
export async function withRoot<T>(terminal: Pick<Terminal, 'folder'>, options: WorkspaceOption, work: (root: string) => Promise<T>): Promise<T> {
  if (options.workspace !== undefined || findWorkspace(terminal.folder) !== undefined) return work(workspaceOf(terminal, options));
  const empty = await mkdtemp(join(tmpdir(), 'patchbay-empty-'));
  try {
    return await work(empty);
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}
