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
  const all = (document: unknown): unknown[] => {
    // jsonpath-plus takes every falsy document for a missing one; and none of its operators finds something in a plain value.
    if (typeof document !== 'object' || document === null) return [];
    return (JSONPath({ path: full, json: document, eval: false, wrap: true }) as unknown[] | undefined) ?? [];
  };
  return {
    query, singular: false, all,
    get: (document) => all(document)[0],
    set: () => {
      throw new FlowError('CONFIG_PATH', `The path ${JSON.stringify(query)} may name several places, so nothing can be written there. Use names and indexes only.`, { details: { query } });
    },
  };
}
