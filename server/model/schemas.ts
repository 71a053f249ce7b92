import { findPlugin, type Catalog, type CatalogEntry } from './catalog.ts';
import { fileSchemas } from './file-schemas.ts';
import type { FileKind } from './workspace.ts';

/**
 * JSON Schemas of the files, with the settings of the catalogue's plugins in them: for completion and hovers in editors, and for anyone who writes the files.
 * They are valid as draft-07 and as 2020-12. A plugin that is not in the catalogue is not an error in them: a workspace may have its own.
 */
export function buildSchemas(catalog: Catalog): Readonly<Record<FileKind, object>> {
  const schemas = structuredCopy(fileSchemas) as Record<FileKind, Node>;
  const uses: [place: Node, kind: string, key: string][] = [
    [at(schemas.flow, 'steps', '*'), 'shape', 'shape'],
    [at(schemas.flow, 'triggers', '*'), 'trigger', 'trigger'],
    [at(schemas.connector, 'auth', '*'), 'auth', 'type'],
    [at(schemas.connector, 'defaults', 'pagination'), 'pagination', 'type'],
    [at(schemas.connector, 'endpoints', '*', 'pagination'), 'pagination', 'type'],
  ];
  for (const [place, kind, key] of uses) embed(place, key, catalog.plugins.filter((plugin) => plugin.kind === kind));
  const { rules } = (findPlugin(catalog, 'shape', 'map')?.settings as { properties?: Node } | undefined)?.properties ?? {};
  if (rules) (schemas.map['properties'] as Node)['rules'] = rules;
  return Object.fromEntries(Object.entries(schemas).map(([kind, schema]) => [kind, forEditors(schema)])) as Record<FileKind, object>;
}

type Node = Record<string, unknown>;

/** The names of the plugins as values of `key`, and for each of them the schema of its settings. */
function embed(place: Node, key: string, plugins: readonly CatalogEntry[]): void {
  const field = at(place, key);
  const { type, minLength, ...words } = field;
  const names = plugins.map((plugin) => plugin.type);
  const given = { enum: names, markdownEnumDescriptions: plugins.map(({ title, summary }) => `**${title}**\n\n${summary}`) };
  (place['properties'] as Node)[key] = { ...words, anyOf: [...(names.length > 0 ? [given] : []), { type, minLength }] };
  place['allOf'] = plugins.map(({ type: name, aliases = [], settings, summary }) => ({
    if: { properties: { [key]: { enum: [name, ...aliases] } }, required: [key] },
    // The title of the field stays the place's own: an editor shows both.
    // oxlint-disable-next-line unicorn/no-thenable
    then: { properties: { settings: { ...settings, markdownDescription: summary } }, ...(isRequired(settings) && { required: ['settings'] }) },
  }));
}

const isRequired = (settings: object): boolean => ((settings as { required?: readonly string[] }).required ?? []).length > 0;

/** The schema of a place below a schema; `*` is any name. */
function at(schema: Node, ...keys: readonly string[]): Node {
  return keys.reduce((found, key) => (key === '*' ? found['additionalProperties'] : (found['properties'] as Node)[key]) as Node, schema);
}

/** Hovers show Markdown where `markdownDescription` says so. */
function forEditors(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forEditors);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => [key, key === 'default' || key === 'enum' || key === 'const' ? value : forEditors(value)]);
  const own = schema as Node;
  const words = own['description'];
  if (typeof words === 'string' && words.includes('`') && own['markdownDescription'] === undefined) entries.push(['markdownDescription', words]);
  return Object.fromEntries(entries);
}

// A deep copy without the sharing that the literals have, so that a place can be changed alone.
const structuredCopy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
