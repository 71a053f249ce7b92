import { userInfo } from 'node:os';
import type { Terminal } from './terminal.ts';

/** Who works at the terminal, for the history. A container may have no name for its user. */
export function who({ environment }: Pick<Terminal, 'environment'>): string {
  try {
    return userInfo().username;
  } catch {
    return environment.USER || 'command line';
  }
}
