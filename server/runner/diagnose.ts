import { readFileSync, statSync } from 'node:fs';
import { errors, FlowError, type ErrorCode, type Script } from '../../plugins/sdk/index.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ConnectorFile } from '../model/connector.ts';
import type { Environment } from '../model/environment.ts';
import type { InstanceFile } from '../model/instance.ts';
import { isObject } from '../model/json.ts';
import type { MapFile } from '../model/map-file.ts';
import { lintWithPipes, type LintedFile, type LintWorld } from '../model/lint.ts';
import { scanRows } from '../model/csv-rows.ts';
import { checkTable } from '../model/lookup-check.ts';
import { lookupGives } from '../model/lookup-gives.ts';
import { makeTable, placed, type LookupTable } from '../model/lookup-table.ts';
import { toDiagnostics, type ReadFile } from '../model/read.ts';
import { suggestion } from '../model/suggest.ts';
import type { TestRecording } from '../model/test-file.ts';
import { atOnce } from '../model/turns.ts';
import { testFiles } from './cases/test-files.ts';
import { inTurns } from './csv-file.ts';
import type { Plugins } from './load-plugins.ts';
import type { RunnerLog } from './log.ts';
import { readTable } from './lookups.ts';
import { strayFiles } from './stray-files.ts';
import { transformFaults } from './transform-faults.ts';
import { timesFaults } from './trigger-times.ts';
import type { Entry, Workspace } from './workspace.ts';

/** What is wrong with the files of a workspace. Findings are kept as long as nothing changes. */
export interface Diagnoser {
  /** What files are checked against. */
  world(): LintWorld;
  /** What lint says of one file. */
  ofEntry(entry: Entry): readonly Diagnostic[];
  /** The same, and what only the opening of transforms says. */
  ofOpened(entry: Entry): Promise<readonly Diagnostic[]>;
  /** All of it: definitions, plugins, scripts, lookups, links. `files`: only these. */
  all(files: readonly string[] | undefined, hasSecret: (name: string) => boolean): Promise<readonly Diagnostic[]>;
}

export function createDiagnoser(workspace: Workspace, plugins: Plugins): Diagnoser {
  let stamp = '';
  let world: LintWorld | undefined;
  let known = new WeakMap<Entry['read'], LintedFile>();

  const worldNow = (): LintWorld => {
    const now = `${workspace.version} ${plugins.version}`;
    if (!world || now !== stamp) {
      world = worldOf(workspace, plugins);
      stamp = now;
      known = new WeakMap();
    }
    return world;
  };
  const linted = (entry: Entry): LintedFile => {
    const current = worldNow();
    const found = known.get(entry.read) ?? safeLint(entry, current);
    known.set(entry.read, found);
    return found;
  };

  return {
    world: worldNow,
    ofEntry: (entry) => linted(entry).diagnostics,
    ofOpened: async (entry) => withOpened(entry, linted(entry), plugins),
    async all(files, hasSecret) {
      const isWanted = (file: string): boolean => files === undefined || files.includes(file);
      const own = { ...worldNow(), hasSecret };
      const found: Diagnostic[] = [];
      for (const entry of workspace.entries) if (isWanted(entry.file)) found.push(...(await withOpened(entry, safeLint(entry, own), plugins)));
      found.push(...pluginFindings(workspace, plugins).filter(({ file }) => isWanted(file)));
      for (const entry of workspace.flows.values()) if (isWanted(entry.file)) found.push(...(await timesFindings(entry, plugins)));
      for (const file of workspace.refused.filter(isWanted)) found.push(finding(file, 'warning', 'CONFIG_INVALID', 'The link leads out of the workspace and is not followed.', 'Copy the file into the workspace.'));
      for (const { file, message, fix } of strayFiles(workspace.root, new Set([...workspace.entries.map((entry) => entry.file), ...workspace.refused]))) if (isWanted(file)) found.push(finding(file, 'warning', 'CONFIG_INVALID', message, fix));
      for (const name of workspace.lookups) {
        const file = `lookups/${name}.csv`;
        const settings = workspace.entries.find((entry) => entry.kind === 'lookup' && entry.id === name)?.read;
        // Settings that are wrong by themselves have been found as a file.
        if (isWanted(file) && (!settings || settings.value)) found.push(...(await lookupFindings(file, settings, () => readTable(workspace.lookupSource(name)))));
      }
      for (const file of workspace.scripts) if (isWanted(file)) found.push(...(await scriptFindings(file, workspace)));
      if (!workspace.configEntry && isWanted('patchbay.json')) found.push(finding('patchbay.json', 'error', 'CONFIG_NOT_FOUND', 'The folder has no patchbay.json.'));
      return found.sort((left, right) => (left.file < right.file ? -1 : left.file > right.file ? 1 : left.line - right.line || left.column - right.column));
    },
  };
}

/** The first error of a file as what a run fails with. */
export function errorOf(diagnostics: readonly Diagnostic[]): FlowError | undefined {
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error');
  if (!first) return undefined;
  const { file, line, column, path: pointer, message, fix } = first;
  const code = first.code in errors ? (first.code as ErrorCode) : 'CONFIG_INVALID';
  const more = others.length === 0 ? '' : ` \`patchbay lint ${file}\` shows ${others.length === 1 ? 'another error' : `${others.length} more errors`}.`;
  return new FlowError(code, message, { place: { file, line, column, pointer }, remedy: `${fix ?? errors[code].fix}${more}` });
}

/** What lint knows of a plugin that there is not: the name that was meant, or the file that did not load and may have it. */
export function explainUnknown(error: unknown, { catalog, states }: Pick<Plugins, 'catalog' | 'states'>): unknown {
  if (!FlowError.is(error, 'CONFIG_UNKNOWN_PLUGIN')) return error;
  const { details, place, message } = error;
  const more = { cause: error, details, ...(place && { place }) };
  const names = catalog.plugins.filter(({ kind }) => kind === details['kind']).map(({ type }) => type);
  const meant = typeof details['type'] === 'string' ? suggestion(details['type'], names) : undefined;
  const remedy = meant === undefined ? error.remedy : `${meant} ${error.remedy}`;
  const failed = states.filter(({ state }) => state === 'failed');
  if (failed.length === 0 || remedy.startsWith('Did you mean')) return new FlowError(error.code, message, { ...more, remedy });
  return new FlowError('PLUGIN_FAILED', `${message} It may be in a plugin that did not load. ${failed.map(({ source, error: why = '' }) => `${source}: ${why}`).join(' ')}`, more);
}

/** Gives what logs the errors that have come up since it was last called, so that who saves a file sees what is wrong with it. */
export function faultLog(workspace: Workspace, plugins: Plugins, diagnoser: Diagnoser, log: Pick<RunnerLog, 'error'>): () => void {
  let known = new Set<string>();
  return () => {
    const found = [...workspace.entries.flatMap(diagnoser.ofEntry), ...pluginFindings(workspace, plugins)].filter(({ severity }) => severity === 'error');
    const texts = found.map(({ file, line, column, code, message }) => ({ text: `${file}:${line}:${column} ${message}`, code }));
    for (const { text, code } of texts) if (!known.has(text)) log.error(text, { code });
    known = new Set(texts.map(({ text }) => text));
  };
}

function worldOf(workspace: Workspace, plugins: Plugins): LintWorld {
  return {
    catalog: plugins.catalog, connectors: valuesOf<ConnectorFile>(workspace.connectors), instances: valuesOf<InstanceFile>(workspace.instances), environments: valuesOf<Environment>(workspace.environments),
    scripts: workspace.scripts, schemas: workspace.schemas, schemaOf: (file) => schemaOf(workspace, file), recordingOf: (file) => recordingOf(workspace, file), lookups: workspace.lookups, lookupGives: lookupGives(smallTables(workspace)), maps: valuesOf<MapFile>(workspace.maps), flows: [...workspace.flows.keys()], flowOf: (id) => workspace.flows.get(id)?.read.value, groups: Object.keys(workspace.config.notifications?.groups ?? {}), hasPublicUrl: workspace.config.server?.publicUrl !== undefined || workspace.config.server?.trustForwarded === true,
  };
}

/** Larger ones would keep an editor waiting. */
const smallBytes = 256 * 1024;

/** Lookups that are small enough to be read at once, each when it is first asked for. `undefined` where it is larger, or no table. */
function smallTables({ lookupSource }: Workspace): (name: string) => LookupTable | undefined {
  const known = new Map<string, LookupTable | undefined>();
  const read = (name: string): LookupTable | undefined => {
    try {
      const { file, path, settings } = lookupSource(name);
      if (statSync(path).size > smallBytes) return undefined;
      const bytes = readFileSync(path);
      return makeTable(file, atOnce(scanRows({ bytes, text: (start, end) => bytes.toString('utf8', start, end) }, settings?.delimiter)), settings).table;
    } catch {
      return undefined;
    }
  };
  return (name) => {
    if (!known.has(name)) known.set(name, read(name));
    return known.get(name);
  };
}

/** `undefined` where it is no schema: the step that needs it says so. */
function schemaOf(workspace: Workspace, file: string): object | undefined {
  try {
    const schema = workspace.schema(file);
    return isObject(schema) ? schema : undefined;
  } catch {
    return undefined;
  }
}

/** `undefined` where it is none: the case that needs it says so. */
function recordingOf({ root }: Workspace, file: string): Partial<TestRecording> | undefined {
  try {
    const recording = testFiles(root).json(file, {});
    return isObject(recording) && Array.isArray(recording['exchanges']) ? (recording as Partial<TestRecording>) : undefined;
  } catch {
    return undefined;
  }
}

/** A file that cannot be read has its name all the same: what refers to it is not unknown. */
function valuesOf<T>(entries: ReadonlyMap<string, { readonly read: { readonly value?: T } }>): Record<string, T | undefined> {
  return Object.fromEntries([...entries].map(([id, { read }]) => [id, read.value]));
}

/** A fault of the linter must not keep a flow from running. */
function safeLint(entry: Entry, world: LintWorld): LintedFile {
  try {
    // A file that is too long has not been read at all.
    if (entry.text === '') return { diagnostics: entry.read.diagnostics, pipes: [] };
    return lintWithPipes(entry.kind, entry.file, entry.text, world);
  } catch (error) {
    return { diagnostics: [...entry.read.diagnostics, finding(entry.file, 'warning', 'INTERNAL', `The file could not be checked: ${(error as Error).message}.`)], pipes: [] };
  }
}

function pluginFindings(workspace: Workspace, plugins: Plugins): Diagnostic[] {
  return plugins.states.flatMap(({ source, state, error, line: at = 1, column: from = 1 }) => {
    if (state === 'loaded') return [];
    const message = `The plugin ${source} cannot be used. ${error ?? ''}`.trim();
    const index = workspace.config.plugins?.indexOf(source) ?? -1;
    if (index < 0 || !workspace.configEntry) return [{ ...finding(source, 'error', 'PLUGIN_FAILED', message), line: at, column: from }];
    const { line, column, endLine, endColumn } = workspace.configEntry.read.locate(`/plugins/${index}`);
    return [{ ...finding('patchbay.json', 'error', 'PLUGIN_FAILED', message), path: `/plugins/${index}`, line, column, endLine, endColumn }];
  });
}

/** What the opening of its transforms says stands beside what is known of the file, where an error there has not been told. */
async function withOpened(entry: Entry, { diagnostics: known, pipes }: LintedFile, plugins: Plugins): Promise<readonly Diagnostic[]> {
  const isTold = (pointer: string): boolean => known.some(({ severity, path }) => severity === 'error' && `${path}/`.startsWith(`${pointer}/`));
  const faults = (await transformFaults(entry, pipes, plugins)).filter(({ transform, span }) => span !== undefined || !isTold(transform));
  return [...known, ...toDiagnostics(entry.file, entry.read.mark, faults.map(({ pointer, span, error: { code, message, remedy } }) => ({ pointer, severity: 'error', code, message, fix: remedy, ...(span && { span }) })))];
}

async function timesFindings(entry: Entry<'flow'>, { registry }: Plugins): Promise<Diagnostic[]> {
  const faults = await timesFaults(entry, Date.now(), registry);
  return faults.map(({ pointer, error }) => {
    const { line, column, endLine, endColumn } = entry.read.locate(pointer);
    const what = error ? finding(entry.file, 'error', error.code, error.message) : finding(entry.file, 'warning', 'CONFIG_INVALID', 'The trigger never fires: its times do not exist.', 'Correct the expression; `patchbay schedule FLOW` shows its times.');
    return { ...what, path: pointer, line, column, endLine, endColumn };
  });
}

/** Of the rows of a lookup, and of settings that do not fit them. `settings`: the file of the settings, as it was read. */
export async function lookupFindings(file: string, settings: Pick<ReadFile, 'mark'> | undefined, read: () => ReturnType<typeof readTable>): Promise<readonly Diagnostic[]> {
  let findings: readonly Diagnostic[] = [];
  const failed = await failureOf(file, async () => {
    const { table, findings: own } = await read();
    findings = table ? [...own, ...(await inTurns(checkTable(table)))] : own;
  });
  return [...failed, ...placed(findings, settings)];
}

async function scriptFindings(file: string, workspace: Workspace): Promise<readonly Diagnostic[]> {
  let warnings: Script['warnings'] = [];
  const failed = await failureOf(file, async () => ({ warnings = [] } = await workspace.script(file)));
  return [...failed, ...warnings.map(({ line, column, message, fix }) => ({ ...finding(file, 'warning', 'SCRIPT_INVALID', message, fix), line, column }))];
}

async function failureOf(file: string, read: () => Promise<unknown>): Promise<Diagnostic[]> {
  try {
    await read();
    return [];
  } catch (error) {
    if (!FlowError.is(error)) return [finding(file, 'warning', 'INTERNAL', `The file could not be checked: ${(error as Error).message}.`)];
    return [{ ...finding(error.place?.file ?? file, 'error', error.code, error.message, error.remedy), line: error.place?.line ?? 1, column: error.place?.column ?? 1 }];
  }
}

const finding = (file: string, severity: Diagnostic['severity'], code: ErrorCode, message: string, fix: string = errors[code].fix): Diagnostic => ({ file, path: '', line: 1, column: 1, severity, code, message, fix });
