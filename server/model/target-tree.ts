import { everything, type PathKey } from './path.ts';
import { isClosed, isOpen, unionSchema } from './schema-types.ts';

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

/** `isSure`: the value is always there. */
export function writeInto(tree: TargetTree, keys: readonly PathKey[], schema: object, isSure: boolean): void {
  let here = tree;
  let isThere = isSure;
  for (const key of keys) {
    here = typeof key === 'string' ? fieldOf(here, key) : (here.items ??= emptyTree());
    // A list is there as soon as a rule goes through it, but not each of its fields.
    here.isSure ||= isThere || (key === everything && isSure);
    if (typeof key === 'number') isThere = false;
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

function objectSchema(fields: ReadonlyMap<string, TargetTree>, rest: object | undefined): object {
  const properties = Object.fromEntries([...fields].map(([name, field]) => [name, treeSchema(field)]));
  const required = [...fields].filter(([, { isSure }]) => isSure).map(([name]) => name);
  const own = { type: 'object', properties, ...(required.length > 0 && { required }) };
  if (!rest) return { ...own, additionalProperties: false };
  if (isOpen(rest)) return own;
  const { properties: others = {} } = rest as { readonly properties?: Readonly<Record<string, object>> };
  return { ...own, properties: { ...others, ...properties }, ...(isClosed(rest) && { additionalProperties: false }) };
}

function fieldOf({ fields }: TargetTree, name: string): TargetTree {
  const known = fields.get(name);
  if (known) return known;
  const made = emptyTree();
  fields.set(name, made);
  return made;
}
