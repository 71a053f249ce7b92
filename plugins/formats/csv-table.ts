import { FlowError, type RecordConverter } from '../sdk/index.ts';
import { readTable } from './csv-read.ts';
import type { Dialect } from './csv-settings.ts';
import { writeTable } from './csv-write.ts';

/** Fails with `CONFIG_INVALID` where one character means two things. */
export function openTable(dialect: Dialect, { mediaType, format }: { readonly mediaType: string; readonly format: string }): RecordConverter {
  const meanings = new Map<string, string>();
  for (const name of ['delimiter', 'quote', 'comment', 'escape'] as const) {
    const character = dialect[name];
    const other = character === undefined || character === '' ? undefined : meanings.get(character);
    // Without an escape of its own, the quote is one.
    if (other !== undefined && !(name === 'escape' && other === 'quote')) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(character)} cannot be both "${other}" and "${name}" of a ${format} document.`, { place: { pointer: `/${name}` }, remedy: 'Choose another character for one of them.' });
    if (character !== undefined && /[\r\n]/.test(character)) throw new FlowError('CONFIG_INVALID', `A line end cannot be "${name}" of a ${format} document.`, { place: { pointer: `/${name}` }, remedy: 'Choose another character.' });
    if (character !== undefined) meanings.set(character, other ?? name);
  }
  return { mediaType, encoding: dialect.encoding, decode: (bytes, options) => readTable(bytes, dialect, { ...options, format }), encode: (records) => writeTable(records, dialect, format) };
}
