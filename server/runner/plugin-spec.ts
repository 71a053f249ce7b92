import { annotations, kinds, type Plugin } from '../../plugins/sdk/index.ts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { CatalogEntry } from '../model/catalog.ts';

/** The plugins of a loaded module: its default export, one or a list, and its export `plugins`. `undefined`: it means to be no plugin (a helper of one). */
export function pluginsOf(module: Readonly<Record<string, unknown>>): unknown[] | undefined {
  const given = [module['default'], module['plugins']].filter((value) => value !== undefined);
  // Of a CommonJS module, `default` is `module.exports`, whose own `default` or `plugins` may be meant.
  const meant = given.flatMap((value) => (isRecord(value) && !('kind' in value) && ('plugins' in value || 'default' in value) ? [value['default'], value['plugins']].filter((inner) => inner !== undefined) : [value]));
  return meant.length === 0 ? undefined : [...new Set(meant.flat())];
}

/** What is wrong with a plugin, as a sentence; `undefined` where it can be used. */
export function problemOf(given: unknown): string | undefined {
  if (!isRecord(given)) return `The export is ${given === null ? 'null' : `a ${typeof given}`}, not a plugin: use one of the define functions of the sdk.`;
  const { kind, type, title, summary, settings } = given;
  if (typeof kind !== 'string' || !(kinds as readonly string[]).includes(kind)) return `The plugin has the kind ${JSON.stringify(kind)}; there are ${kinds.join(', ')}.`;
  if (typeof type !== 'string' || !kebab.test(type)) return `The plugin has the type ${JSON.stringify(type)}; a type is lower-case words joined by hyphens.`;
  const name = `${kind} ${JSON.stringify(type)}`;
  if (typeof title !== 'string' || title === '') return `The ${name} has no title.`;
  if (typeof summary !== 'string' || !/^[^\n]+\.$/.test(summary)) return `The summary of the ${name} is not one sentence.`;
  if (!Array.isArray(given['examples'])) return `The ${name} has no list of examples.`;
  const missing = members[kind as Plugin['kind']].find(([member, wanted]) => !hasShape(given[member], wanted));
  if (missing) return `The ${name} has no ${missing[1] === 'function' ? 'function' : 'field'} "${missing[0]}".`;
  return problemOfSchema(settings, `the settings of the ${name}`) ?? (kind === 'auth' || kind === 'connector' ? problemOfSchema(given['credentials'], `the credentials of the ${name}`) : undefined) ?? problemOfEndpoints(given['endpoints'], name);
}

/** What a plugin says of itself; functions stay behind. */
export function entryOf(plugin: Plugin, source: string): CatalogEntry {
  const given = plugin as unknown as Readonly<Record<string, unknown>>;
  const data = Object.fromEntries(dataFields.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
  return { ...(JSON.parse(JSON.stringify(data)) as CatalogEntry), source };
}

const dataFields = [
  'kind', 'type', 'aliases', 'title', 'summary', 'description', 'status', 'icon', 'version', 'group', 'ports', 'catches', 'retries', 'timeoutMs', 'takes', 'gives', 'generates', 'column', 'takesRequests',
  'mediaTypes', 'fileExtensions', 'settings', 'credentials', 'endpoints', 'examples',
];

const members: Readonly<Record<Plugin['kind'], readonly (readonly [member: string, wanted: 'function' | 'object'])[]>> = {
  connector: [['connect', 'function'], ['address', 'function'], ['credentials', 'object'], ['endpoints', 'object']],
  transform: [['compile', 'function']],
  pagination: [['first', 'function'], ['next', 'function']],
  auth: [['sign', 'function'], ['credentials', 'object']],
  shape: [['open', 'function'], ['ports', 'object']],
  script: [['compile', 'function'], ['close', 'function']],
  trigger: [['events', 'function']],
  store: [['open', 'function']],
  converter: [['open', 'function'], ['mediaTypes', 'object'], ['fileExtensions', 'object']],
};

function problemOfEndpoints(endpoints: unknown, name: string): string | undefined {
  for (const [id, endpoint] of Object.entries(isRecord(endpoints) ? endpoints : {})) {
    const what = `the endpoint ${JSON.stringify(id)} of the ${name}`;
    if (!isRecord(endpoint) || !['receive', 'send', 'listen'].includes(endpoint['direction'] as string)) return `The direction of ${what} is none of receive, send and listen.`;
    const wanted = endpoint['direction'] === 'listen' ? 'listen' : 'call';
    if (typeof endpoint[wanted] !== 'function') return `There is no function "${wanted}" in ${what}.`;
    const problem = problemOfSchema(endpoint['params'], `the params of ${what}`);
    if (problem) return problem;
  }
  return undefined;
}

const kebab = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const hasShape = (value: unknown, wanted: 'function' | 'object'): boolean => (wanted === 'function' ? typeof value === 'function' : isRecord(value));

function problemOfSchema(schema: unknown, what: string): string | undefined {
  if (!isRecord(schema) || schema['type'] !== 'object' || schema['additionalProperties'] !== false) return `The schema of ${what} is not a closed object: give it "type": "object" and "additionalProperties": false.`;
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const bare = Object.entries(properties).find(([, field]) => !isRecord(field) || typeof field['title'] !== 'string' || typeof field['description'] !== 'string');
  if (bare) return `The field ${JSON.stringify(bare[0])} of ${what} has no title or no description.`;
  try {
    const ajv = addFormats.default(new Ajv2020({ strict: true, allErrors: true, useDefaults: true }));
    ajv.addVocabulary([...annotations]);
    ajv.compile(schema);
    return undefined;
  } catch (error) {
    return `The schema of ${what} is not valid: ${(error as Error).message}.`;
  }
}
