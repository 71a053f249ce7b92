import { everything, type PathKey } from './path.ts';
import { fieldOf as fieldIn, isClosed, isOpen, namesOf, unionSchema } from './schema-types.ts';

/** What rules write, as a tree of the places. */
export interface TargetTree {
  readonly fields: Map<string, TargetTree>;
  items?: TargetTree;
  /** JSON Schemas of what is written here as a whole. */
  readonly values: object[];
  /** Something is always written here or below. */
  isSure: boolean;
}

export const emptyTree = (): TargetTree => ({ fields: new Map(), values: [], isSure: false });

interface Writing {
  /** The value is always there. */
  readonly isSure: boolean;
  /** Of a list, by the keys up to its `[*]`: not all of its items have what is written there. */
  isUneven?(list: readonly PathKey[]): boolean;
  /** So many keys are not made by what is written. */
  readonly after?: number;
}

/** Adds what a rule writes. */
export function writeInto(tree: TargetTree, keys: readonly PathKey[], schema: object, { isSure, isUneven = () => false, after = 0 }: Writing): void {
  let here = tree;
  let isThere = isSure;
  for (const [at, key] of keys.entries()) {
    here = typeof key === 'string' ? fieldOf(here, key) : (here.items ??= emptyTree());
    // A list is there as soon as a rule goes through it, but not each of its fields.
    here.isSure ||= at >= after && (isThere || (key === everything && isSure));
    if (typeof key === 'number' || (key === everything && isUneven(keys.slice(0, at)))) isThere = false;
  }
  here.values.push(schema);
}

/** JSON Schema of what is written. `rest`: that of the record whose other fields stay. */
export function treeSchema({ fields, items, values }: TargetTree, rest?: object): object {
  const below = items ? { type: 'array', items: treeSchema(items) } : fields.size > 0 || values.length === 0 ? objectSchema(fields, rest) : undefined;
  if (values.length === 0) return below ?? {};
  // What is written as a whole and then written into is both.
  return below ? {} : unionSchema(values);
}

/** JSON Schema of the fields of a record that stay where a map passes on what its rules do not take. */
export function restSchema(record: object, taken: readonly (readonly PathKey[])[]): object {
  if (isOpen(record)) return {};
  const properties = Object.fromEntries(namesOf(record).flatMap((name) => {
    const paths = taken.filter(([first]) => first === name);
    // Of what is taken within a field nobody knows what it leaves.
    return paths.some(({ length }) => length === 1) ? [] : [[name, paths.length > 0 ? {} : (fieldIn(record, name) ?? {})]];
  }));
  return { type: 'object', properties, additionalProperties: !isClosed(record) };
}

function objectSchema(fields: ReadonlyMap<string, TargetTree>, rest: object | undefined): object {
  const properties = Object.fromEntries([...fields].map(([name, field]) => [name, treeSchema(field)]));
  const required = [...fields].filter(([, { isSure }]) => isSure).map(([name]) => name);
  const own = { type: 'object', properties, ...(required.length > 0 && { required }) };
  if (!rest) return { ...own, additionalProperties: false };
  if (isOpen(rest)) return own;
  const others = Object.fromEntries(namesOf(rest).map((name) => [name, fieldIn(rest, name) ?? {}]));
  const both = Object.entries(properties).map(([name, made]) => {
    const { values, isSure } = fields.get(name)!;
    // What is written into a field that stays is added to what it holds.
    return [name, !Object.hasOwn(others, name) ? made : values.length === 0 ? {} : isSure ? made : unionSchema([made, others[name]!])] as const;
  });
  return { ...own, properties: { ...others, ...Object.fromEntries(both) }, ...(isClosed(rest) && { additionalProperties: false }) };
}

function fieldOf({ fields }: TargetTree, name: string): TargetTree {
  const known = fields.get(name);
  if (known) return known;
  const made = emptyTree();
  fields.set(name, made);
  return made;
}
