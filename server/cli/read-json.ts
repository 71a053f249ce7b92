import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { jsonOf, utf8Of } from '../runner/input.ts';
import { CommandError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** The JSON document of a file, or of stdin where the name is `-`. Fails with `DATA_INVALID` where it is none, naming the place. */
export async function readJson(terminal: Terminal, name: string): Promise<unknown> {
  return jsonOf(await readText(terminal, name), shownName(name));
}

/** The text of a file, or of stdin where the name is `-`, without a byte order mark. Fails with `DATA_INVALID` where it is not UTF-8, naming the byte. */
export const readText = async (terminal: Terminal, name: string): Promise<string> => utf8Of(await readBytes(terminal, name), shownName(name));

/** A file, or all of stdin where the name is `-`. A person at a terminal is not left waiting for nothing. */
export async function readBytes({ folder, input }: Terminal, name: string): Promise<Buffer> {
  if (name !== '-') return readFile(resolve(folder, name)).catch(() => { throw new CommandError(`There is no file ${name}.`); });
  if (input.isTTY) throw new CommandError('There is nothing on stdin.', { hint: 'Name a file, or send the text through a pipe.' });
  const chunks: Uint8Array[] = [];
  for await (const chunk of input as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** As messages name a file. */
export const shownName = (name: string): string => (name === '-' ? 'stdin' : name);
