import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import { CommandError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** The JSON document of a file, or of stdin where the name is `-`. */
export async function readJson(terminal: Terminal, name: string): Promise<unknown> {
  const text = name === '-' ? await readInput(terminal) : await readFile(resolve(terminal.folder, name), 'utf8').catch(() => { throw new CommandError(`There is no file ${name}.`); });
  try {
    return parseJson(text.replace(/^\u{FEFF}/u, ''));
  } catch (error) {
    throw new FlowError('DATA_INVALID', `${name === '-' ? 'stdin' : name} is not valid JSON: ${(error as Error).message}.`, { cause: error });
  }
}

/** All of stdin as text. A person at a terminal is not left waiting for nothing. */
export async function readInput({ input }: Terminal): Promise<string> {
  if (input.isTTY) throw new CommandError('There is nothing on stdin.', { hint: 'Name a file, or send the text through a pipe.' });
  const chunks: Uint8Array[] = [];
  for await (const chunk of input as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
