const stripped = new WeakMap<object, object>();

/** The JSON Schema of a param of an endpoint: `required: true`, `requiredFields`, `in`, `name`, `style` and `explode` are the manifest's own words in it. */
export function schemaOf(param: object): object {
  const known = stripped.get(param);
  if (known) return known;
  const { required, requiredFields, in: _place, name: _name, style: _style, explode: _explode, ...rest } = param as Readonly<Record<string, unknown>>;
  const own: unknown = requiredFields ?? required;
  const schema = Array.isArray(own) ? { ...rest, required: own as unknown[] } : rest;
  stripped.set(param, schema);
  return schema;
}

/** A JSON Schema as a param: the fields that it must have under the manifest's own word, since `required` says there whether the param must be given. */
export function asParam(schema: object, isRequired: boolean): object {
  const { required, ...rest } = schema as { readonly required?: unknown };
  return { ...rest, ...(isRequired && { required: true }), ...(Array.isArray(required) && required.length > 0 && { requiredFields: required as unknown[] }) };
}

/** How lists and objects of a param may be written, by the place where it is sent (OpenAPI, "Style Values"; RFC 6570). */
export const paramStyles = {
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'json'],
  path: ['simple', 'label', 'matrix', 'path'],
  header: ['simple', 'json'],
  body: [],
} as const satisfies Record<string, readonly string[]>;
