import type { Diagnostic } from './diagnostic.ts';
import { isObject } from './json.ts';
import { lintConnector } from './lint-connector.ts';
import { lintFlow } from './lint-flow.ts';
import { lintEnvironment, lintInstance, lintWorkspace } from './lint-instance.ts';
import { lintLookup } from './lint-lookup.ts';
import { lintMap } from './lint-map.ts';
import { lintTest } from './lint-test.ts';
import type { ConstantPipe, LintContext, LintWorld, Naming } from './lint-world.ts';
import { migrate } from './migrate.ts';
import { readFile, toDiagnostics, type ReadFile } from './read.ts';
import { fileKinds, type FileKind } from './workspace.ts';

export type { LintWorld } from './lint-world.ts';

/** All that can be said about a file without running anything, in the order of the text. Never fails. */
export const lint = (kind: FileKind, file: string, text: string, world: LintWorld): readonly Diagnostic[] => lintWithPipes(kind, file, text, world).diagnostics;

export interface LintedFile {
  readonly diagnostics: readonly Diagnostic[];
  /** The transforms in its expressions that can be opened without a run. */
  readonly pipes: readonly ConstantPipe[];
}

/** The same, and what is left to be opened. Never fails. */
export function lintWithPipes(kind: FileKind, file: string, text: string, world: LintWorld): LintedFile {
  const read = readFile(kind, file, text);
  const { findings, pipes } = look(kind, file, read, world);
  return { diagnostics: [...read.diagnostics, ...toDiagnostics(file, read.mark, findings)].sort((left, right) => left.line - right.line || left.column - right.column), pipes };
}

/** The places of a file that name something. Never fails. */
export const namingsIn = (kind: FileKind, file: string, read: ReadFile, world: LintWorld): readonly Naming[] => look(kind, file, read, world).namings;

function look(kind: FileKind, file: string, read: ReadFile, world: LintWorld): Required<Pick<LintContext, 'findings' | 'namings' | 'pipes'>> {
  const seen = { findings: [], namings: [], pipes: [] };
  if (!isObject(read.raw) || read.diagnostics.some(({ code }) => code === 'CONFIG_VERSION')) return seen;
  const value = migrate(kind, read.raw);
  const context: LintContext = { world, root: value, ...seen };
  if (kind === 'flow') lintFlow(context, value);
  else if (kind === 'connector') lintConnector(context, value);
  else if (kind === 'instance') lintInstance(context, idOf(kind, file), value);
  else if (kind === 'environment') lintEnvironment(context, value);
  else if (kind === 'map') lintMap(context, idOf(kind, file), value);
  else if (kind === 'lookup') lintLookup(context, idOf(kind, file), value);
  else if (kind === 'test') lintTest(context, idOf(kind, file), value);
  else lintWorkspace(context, value);
  return seen;
}

/** The id of a file, from its path in the workspace: `flows/eu/orders.flow.json` is `eu/orders`. */
export function idOf(kind: FileKind, file: string): string {
  const { folder, ending } = fileKinds[kind];
  const path = file.replaceAll('\\', '/');
  const below = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path.includes(`/${folder}/`) ? path.slice(path.lastIndexOf(`/${folder}/`) + folder.length + 2) : path;
  return below.endsWith(ending) ? below.slice(0, -ending.length) : below;
}
