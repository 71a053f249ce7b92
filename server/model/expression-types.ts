import { findPlugin, type Catalog } from './catalog.ts';
import type { Argument, Expression } from './expression-syntax.ts';
import { inferSchema } from './infer-schema.ts';
import { compilePath, everything, type PathKey } from './path.ts';
import { plainKeys } from './plain-path.ts';
import { placeAt, type Stars } from './schema-place.ts';
import { mayBe, typesOf, unionSchema, type JsonType } from './schema-types.ts';

/** What is known of what an expression may begin with. */
export interface RootValue {
  /** JSON Schema; open where nothing is known. */
  readonly schema: object;
  /** In words, where it is known from. */
  readonly from?: string;
  /** A value that it had. */
  readonly last?: { readonly value: unknown };
  readonly description: string;
  /** What `[*]` means below it; default `entries`. */
  readonly stars?: Stars;
}

export type RootValues = Readonly<Record<string, RootValue>>;

/** JSON Schema of what an expression gives, as far as that is known; open where it is not. */
export function expressionType(expression: Expression | Argument, values: RootValues, catalog: Catalog): object {
  switch (expression.kind) {
    case 'literal': return inferSchema(expression.value);
    case 'path': {
      const root = Object.hasOwn(values, expression.root) ? values[expression.root] : undefined;
      const keys = root && plainKeys(`$${expression.path}`);
      return keys ? typeAt(root, keys) : {};
    }
    case 'pipe': {
      const { gives } = findPlugin(catalog, 'transform', expression.transform) ?? {};
      return gives ? { type: gives.length === 1 ? gives[0] : gives } : {};
    }
    case 'default': return unionSchema([expressionType(expression.value, values, catalog), expressionType(expression.fallback, values, catalog)]);
    case 'unary': return { type: expression.operator === '!' ? 'boolean' : 'number' };
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '&&' || operator === '||') return unionSchema([expressionType(left, values, catalog), expressionType(right, values, catalog)]);
      if (operator === '+') return sumType([left, right].map((side) => typesOf(expressionType(side, values, catalog))));
      return { type: ['-', '*', '/', '%'].includes(operator) ? 'number' : 'boolean' };
    }
    case 'list': return { type: 'array' };
    case 'object': return { type: 'object' };
  }
}

/** Two numbers give a number, two texts a text; all else fails. */
function sumType(sides: readonly (ReadonlySet<JsonType> | undefined)[]): object {
  const possible = (['number', 'string'] as const).filter((type) => sides.every((types) => mayBe(types, new Set([type]))));
  return { type: possible.length === 1 ? possible[0] : ['number', 'string'] };
}

/** What stands at a place below a root; what the schema does not say, the last value shows. */
export function typeAt(root: RootValue, keys: readonly PathKey[]): object {
  const isMany = keys.includes(everything);
  const { schema: found, fault } = placeAt(root.schema, keys, starsOf(root));
  if (!fault && typesOf(found)) return isMany ? { type: 'array', items: found } : found;
  const values = lastAt(root, keys);
  if (values.length === 0) return fault ? {} : isMany ? { type: 'array', items: found } : found;
  return inferSchema(isMany ? values : values[0], { areOpen: true });
}

export const starsOf = ({ stars = 'entries' }: RootValue): Stars => stars;

/** The values that were seen last at a place below a root. */
export const lastAt = (root: RootValue, keys: readonly PathKey[]): readonly unknown[] => (root.last ? valuesAt(root.last.value, keys, starsOf(root)) : []);

/** The values at a place; none where there is nothing. */
export function valuesAt(value: unknown, keys: readonly PathKey[], stars: Stars = 'entries'): readonly unknown[] {
  return keys.reduce<readonly unknown[]>((found, key) => found.flatMap((one) => below(one, key, stars)), value === undefined ? [] : [value]);
}

function below(value: unknown, key: PathKey, stars: Stars): readonly unknown[] {
  if (key !== everything) return compilePath(typeof key === 'number' ? `$[${key}]` : `$[${JSON.stringify(key)}]`).all(value);
  if (stars === 'entries') return compilePath('$[*]').all(value);
  return Array.isArray(value) ? (value as unknown[]) : value === null ? [] : [value];
}
