import { JSONPath } from 'jsonpath-plus';
import { FlowError, type Path } from '../../plugins/sdk/index.ts';

// A quoted name or a bracket is passed over as a whole, so that an operator is only found outside of them.
const tokens = /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|\^|~|@(?:null|boolean|number|string|integer|scalar|array|object)\(\)|[^]/g;

/**
 * A path with operators that only jsonpath-plus has: `^`, `~` and type tests. `undefined` where there is none of them. Evaluation of code is off, so
 * filters cannot stand beside them. `check` fails with `CONFIG_PATH` where what is left without the operators is no JSONPath.
 */
export function compileParentPath(query: string, full: string, check: (plain: string) => void): Path | undefined {
  const parts: readonly string[] = full.match(tokens) ?? [];
  const isOperator = (part: string) => part === '^' || part === '~' || (part.length > 2 && part.startsWith('@'));
  if (!parts.some(isOperator)) return undefined;
  if (parts.includes('?') || parts.includes('(')) throw new FlowError('CONFIG_PATH', `The path ${JSON.stringify(query)} has a filter beside ${parts.find(isOperator)}: only one of the two can stand in a path.`, { details: { query, position: 0 } });
  check(parts.filter((part) => !isOperator(part)).join(''));
  const find = (document: unknown, resultType: 'value' | 'path'): unknown[] => {
    // jsonpath-plus takes every falsy document for a missing one; and none of its operators finds something in a plain value.
    if (typeof document !== 'object' || document === null) return [];
    return (JSONPath({ path: full, json: document, eval: false, wrap: true, resultType }) as unknown[] | undefined) ?? [];
  };
  const all = (document: unknown): unknown[] => find(document, 'value');
  return {
    query, singular: false, all,
    get: (document) => all(document)[0],
    places(document) {
      const places = find(document, 'path').map((path) => placeIn(document, JSONPath.toPathArray(path as string).slice(1)));
      forgetPlaces();
      return places;
    },
    set: () => {
      throw new FlowError('CONFIG_PATH', `The path ${JSON.stringify(query)} may name several places, so nothing can be written there. Use names and indexes only.`, { details: { query } });
    },
  };
}

/** The library keeps every path that it has ever read, those of found places too. */
function forgetPlaces(): void {
  (JSONPath as unknown as { cache: object }).cache = {};
}

/** Indexes are numbers where there is a list. */
function placeIn(document: unknown, names: readonly string[]): readonly (string | number)[] {
  let value = document;
  return names.map((name) => {
    const key = Array.isArray(value) ? Number(name) : name;
    value = (value as Record<string | number, unknown> | undefined)?.[key];
    return key;
  });
}
