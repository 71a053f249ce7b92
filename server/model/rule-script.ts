import { FlowError } from '../../plugins/sdk/index.ts';
import { findPlugin, type Catalog } from './catalog.ts';
import { isObject, pointerOf } from './json.ts';
import type { MapChange } from './map-edit.ts';
import { readPath } from './map-rules.ts';
import { helpers, transformCode, type TransformCode } from './transform-code.ts';

/** A script that does what the transforms of a rule do, and the changes by which the rule uses it. */
export interface RuleScript {
  readonly file: string;
  readonly text: string;
  readonly changes: readonly MapChange[];
}

/**
 * Writes the transforms of a rule as a script of the workspace, with the same result. Its conditions, its mapping file and its default stay. Fails with
 * `CONFIG_INVALID` where there are no transforms, and where one cannot be written so: it names which.
 */
export function ruleScript(settings: unknown, index: number, name: string, catalog: Catalog): RuleScript {
  const rules: unknown = isObject(settings) ? settings['rules'] : undefined;
  const rule: unknown = Array.isArray(rules) ? rules[index] : undefined;
  const pointer = pointerOf(['rules', index, 'transforms']);
  if (!isObject(rule)) throw new FlowError('CONFIG_INVALID', `There is no rule ${index + 1}.`, { place: { pointer } });
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw new FlowError('CONFIG_INVALID', `A script cannot be called ${JSON.stringify(name)}.`, { remedy: 'Take lower-case letters and digits, with hyphens between them.' });
  const transforms: readonly unknown[] = Array.isArray(rule['transforms']) ? rule['transforms'] : [];
  if (transforms.length === 0) throw new FlowError('CONFIG_INVALID', `Rule ${index + 1} has no transforms.`, { place: { pointer }, remedy: 'Add the transform Script in order to begin with an empty one.' });
  const codes = transforms.map((transform) => codeOf(transform, catalog, pointer));
  const file = `scripts/${name}.ts`;
  const change = (key: string, value: unknown): MapChange => ({ op: 'set', path: ['rules', index, key], value });
  const when = whenFound(rule, codes.map(({ code }) => code), pointer);
  return { file, text: textOf(String(rule['to'] ?? ''), codes), changes: [change('transforms', [{ type: 'script', settings: { script: file } }]), ...(when ? [change('when', when)] : [])] };
}

interface Titled {
  readonly title: string;
  readonly code: TransformCode;
}

function codeOf(transform: unknown, catalog: Catalog, pointer: string): Titled {
  const type = isObject(transform) ? String(transform['type'] ?? '') : '';
  const entry = findPlugin(catalog, 'transform', type);
  const given = isObject(transform) && isObject(transform['settings']) ? transform['settings'] : {};
  const title = entry?.title ?? type;
  const refuse = (why: string): never => { throw new FlowError('CONFIG_INVALID', `The transform "${title}" cannot be written as a script${why}.`, { place: { pointer }, remedy: 'Keep it in a rule of its own, or write the script by hand with the transform Script.' }); };
  if (JSON.stringify(given).includes('{{')) return refuse(', as it has an expression');
  const code = Object.hasOwn(transformCode, type) ? transformCode[type]!({ ...defaultsOf(entry?.settings), ...given }) : undefined;
  return code ? { title, code } : refuse(Object.hasOwn(transformCode, type) ? ' with these settings' : '');
}

function defaultsOf(schema: object | undefined): Readonly<Record<string, unknown>> {
  const { properties = {} } = (schema ?? {}) as { readonly properties?: Readonly<Record<string, { readonly default?: unknown }>> };
  return Object.fromEntries(Object.entries(properties).flatMap(([key, { default: value }]) => (value === undefined ? [] : [[key, value]])));
}

/** A script gives null for what is missing, where transforms that keep it would write nothing: then the rule asks first. */
function whenFound(rule: Readonly<Record<string, unknown>>, codes: readonly TransformCode[], pointer: string): readonly unknown[] | undefined {
  const sources = ([rule['from']].flat() as unknown[]).filter((source): source is string => typeof source === 'string' && source !== '');
  if (sources.length === 0 || rule['default'] !== undefined || codes.some(({ keepsNull }) => !keepsNull)) return undefined;
  // Of a list, the transforms make something also where it is empty, and nothing where it is missing: no condition tells these apart.
  const list = sources.find((source) => readPath(source).lists > readPath(String(rule['to'] ?? '')).lists);
  if (list !== undefined) throw new FlowError('CONFIG_INVALID', `The transforms of ${JSON.stringify(list)} cannot be written as a script: they get a list as a whole, and a script could not tell one that is empty from one that is missing.`, { place: { pointer }, remedy: `Give the rule a default, or a target with as many [*] as ${JSON.stringify(list)}.` });
  const asked = sources.map((field) => ({ field, is: 'exists' }));
  const before: readonly unknown[] = Array.isArray(rule['when']) ? rule['when'] : [];
  return [...before, ...(asked.length === 1 ? asked : [{ any: asked }])];
}

function textOf(target: string, codes: readonly Titled[]): string {
  const needed = [...new Set(codes.flatMap(({ code }) => code.helpers ?? []))].map((name) => helpers[name]);
  const steps = codes.map(({ title, code: { lines, keepsNull } }) => `  // ${title}\n  (value) => {\n${[...(keepsNull ? ['if (value === null || value === undefined) return value;'] : []), ...lines].map((line) => `    ${line}`).join('\n')}\n  },\n`);
  return `/** ${target.replaceAll('*/', '*\\/')}: of each value what ${codes.map(({ title }) => title).join(', ')} made of it. A missing value comes as null. */
export default function ({ values }: { values: unknown[] }): unknown[] {
  return values.map((value) => steps.reduce<unknown>((made, step) => step(made), value));
}

const steps: ((value: unknown) => unknown)[] = [
${steps.join('')}];
${needed.map((text) => `\n${text}\n`).join('')}`;
}
