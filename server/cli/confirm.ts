import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** Asks a person for a yes. Only where `terminal.input.isTTY`. */
export async function confirm({ input, say }: Terminal, question: string): Promise<boolean> {
  say(`${question} [y/N] `);
  const lines = createInterface({ input, terminal: false });
  try {
    for await (const line of lines) return /^\s*y(es)?\s*$/i.test(line);
    return false;
  } finally {
    lines.close();
  }
}
