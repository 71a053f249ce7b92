import type { Lookup } from '../../plugins/sdk/index.ts';
import { lookupOf, soundTable } from '../model/lookup-answer.ts';
import type { LookupFile } from '../model/lookup-file.ts';
import { makeTable } from '../model/lookup-table.ts';
import { inTurns, readCsv } from './csv-file.ts';

/** A lookup file with its settings, to be read. */
export interface LookupSource {
  readonly name: string;
  /** Below the root. */
  readonly file: string;
  readonly path: string;
  readonly settings?: LookupFile | undefined;
}

/** Reads a lookup as a flow asks it. Fails with `DATA_INVALID`, `CONFIG_INVALID`, naming file, line and column. */
export async function readLookup(source: LookupSource): Promise<Lookup> {
  const lookup = lookupOf(source.name, soundTable(await readTable(source)));
  await inTurns(lookup.prepare({}));
  return lookup;
}

/** The table, as far as it is one, and what is wrong with it. Fails with `DATA_INVALID` where it is no text. */
export async function readTable({ file, path, settings }: LookupSource): Promise<ReturnType<typeof makeTable>> {
  return makeTable(file, await readCsv(path, file, settings?.delimiter), settings);
}
