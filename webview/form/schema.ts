import { isObject, isSame } from '../../server/model/json.ts';

export type Path = readonly (string | number)[];

/** What a form needs of a JSON Schema. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: boolean | FieldSchema;
  readonly required?: readonly string[];
  readonly items?: FieldSchema;
  readonly oneOf?: readonly FieldSchema[];
  readonly anyOf?: readonly FieldSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly writeOnly?: boolean;
  readonly deprecated?: boolean;
  readonly 'x-ui'?: {
    readonly widget?: 'textarea' | 'code' | 'conditions' | 'map' | 'hidden';
    readonly order?: number;
    readonly group?: string;
    readonly visibleWhen?: { readonly field: string; readonly equals: unknown };
    readonly ref?: 'connector' | 'instance' | 'endpoint' | 'script' | 'schema' | 'lookup' | 'map' | 'flow' | 'step' | 'group' | 'transform' | 'converter';
    readonly settings?: string;
  };
  readonly 'x-expression'?: boolean;
  readonly 'x-path'?: string;
}

/**
 * How a value is edited. `choice`: an object of one of several forms, told apart by a field; `entries`: an object with names of the user's own;
 * `flags`: a list of given values, each there or not; `sources`: one path or several; `transforms`: a chain of them, each with its own settings; `value`: any JSON value.
 */
export type FieldKind = 'text' | 'textarea' | 'code' | 'number' | 'boolean' | 'enum' | 'const' | 'object' | 'choice' | 'list' | 'flags' | 'entries' | 'conditions' | 'rules' | 'sources' | 'transforms' | 'secret' | 'value';

export interface Field {
  readonly name: string | number;
  /** Below the root of the form. */
  readonly path: Path;
  readonly schema: FieldSchema;
  readonly kind: FieldKind;
  readonly title: string;
  readonly required: boolean;
  readonly value: unknown;
  /** `{{ … }}` may stand here. */
  readonly expression: boolean;
  readonly group: string | undefined;
}

export function kindOf(schema: FieldSchema): FieldKind {
  const widget = schema['x-ui']?.widget;
  if (schema.writeOnly) return 'secret';
  if (widget === 'conditions') return 'conditions';
  if (schema.const !== undefined) return 'const';
  if (schema.enum) return 'enum';
  if (schema.oneOf && discriminatorOf(schema.oneOf)) return 'choice';
  switch (typeof schema.type === 'string' ? schema.type : undefined) {
    case 'string': return widget === 'textarea' ? 'textarea' : widget === 'code' ? 'code' : 'text';
    case 'number': case 'integer': return 'number';
    case 'boolean': return 'boolean';
    case 'array': return widget === 'map' ? 'rules' : isTransform(schema.items) ? 'transforms' : schema.items?.enum ? 'flags' : 'list';
    case 'object': return widget === 'code' ? 'code' : schema.properties && Object.keys(schema.properties).length > 0 ? 'object' : 'entries';
    default: return widget === 'code' ? 'code' : isSources(schema) ? 'sources' : 'value';
  }
}

const isTransform = (schema: FieldSchema | undefined): boolean => schema?.properties?.['type']?.['x-ui']?.ref === 'transform';
const isSources = (schema: FieldSchema): boolean => schema['x-path'] !== undefined && schema.anyOf?.some(({ type, items }) => type === 'array' && items?.type === 'string') === true;

/** The fields of an object, as they are to be shown: in order, without those that are hidden or do not apply to the other values. */
export function fieldsOf(schema: FieldSchema, value: unknown, path: Path = [], expression = false): readonly Field[] {
  const values = isObject(value) ? value : {};
  const known = Object.entries(schema.properties ?? {}).filter(([, field]) => field['x-ui']?.widget !== 'hidden' && applies(field, values, schema));
  // Where the schema says no order it is that of the schema.
  const sorted = known.map((entry, place) => ({ entry, order: entry[1]['x-ui']?.order ?? place })).sort((a, b) => a.order - b.order);
  return sorted.map(({ entry: [name, field] }) => fieldOf(field, name, [...path, name], values[name], { required: schema.required?.includes(name) ?? false, expression: expression || schema['x-expression'] === true }));
}

export function fieldOf(schema: FieldSchema, name: string | number, path: Path, value: unknown, { required, expression }: { readonly required: boolean; readonly expression: boolean }): Field {
  return {
    name, path, schema, value, required, kind: kindOf(schema), title: schema.title ?? String(name),
    expression: expression || schema['x-expression'] === true, group: schema['x-ui']?.group,
  };
}

/** Names that the value has and the schema does not know: shown, so that nothing is hidden. */
export function unknownNames(schema: FieldSchema, value: unknown): readonly string[] {
  if (!isObject(value) || (schema.additionalProperties !== false && schema.additionalProperties !== undefined)) return [];
  return Object.keys(value).filter((name) => !Object.hasOwn(schema.properties ?? {}, name));
}

/** The field by which the branches of a `oneOf` are told apart: a constant in each of them. */
export function discriminatorOf(branches: readonly FieldSchema[]): string | undefined {
  const [first] = branches;
  return Object.keys(first?.properties ?? {}).find((name) => branches.every((branch) => branch.properties?.[name]?.const !== undefined));
}

/** The branch that a value belongs to; the first one where it fits none. */
export function branchOf(branches: readonly FieldSchema[], value: unknown): FieldSchema | undefined {
  const name = discriminatorOf(branches);
  return branches.find((branch) => name !== undefined && isObject(value) && value[name] === branch.properties?.[name]?.const) ?? branches[0];
}

/** What stands in the file where a value of this kind is begun: the constants and nothing that has a default. */
export function startValue(schema: FieldSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  switch (kindOf(schema)) {
    case 'object': return Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name, field]) => field.const !== undefined && schema.required?.includes(name)).map(([name, field]) => [name, field.const]));
    case 'choice': return startValue(schema.oneOf![0]!);
    case 'entries': return {};
    case 'list': case 'rules': case 'flags': case 'conditions': case 'transforms': return [];
    case 'enum': return schema.default ?? schema.enum![0];
    case 'number': return schema.default ?? schema.minimum ?? 0;
    case 'boolean': return schema.default ?? false;
    default: return schema.default ?? '';
  }
}

export const isExpression = (value: unknown): value is string => typeof value === 'string' && value.includes('{{');

function applies(field: FieldSchema, values: Readonly<Record<string, unknown>>, schema: FieldSchema): boolean {
  const when = field['x-ui']?.visibleWhen;
  if (!when) return true;
  const value = values[when.field] ?? schema.properties?.[when.field]?.default;
  return isSame(value, when.equals) || (Array.isArray(when.equals) && when.equals.some((one) => isSame(one, value)));
}
