/** What the schemas of answers are built of. */
export const text = { type: 'string' } as const;
export const integer = { type: 'integer' } as const;
export const number = { type: 'number' } as const;
export const flag = { type: 'boolean' } as const;
export const time = { type: 'integer', description: 'Milliseconds since the epoch.' } as const;
export const texts = { type: 'object', additionalProperties: { type: 'string' } } as const;
export const anyObject = { type: 'object', additionalProperties: true } as const;
export const listOf = <const S>(items: S) => ({ type: 'array', items }) as const;
export const mapOf = <const S>(values: S) => ({ type: 'object', additionalProperties: values }) as const;
export const object = <const P extends Record<string, object>, const R extends readonly (keyof P & string)[]>(properties: P, required: R) => ({ type: 'object', properties, required, additionalProperties: false }) as const;
export const pageOf = <const S>(items: S) => object({ items: listOf(items), page: integer, perPage: integer, total: integer }, ['items', 'page', 'perPage', 'total']);
