import type { Lookup } from '../../plugins/sdk/index.ts';
import { lookupOf, soundTable } from '../model/lookup-answer.ts';
import { checkTable } from '../model/lookup-check.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { LookupFile } from '../model/lookup-file.ts';
import { makeTable, mostFindings } from '../model/lookup-table.ts';
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
  const table = soundTable(await readTable(source));
  const lookup = lookupOf(source.name, table);
  await inTurns(lookup.prepare({}));
  const faults = faultsOf(source.name, await inTurns(checkTable(table)));
  return { ...lookup, ...(faults !== undefined && { faults }) };
}

/** What warnings say is meant: without a key, for example, rows may be there twice. */
function faultsOf(name: string, findings: readonly Diagnostic[]): string | undefined {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!first) return undefined;
  const count = errors.length === 1 ? 'an error' : `${errors.length >= mostFindings ? 'at least ' : ''}${errors.length} errors`;
  return `The lookup ${JSON.stringify(name)} has ${count}. ${first.file}, line ${first.line}: ${first.message} \`patchbay lookups check ${name}\` shows ${errors.length === 1 ? 'it' : 'them all'}.`;
}

/** The table, as far as it is one, and what is wrong with it. Fails with `DATA_INVALID` where it is no text. */
export async function readTable({ file, path, settings }: LookupSource): Promise<ReturnType<typeof makeTable>> {
  return makeTable(file, await readCsv(path, file, settings?.delimiter), settings);
}
