import { FlowError } from '../../plugins/sdk/index.ts';
import { openContext } from '../engine/open-context.ts';
import { findPlugin } from '../model/catalog.ts';
import { isObject, pointerOf } from '../model/json.ts';
import type { LintedFile } from '../model/lint.ts';
import type { Plugins } from './load-plugins.ts';
import type { Entry } from './workspace.ts';

export interface TransformFault {
  /** Of the transform in its rule, or of the text with the expression in which it stands. */
  readonly transform: string;
  /** Of what is wrong there. */
  readonly pointer: string;
  /** Of it, in the text of an expression. */
  readonly span?: readonly [start: number, end: number];
  readonly error: FlowError;
}

type Known = Pick<Plugins, 'registry' | 'catalog'>;

/**
 * What is wrong with the settings of the transforms of maps and of expressions, beyond what their schemas say: they are opened as a run opens them. Only those that come
 * with Patchbay are, and none that asks for a lookup, a secret or a script, or whose settings hold expressions.
 */
export async function transformFaults({ read }: Pick<Entry, 'read'>, pipes: LintedFile['pipes'], plugins: Known): Promise<TransformFault[]> {
  const found: TransformFault[] = [];
  for (const { keys, type, settings } of transformsOf(read.value)) {
    const transform = pointerOf(keys);
    const error = await faultOf(type, settings, plugins);
    if (error) found.push({ transform, pointer: `${transform}/settings${error.place?.pointer ?? ''}`, error });
  }
  for (const { pointer, transform, settings, span, spans } of pipes) {
    const error = await faultOf(transform, settings, plugins);
    if (error) found.push({ transform: pointer, pointer, span: spans[error.place?.pointer?.split('/')[1] ?? ''] ?? span, error });
  }
  return found;
}

async function faultOf(type: string, settings: object, { registry, catalog }: Known): Promise<FlowError | undefined> {
  const entry = findPlugin(catalog, 'transform', type);
  if (entry?.source !== 'built-in' || entry.column || JSON.stringify(settings).includes('{{')) return undefined;
  const plugin = await registry.find('transform', type);
  try {
    registry.complete(plugin!, settings);
  } catch {
    // The schema is for others to check.
    return undefined;
  }
  try {
    await openContext({ registry, workspace: { lookup: refuse, secret: refuse } }).transform(type, settings);
  } catch (error) {
    return FlowError.is(error) ? error : undefined;
  }
  return undefined;
}

/** No error of a flow, so that it is none of the transform. */
const refuse = async (): Promise<never> => {
  throw new Error('It is not asked for without a run.');
};

interface RuleTransform {
  readonly keys: readonly (string | number)[];
  readonly type: string;
  readonly settings: object;
}

/** Of the map steps of a flow, or of a mapping file. */
function transformsOf(file: unknown): RuleTransform[] {
  if (!isObject(file)) return [];
  const steps = isObject(file['steps']) ? Object.entries(file['steps']) : [];
  return [...ofRules(file['rules'], ['rules']), ...steps.flatMap(([id, step]) => (isObject(step) && step['shape'] === 'map' && isObject(step['settings']) ? ofRules(step['settings']['rules'], ['steps', id, 'settings', 'rules']) : []))];
}

function ofRules(rules: unknown, keys: RuleTransform['keys']): RuleTransform[] {
  return listOf(rules).flatMap((rule, at) => listOf(isObject(rule) && rule['transforms']).flatMap((transform, index) => {
    if (!isObject(transform) || typeof transform['type'] !== 'string') return [];
    const { type, settings = {} } = transform;
    return isObject(settings) ? [{ keys: [...keys, at, 'transforms', index], type: type as string, settings }] : [];
  }));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
