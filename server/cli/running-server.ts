import { join } from 'node:path';
import { stateFolder } from '../stores/database.ts';

/** Where `serve` says how to reach it; only its user may read it. */
export const serverFile = (root: string): string => join(stateFolder(root), 'server.json');
