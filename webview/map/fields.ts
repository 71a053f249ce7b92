import { isObject } from '../../server/model/json.ts';
import { everything, printPath, type PathKey } from '../../server/model/path-keys.ts';
import { targetKeys } from '../../server/model/target-keys.ts';
import { factsOf } from './schema.ts';

export type Side = 'source' | 'target';

/** A field of one side: a row of its tree. */
export interface FieldNode {
  /** Its path as it is printed; a query that names no single place stands for itself. */
  readonly id: string;
  readonly name: string;
  /** `undefined`: a query. */
  readonly keys: readonly PathKey[] | undefined;
  readonly depth: number;
  readonly parent: FieldNode | undefined;
  readonly children: FieldNode[];
  types: readonly string[];
  isList: boolean;
  isRequired: boolean;
  description: string | undefined;
  /** Who says that it is there. `rule`: nobody but a rule. */
  origin: 'schema' | 'sample' | 'rule';
}

export interface FieldTree {
  readonly roots: readonly FieldNode[];
  readonly byId: ReadonlyMap<string, FieldNode>;
  /** Fields that are not shown, as there are too many. */
  readonly isCut: boolean;
}

const mostFields = 10_000;
const deepest = 14;
const mostItems = 200;

/** The id under which a path of a rule stands in the tree. */
export function fieldId(path: string): string {
  const keys = placeOf(path);
  return keys ? printPath(keys) : path;
}

/** `undefined`: a query, such as a descent or one with a filter. */
function placeOf(path: string): readonly PathKey[] | undefined {
  const keys = path.includes('..') ? undefined : targetKeys(path);
  return keys && keys.length > 0 ? keys : undefined;
}

/**
 * The fields of a side: those of its schema, then what the sample shows beside them, then what only rules name. Lists are shown by their items together, never one by
 * one: `lines` has the fields of `lines[*]` below it.
 */
export function fieldTree(schema: object, sample: unknown, paths: Iterable<string>): FieldTree {
  const roots: FieldNode[] = [];
  const byId = new Map<string, FieldNode>();
  let isCut = false;

  const node = (keys: readonly PathKey[], origin: FieldNode['origin']): FieldNode | undefined => {
    const id = printPath(keys);
    const known = byId.get(id);
    if (known) return known;
    if (byId.size >= mostFields) { isCut = true; return undefined; }
    const above = ownerOf(keys);
    const parent = above.length === 0 ? undefined : node(above, origin);
    const key = keys.at(-1)!;
    const made: FieldNode = { id, name: key === everything ? 'each item' : typeof key === 'number' ? `[${key}]` : key, keys, depth: parent ? parent.depth + 1 : 0, parent, children: [], types: [], isList: false, isRequired: false, description: undefined, origin };
    if (parent && keys.length - above.length > 0 && keys[above.length] === everything) parent.isList = true;
    byId.set(id, made);
    (parent?.children ?? roots).push(made);
    return made;
  };
  const fromSchema = (here: object, keys: readonly PathKey[], isSure: boolean): void => {
    if (keys.length > deepest * 2) return;
    const facts = factsOf(here);
    for (const [name, field] of facts.fields) {
      const made = node([...keys, name], 'schema');
      if (made) describe(made, field, isSure && facts.required.has(name));
    }
    if (facts.item && facts.fields.size === 0) fromItems(facts.item, [...keys, everything]);
  };
  const describe = (made: FieldNode, field: object, isRequired: boolean): void => {
    const { types, item, description, fields } = factsOf(field);
    made.types = types;
    made.isRequired = isRequired;
    made.description = description;
    if (fields.size > 0) fromSchema(field, made.keys!, true);
    if (types.includes('array') || item) {
      made.isList = true;
      fromItems(item ?? {}, [...made.keys!, everything]);
    }
  };
  const fromItems = (item: object, keys: readonly PathKey[]): void => {
    const { fields, types } = factsOf(item);
    if (fields.size > 0) return fromSchema(item, keys, true);
    if (types.length === 0) return;
    const made = node(keys, 'schema');
    if (made) describe(made, item, false);
  };
  const fromValue = (value: unknown, keys: readonly PathKey[]): void => {
    if (keys.length > deepest * 2) return;
    if (Array.isArray(value)) {
      for (const item of value.slice(0, mostItems) as unknown[]) {
        if (isObject(item)) fromValue(item, [...keys, everything]);
        else if (item !== null) seen([...keys, everything], item);
      }
    } else if (isObject(value)) {
      for (const [name, field] of Object.entries(value)) seen([...keys, name], field);
    }
  };
  const seen = (keys: readonly PathKey[], value: unknown): void => {
    const made = node(keys, 'sample');
    if (!made) return;
    if (made.types.length === 0 && value !== null) made.types = [Array.isArray(value) ? 'array' : typeof value];
    if (Array.isArray(value)) made.isList = true;
    fromValue(value, keys);
  };

  fromSchema(schema, [], true);
  fromValue(sample, []);
  for (const path of paths) {
    const keys = placeOf(path);
    if (keys) node(keys, 'rule');
    else if (path !== '' && !byId.has(path)) {
      const made: FieldNode = { id: path, name: path, keys: undefined, depth: 0, parent: undefined, children: [], types: [], isList: false, isRequired: false, description: undefined, origin: 'rule' };
      byId.set(path, made);
      roots.push(made);
    }
  }
  return { roots, byId, isCut };
}

/** The keys of the row above: fields of the items of a list stand below the list itself. */
function ownerOf(keys: readonly PathKey[]): readonly PathKey[] {
  const above = keys.slice(0, -1);
  if (keys.at(-1) === everything) return above;
  return above.at(-1) === everything && above.length > 1 && above.at(-2) !== everything ? above.slice(0, -1) : above;
}

export interface Shown {
  readonly closed: ReadonlySet<string>;
  /** Only fields whose path holds this text, and what is around them. */
  readonly filter: string;
}

/** The rows in their order, without those that are folded away. */
export function shownRows({ roots }: FieldTree, { closed, filter }: Shown): readonly FieldNode[] {
  const rows: FieldNode[] = [];
  const wanted = filter.trim().toLowerCase();
  const fits = (field: FieldNode): boolean => wanted === '' || field.id.toLowerCase().includes(wanted) || field.children.some(fits);
  const visit = (field: FieldNode): void => {
    if (!fits(field)) return;
    rows.push(field);
    if (wanted !== '' || !closed.has(field.id)) for (const child of field.children) visit(child);
  };
  for (const root of roots) visit(root);
  return rows;
}

const typeWords: Readonly<Record<string, string>> = { string: 'text', number: 'number', boolean: 'true or false', object: 'object', array: 'list', null: 'null' };

/** `text`, `list of text`, `text or number`. */
export function typeText({ types, isList }: FieldNode): string {
  const words = types.map((type) => typeWords[type] ?? type);
  return words.length === 0 ? (isList ? 'list' : '') : words.join(' or ');
}

/** The values at a field, through lists; at most so many. */
export function valuesAt(document: unknown, keys: readonly PathKey[] | undefined, most = mostItems): readonly unknown[] {
  if (!keys) return [];
  let here: readonly unknown[] = [document];
  for (const key of keys) {
    here = here.flatMap((value): readonly unknown[] => {
      if (key === everything) return Array.isArray(value) ? (value as unknown[]).slice(0, most) : [];
      if (typeof key === 'number') return Array.isArray(value) ? [(value as unknown[]).at(key)] : [];
      return isObject(value) && Object.hasOwn(value, key) ? [value[key]] : [];
    });
    if (here.length > most) here = here.slice(0, most);
  }
  return here.filter((value) => value !== undefined);
}

const places = new WeakMap<readonly FieldNode[], ReadonlyMap<string, number>>();

/** At which row a field stands. */
export function placesOf(rows: readonly FieldNode[]): ReadonlyMap<string, number> {
  const known = places.get(rows) ?? new Map(rows.map(({ id }, row) => [id, row]));
  places.set(rows, known);
  return known;
}
