import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errors, FlowError, type ErrorCode } from '../../plugins/sdk/index.ts';
import { pointerNames } from '../model/json.ts';
import type { RunError } from '../model/run-event.ts';
import { CommandError } from './exit-codes.ts';
import { paint, withoutControls, type Terminal } from './terminal.ts';

/** Says what went wrong, where, and what to do: one message, however deep it came from. */
export async function reportError(terminal: Terminal, error: unknown, root: string | undefined): Promise<void> {
  if (error instanceof CommandError) {
    terminal.say(`${paint(terminal, 'red', 'error')}: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`);
    return;
  }
  if (FlowError.is(error)) return sayError(terminal, { code: error.code, message: error.message, remedy: error.remedy, ...(error.place && { place: error.place }) }, root);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  await sayError(terminal, { code: 'INTERNAL', message, remedy: errors.INTERNAL.fix }, root);
  if (terminal.environment.PATCHBAY_DEBUG) terminal.say(`${stack ?? ''}\n`);
}

export async function sayError(terminal: Terminal, { code, message, step, remedy, place }: RunError, root: string | undefined): Promise<void> {
  const ofFile = remedy ?? (Object.hasOwn(errors, code) ? errors[code as ErrorCode].fix : undefined);
  // What was given on the command line stands in no file: the message names it.
  const isGiven = code === 'CONFIG_INVALID' && place?.file === undefined && step === undefined && ofFile === errors.CONFIG_INVALID.fix;
  const where = isGiven ? '' : [await placeText(place, root), step !== undefined && `step ${step}`].filter(Boolean).join('  ');
  const fix = isGiven ? 'Correct what the message names.' : ofFile;
  terminal.say([`${paint(terminal, 'red', 'error')} ${code}: ${withoutControls(message)}`, where && `  ${paint(terminal, 'cyan', where)}`, fix && `  ${fix}`].filter(Boolean).join('\n') + '\n');
}

/** `flows/a.flow.json:12:7  /steps/b`, so that a terminal makes a link of it. */
async function placeText(place: RunError['place'], root: string | undefined): Promise<string> {
  if (!place) return '';
  const { file, line, column, pointer } = place;
  if (file === undefined) return pointer ?? '';
  const at = line === undefined ? await positionOf(file, pointer, root) : [':', line, ...(column === undefined ? [] : [':', column])].join('');
  return [`${file}${at}`, pointer].filter(Boolean).join('  ');
}

async function positionOf(file: string, pointer: string | undefined, root: string | undefined): Promise<string> {
  if (pointer === undefined || root === undefined || !file.endsWith('.json')) return '';
  const text = await readFile(join(root, file), 'utf8').catch(() => undefined);
  if (text === undefined) return '';
  const { findNodeAtLocation, parseTree } = await import('jsonc-parser');
  const tree = parseTree(text);
  if (!tree) return '';
  const keys = pointerNames(pointer);
  // What is missing has no place of its own: its nearest parent has.
  for (let depth = keys.length; depth >= 0; depth--) {
    const above = keys.slice(0, depth);
    const node = findNodeAtLocation(tree, above.map((key) => (/^\d+$/.test(key) ? Number(key) : key))) ?? findNodeAtLocation(tree, above);
    if (!node) continue;
    const { offset } = node;
    const before = text.slice(0, offset);
    return `:${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
  }
  return '';
}
