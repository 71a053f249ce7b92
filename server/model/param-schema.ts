const stripped = new WeakMap<object, object>();

/** The JSON Schema of a param of an endpoint: `required: true`, `in`, `name`, `style` and `explode` are the manifest's own words in it. */
export function schemaOf(param: object): object {
  const known = stripped.get(param);
  if (known) return known;
  const { required, in: _place, name: _name, style: _style, explode: _explode, ...rest } = param as Readonly<Record<string, unknown>>;
  const schema = Array.isArray(required) ? { ...rest, required } : rest;
  stripped.set(param, schema);
  return schema;
}

/** How lists and objects of a param may be written, by the place where it is sent (OpenAPI, "Style Values"; RFC 6570). */
export const paramStyles = {
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'json'],
  path: ['simple', 'label', 'matrix'],
  header: ['simple', 'json'],
  body: [],
} as const satisfies Record<string, readonly string[]>;
