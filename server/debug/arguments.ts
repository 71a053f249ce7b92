import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { FlowSummary } from '../model/api.ts';
import { isObject } from '../model/json.ts';
import type { Runner, StartRun } from '../runner/contract.ts';
import type { TestOrder } from '../runner/executors.ts';

/** What a client may ask for when it launches; others are refused, but those that clients add by themselves. */
export interface LaunchArguments {
  /** Id of a flow, or its file. */
  readonly flow?: string;
  readonly program?: string;
  /** File with the payload; relative to the workspace. */
  readonly input?: string;
  /** The payload itself. */
  readonly payload?: unknown;
  readonly env?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Time that the run sees: milliseconds since the epoch, or a date. */
  readonly now?: number | string;
  readonly seed?: number;
  readonly from?: string;
  readonly until?: string;
  readonly stopOnEntry?: boolean;
  readonly noDebug?: boolean;
  /** A past run, to look at; nothing runs. */
  readonly run?: string;
  /** Tests: their file, or their flow; all cases, one after the other, or one. */
  readonly test?: string;
  readonly case?: string;
  readonly isProductionConfirmed?: boolean;
  /** What would be done twice may be sent again. */
  readonly isWriteConfirmed?: boolean;
}

const types: Readonly<Record<keyof LaunchArguments, 'string' | 'number' | 'boolean' | 'object' | 'any'>> = {
  flow: 'string', program: 'string', input: 'string', payload: 'any', env: 'string', variables: 'object', now: 'any', seed: 'number', from: 'string', until: 'string', stopOnEntry: 'boolean', noDebug: 'boolean', run: 'string', test: 'string', case: 'string', isProductionConfirmed: 'boolean', isWriteConfirmed: 'boolean',
};
const besideTests = ['flow', 'program', 'input', 'payload', 'env', 'variables', 'now', 'seed', 'from', 'until', 'run'] as const;
/** Of clients, for themselves. */
const others = new Set(['type', 'request', 'name', 'preLaunchTask', 'postDebugTask', 'internalConsoleOptions', 'debugServer', 'presentation', 'restart', 'workspace', 'url', 'token', 'port']);

/** Fails with `API_INVALID`. */
export function readLaunch(given: unknown): LaunchArguments {
  if (!isObject(given)) throw invalid('The arguments are an object.', 'Write {"flow": "import-orders"}.');
  for (const [name, value] of Object.entries(given)) {
    if (others.has(name) || name.startsWith('__')) continue;
    const type = Object.hasOwn(types, name) ? types[name as keyof LaunchArguments] : undefined;
    if (type === undefined) throw invalid(`There is no argument ${JSON.stringify(name)}; there are ${Object.keys(types).join(', ')}.`, 'Take it out, or correct its name.');
    if (type !== 'any' && (type === 'object' ? !isObject(value) : typeof value !== type)) throw invalid(`The argument ${JSON.stringify(name)} is of the type ${type}.`, 'Correct the launch configuration.');
  }
  const read = given as LaunchArguments;
  if (read.flow === undefined && read.program === undefined && read.run === undefined && read.test === undefined) throw invalid('Nothing says which flow is to be debugged.', 'Give `flow`: the id of a flow, or its file; `test`: the file of its tests; or `run`: the id of a past run.');
  const beside = read.test === undefined ? [] : besideTests.filter((name) => read[name] !== undefined);
  if (beside.length > 0) throw invalid(`A case of a test says itself what it is run with: ${beside.join(', ')} cannot stand beside \`test\`.`, 'Leave it out, or write it into the case.');
  if (read.case !== undefined && read.test === undefined) throw invalid('A `case` is one of a file of tests.', 'Give `test`: the file.');
  if (read.input !== undefined && read.payload !== undefined) throw invalid('Both `input` and `payload` say what the run begins with.', 'Leave one of them out.');
  return read;
}

/** The flow that a text names: by its id, by its file, absolute or relative, or by the address of the file. */
export function flowNamed(root: string, flows: readonly FlowSummary[], name: string): FlowSummary {
  const path = pathInside(root, name);
  const found = flows.find(({ id }) => id === name) ?? flows.find(({ file }) => file === path);
  if (found) return found;
  throw new FlowError('CONFIG_NOT_FOUND', `There is no flow ${JSON.stringify(name)}; there are ${flows.map(({ id }) => id).join(', ') || 'none'}.`, { details: { flow: name } });
}

/** The tests that a text names, by their file or their flow: all cases, or the one that is wanted. Fails with `CONFIG_NOT_FOUND`. */
export function testsNamed(root: string, listed: Awaited<ReturnType<Runner['tests']['list']>>, name: string, wanted: string | undefined): Pick<TestOrder, 'cases'> & { readonly files: readonly string[]; readonly flow: string } {
  const path = pathInside(root, name);
  const found = listed.find(({ file }) => file === path || file === name) ?? listed.find(({ flow }) => flow === name);
  if (!found) throw new FlowError('CONFIG_NOT_FOUND', `There are no tests ${JSON.stringify(name)}; there are ${listed.map(({ file }) => file).join(', ') || 'none'}.`, { remedy: 'Name a file such as `flows/import-orders.test.json`.' });
  if (wanted !== undefined && !found.cases.some((one) => one.name === wanted)) throw new FlowError('CONFIG_NOT_FOUND', `The file ${found.file} has no case ${JSON.stringify(wanted)}; it has ${found.cases.map((one) => one.name).join(', ') || 'none'}.`, { remedy: 'Correct the name, or leave it out for all of them.' });
  return { flow: found.flow, files: [found.file], ...(wanted !== undefined && { cases: [wanted] }) };
}

/** The path of a file below the root, as the workspace writes it. Remote clients give the address of a file in place of its path. */
export function pathInside(root: string, path: string): string | undefined {
  const plain = /^[a-z][a-z+.-]+:\/\//i.test(path) ? pathOfAddress(path) : path;
  if (plain === undefined) return undefined;
  const below = relative(root, isAbsolute(plain) ? plain : resolve(root, plain)).split(sep).join('/');
  return below.startsWith('../') || below === '..' ? undefined : below;
}

function pathOfAddress(address: string): string | undefined {
  try {
    const url = new URL(address);
    return url.protocol === 'file:' ? fileURLToPath(url) : decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
}

/** The file of the payload: in the workspace, where whoever may debug may read. Fails with `CONFIG_NOT_FOUND`, `API_INVALID`. */
export async function inputFile(root: string, input: string): Promise<string> {
  const file = await realpath(resolve(root, input)).catch(() => { throw new FlowError('CONFIG_NOT_FOUND', `There is no file ${JSON.stringify(input)}.`, { details: { file: input } }); });
  if (pathInside(await realpath(root), file) === undefined) throw invalid(`The file ${JSON.stringify(input)} is not in the workspace.`, 'Put it there, or give its content as `payload`.');
  return file;
}

/** How the run is to be started. `file`: of its payload. */
export function startOf(flow: string, file: string | undefined, { payload, env, variables, now, seed, from, until, isProductionConfirmed }: LaunchArguments): StartRun {
  const at = now === undefined ? undefined : typeof now === 'number' ? now : typeof now === 'string' ? Date.parse(now) : Number.NaN;
  if (at !== undefined && !Number.isFinite(at)) throw invalid(`${JSON.stringify(now)} is no time.`, 'Write milliseconds since the epoch, or a date such as "2024-07-01T12:00:00Z".');
  return {
    flow, trigger: 'manual', version: 'draft',
    ...(file !== undefined && { payload: { file } }), ...(payload !== undefined && { payload: { body: payload, mediaType: typeof payload === 'string' ? 'text/plain' : 'application/json' } }),
    ...(env !== undefined && { environment: env }), ...(variables && { variables }), ...(at !== undefined && { now: at }), ...(seed !== undefined && { seed }), ...(from !== undefined && { from }), ...(until !== undefined && { until }),
    ...(isProductionConfirmed && { isProductionConfirmed }),
  };
}

export const invalid = (message: string, remedy: string): FlowError => new FlowError('API_INVALID', message, { remedy });
