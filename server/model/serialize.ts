import { fileSchemas } from './file-schemas.ts';
import { flowGraph } from './flow-graph.ts';
import type { Flow } from './flow.ts';
import { isObject, isSame } from './json.ts';
import { printJson } from './print.ts';
import type { FileTypes } from './read.ts';
import { orderedEntries, propertyOrder, schemaAt } from './schema-walk.ts';
import type { FileKind } from './workspace.ts';

/**
 * Canonical text: two spaces, keys in the order of the schema, steps after those that lead to them, what is default left out. The file itself, the maps of its
 * steps or endpoints and each of those stand over several lines; all else on one line, where it fits into 120 characters. Unknown keys are kept, after the others.
 */
export function serialize<K extends FileKind>(kind: K, value: FileTypes[K]): string {
  const file = value as unknown as Readonly<Record<string, unknown>>;
  const steps = kind === 'flow' ? stepOrder(file) : [];
  const entries = (object: Readonly<Record<string, unknown>>, keys: readonly (string | number)[]): readonly (readonly [string, unknown])[] => {
    if (kind === 'flow' && keys.length === 1 && (keys[0] === 'steps' || keys[0] === 'layout')) return orderedEntries(object, steps);
    const schema = schemaAt(fileSchemas[kind], keys);
    return orderedEntries(object, propertyOrder(schema)).filter(([name, field]) => !isDefault(schema, name, field));
  };
  return `${printJson(file, { eol: '\n', unit: '  ', entries, isBroken: isBroken(kind) }, { keys: [], indent: '', before: 0 })}\n`;
}

/** Which objects of a file stand over several lines however short they are. */
export const isBroken = (kind: FileKind) => (keys: readonly (string | number)[]): boolean => {
  if (keys.length === 0) return true;
  if (kind === 'flow') return ((keys[0] === 'steps' || keys[0] === 'notes') && keys.length <= 2) || ((keys[0] === 'layout' || keys[0] === 'groups') && keys.length === 1);
  return kind === 'connector' && keys[0] === 'endpoints' && keys.length <= 2;
};

function stepOrder(flow: Readonly<Record<string, unknown>>): readonly string[] {
  return isObject(flow['steps']) ? flowGraph(flow as unknown as Flow, { plugins: [] }).order : [];
}

function isDefault(schema: object, name: string, value: unknown): boolean {
  const { properties, required } = schema as { readonly properties?: Readonly<Record<string, { readonly default?: unknown }>>; readonly required?: readonly string[] };
  const field = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!field || !('default' in field) || required?.includes(name)) return false;
  if (isSame(field.default, value)) return true;
  // An object in which all is default is written as an empty one, which is default itself.
  return isObject(value) && isSame(field.default, {}) && Object.entries(value).every(([key, inner]) => isDefault(field, key, inner));
}
