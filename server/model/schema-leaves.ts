import { everything, printPath, type PathKey } from './path.ts';
import { fieldOf, itemOf, namesOf, requiredOf, typesOf, type JsonType } from './schema-types.ts';

/** A field that holds a value, not further fields that are known. */
export interface Leaf {
  readonly path: string;
  readonly keys: readonly PathKey[];
  readonly schema: object;
  readonly types: ReadonlySet<JsonType> | undefined;
  /** It and all around it must be there. */
  readonly isRequired: boolean;
}

/** The fields of a schema, in its order, through objects and lists; so many levels deep. */
export function leavesOf(schema: object, deepest = 8): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (here: object, keys: readonly PathKey[], isRequired: boolean): void => {
    const types = typesOf(here);
    const names = types && !types.has('object') ? [] : namesOf(here);
    const isList = types?.has('array') === true;
    if (keys.length < deepest * 2 && names.length > 0) {
      const required = new Set(requiredOf(here));
      for (const name of names) visit(fieldOf(here, name) ?? {}, [...keys, name], isRequired && required.has(name));
    } else if (keys.length < deepest * 2 && isList && Object.keys(itemOf(here)).length > 0) visit(itemOf(here), [...keys, everything], isRequired);
    else if (keys.length > 0) leaves.push({ path: printPath(keys), keys, schema: here, types, isRequired });
  };
  visit(schema, [], true);
  return leaves;
}
