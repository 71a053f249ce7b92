import { everything, type PathKey } from './path.ts';
import { fieldOf, isClosed, itemOf, namesOf, requiredOf, typesOf, unionSchema } from './schema-types.ts';

/** What a schema says of a place. */
export interface SchemaPlace {
  /** Open where nothing is known. */
  readonly schema: object;
  readonly isOptional: boolean;
  readonly fault?: PlaceFault;
}

/** Why there can be nothing at a place. */
export interface PlaceFault {
  /** Index of the key that leads nowhere. */
  readonly at: number;
  /** `no-field`: it is not named; `in-list`: a name right below a list; `no-list`: an index or `[*]` below no list; `no-object`: a name below a text or the like. */
  readonly reason: 'no-field' | 'in-list' | 'no-list' | 'no-object';
  /** Nothing can ever be there: the schema leaves no room. Else it is only not known. */
  readonly isCertain: boolean;
  /** Names that there are instead. */
  readonly names: readonly string[];
}

/**
 * What `[*]` of no list leads to. `items`: to that as its only item, as in rules of a map; `entries`: to the fields of an object, as in JSONPath, and so everywhere else.
 */
export type Stars = 'items' | 'entries';

/** Where a path of names, indexes and `[*]` leads. */
export function placeAt(schema: object, keys: readonly PathKey[], stars: Stars = 'items'): SchemaPlace {
  let here = schema;
  let isOptional = false;
  for (const [at, key] of keys.entries()) {
    const types = typesOf(here);
    const step = key === everything ? (stars === 'items' ? intoItems : intoEntries)(here, types) : typeof key === 'number' ? intoItem(here, types, key) : intoField(here, types, key);
    if ('reason' in step) return { schema: {}, isOptional: true, fault: { at, names: [], ...step } };
    isOptional ||= step.isOptional || types?.has('null') === true;
    here = step.schema;
  }
  return { schema: here, isOptional };
}

type Step = { readonly schema: object; readonly isOptional: boolean } | Omit<PlaceFault, 'at' | 'names'> & { readonly names?: readonly string[] };
type Types = ReturnType<typeof typesOf>;

function intoField(schema: object, types: Types, name: string): Step {
  if (types && !types.has('object')) return { reason: types.has('array') ? 'in-list' : 'no-object', isCertain: true };
  const field = fieldOf(schema, name);
  if (!field) return { reason: 'no-field', isCertain: isClosed(schema) && types?.size === 1, names: namesOf(schema) };
  return { schema: field, isOptional: !requiredOf(schema).includes(name) };
}

function intoItem(schema: object, types: Types, index: number): Step {
  if (types && !types.has('array')) return { reason: 'no-list', isCertain: true };
  return { schema: itemOf(schema, index < 0 ? Infinity : index), isOptional: true };
}

function intoItems(schema: object, types: Types): Step {
  if (!types) return { schema: itemOf(schema), isOptional: false };
  const isMixed = types.has('array') && [...types].some((type) => type !== 'array' && type !== 'null');
  return { schema: types.has('array') ? (isMixed ? unionSchema([itemOf(schema), schema]) : itemOf(schema)) : schema, isOptional: false };
}

function intoEntries(schema: object, types: Types): Step {
  if (types && !types.has('array') && !types.has('object')) return { reason: 'no-list', isCertain: true };
  const items = types?.has('array') ? [itemOf(schema)] : [];
  const fields = !types?.has('object') ? [] : isClosed(schema) ? namesOf(schema).map((name) => fieldOf(schema, name) ?? {}) : [{}];
  return { schema: unionSchema([...items, ...fields]), isOptional: false };
}
