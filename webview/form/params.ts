import { isObject } from '../../server/model/json.ts';
import { schemaOf } from '../../server/model/param-schema.ts';
import type { FieldSchema } from './schema.ts';

/** The parameters of an endpoint as one schema. A manifest has them by name, each with `required: true` of its own; a connector in code has a schema. */
export function paramsSchema(params: object): FieldSchema {
  if ('properties' in params && isObject(params.properties)) return params as FieldSchema;
  const entries = Object.entries(params as Readonly<Record<string, object & { readonly required?: unknown }>>).filter(([, field]) => isObject(field));
  return {
    properties: Object.fromEntries(entries.map(([name, field]) => [name, { title: name, ...schemaOf(field) } as FieldSchema])),
    required: entries.filter(([, field]) => field.required === true).map(([name]) => name),
    additionalProperties: false,
  };
}
