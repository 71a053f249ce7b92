import { FlowError } from '../../plugins/sdk/index.ts';
import { findPlugin, type Catalog } from './catalog.ts';
import { fileEdits } from './file-edit.ts';
import { fileSchemas } from './file-schemas.ts';
import { applyChange } from './flow-change.ts';
import type { TextEdit } from './flow-edit.ts';
import { isObject, pointerOf } from './json.ts';
import { withValue, type Json } from './json-change.ts';
import { currentVersion, migrate } from './migrate.ts';
import { fieldSchema, propertyOrder, schemaAt } from './schema-walk.ts';

type Keys = readonly (string | number)[];

/** One change to a mapping. Paths count from its settings: those of a map step, or the mapping file itself. */
export type MapChange =
  /** Sets a value (`['rules', 3, 'to']`); `undefined` removes it. */
  | { readonly op: 'set'; readonly path: Keys; readonly value: unknown }
  /** Puts an item into a list, before the one that stands at `index`. A list that is missing is made. */
  | { readonly op: 'insert'; readonly path: Keys; readonly index: number; readonly value: unknown }
  /** Takes an item of a list to another place of it. */
  | { readonly op: 'move'; readonly path: Keys; readonly from: number; readonly to: number };

/**
 * The edits that make changes to a mapping, one after the other: as small as can be, counted from the given text, with comments, indentation and line ends kept.
 * `step`: the map step of a flow that holds it; without one, the text is a mapping file. Fails, and changes nothing, with `CONFIG_INVALID` (syntax, place),
 * `CONFIG_VERSION` and `CONFIG_UNKNOWN_STEP`.
 */
export function editMap(text: string, changes: readonly MapChange[], step: string | undefined, catalog: Catalog): TextEdit[] {
  const kind = step === undefined ? 'map' : 'flow';
  return fileEdits(kind, text, (value) => {
    const newest = currentVersion(kind);
    if (typeof value['version'] === 'number' && value['version'] > newest) throw new FlowError('CONFIG_VERSION', `The file has format version ${value['version']}, and this version of Patchbay writes ${newest}.`, { place: { pointer: '/version' } });
    return changes.reduce((made, change) => (step === undefined ? changeFile(made, change, catalog) : changeStep(made, change, step, catalog)), migrate(kind, value));
  });
}

function changeStep(flow: Json, change: MapChange, step: string, catalog: Catalog): Json {
  const { path, value } = asSet(valueAt(flow, ['steps', step, 'settings']), change);
  return applyChange(flow, { op: 'set', step, path: ['settings', ...path], value }, catalog);
}

function changeFile(file: Json, change: MapChange, catalog: Catalog): Json {
  const { path, value } = asSet(file, change);
  if (path.length === 0) throw invalid('A change needs a place: the whole mapping cannot be replaced.', path);
  const shape = findPlugin(catalog, 'shape', 'map');
  const rules = shape && fieldSchema(shape.settings, 'rules');
  const schemaOf = (keys: Keys): object => (keys[0] === 'rules' && rules ? schemaAt(rules, keys.slice(1)) : schemaAt(fileSchemas.map, keys));
  return withValue(file, path, value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown), (place) => propertyOrder(schemaOf(place)), () => false);
}

/** A change of a list as the value that the list then has. */
function asSet(settings: unknown, change: MapChange): { readonly path: Keys; readonly value: unknown } {
  if (change.op === 'set') return change;
  const { path } = change;
  const found = valueAt(settings, path);
  if (found !== undefined && !Array.isArray(found)) throw invalid(`The value at ${pointerOf(path)} is no list: correct it as text first.`, path);
  const list: readonly unknown[] = found ?? [];
  if (change.op === 'insert') {
    if (change.index < 0 || change.index > list.length) throw invalid(`There is no place ${change.index} in the list of ${list.length}.`, path);
    return { path, value: list.toSpliced(change.index, 0, change.value) };
  }
  const { from, to } = change;
  if ([from, to].some((index) => index < 0 || index >= list.length)) throw invalid(`The list of ${list.length} has no item ${Math.max(from, to)}.`, path);
  return { path, value: list.toSpliced(from, 1).toSpliced(to, 0, list[from]) };
}

function valueAt(root: unknown, keys: Keys): unknown {
  return keys.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return typeof key === 'number' ? (value as unknown[])[key] : undefined;
    return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, root);
}

const invalid = (message: string, path: Keys): FlowError => new FlowError('CONFIG_INVALID', message, { place: { pointer: pointerOf(path) } });
