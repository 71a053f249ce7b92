import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/** A JSON Schema (2020-12) literal. It is the only description of a plugin's settings: form, validation, completion and docs derive from it. */
export type Schema = JSONSchema;

/** The TypeScript type that a schema literal describes; defaults count as present. */
export type Infer<S> = S extends Schema ? FromSchema<S> : never;

/** The same as it is written in a file: fields with a default may be left out. */
export type Given<S> = S extends Schema ? FromSchema<S, { keepDefaultedPropertiesOptional: true }> : never;

/**
 * Annotation keywords that may stand beside the standard ones. Nothing else is allowed (ajv runs in strict mode).
 *
 * - `x-ui`: a hint for the form: `{widget?: 'textarea' | 'code' | 'conditions' | 'map' | 'hidden', order?: number, group?: string,
 *   visibleWhen?: {field: string, equals: unknown}, ref?: 'instance' | 'endpoint' | 'script' | 'schema' | 'lookup' | 'map' | 'flow' | 'step' | 'group' | 'transform' | 'converter',
 *   settings?: string}`; `settings` is the field beside a `ref` to a plugin that holds its settings, where it has another name.
 * - `x-expression`: `true` where `{{ … }}` may stand, at this place or anywhere below it; the engine resolves it for each payload.
 *   `'page'` in settings of paginations: resolved for each page, where the strategy asks for it. `'bound'` in params of a connector's endpoint: the values of the
 *   expressions never become part of the text.
 * - `x-longest`: most characters of the value of each expression in a text; what is longer is cut.
 * - `x-quotes`: with `'bound'`: how the language of the text quotes (`Quoting`); a value is bound nowhere within quotes and comments.
 * - `x-path`: what a field path points into: `'payload'` (the whole document), `'record'` (one record), `'response'` or `'target'`.
 */
export const annotations = ['x-ui', 'x-expression', 'x-longest', 'x-quotes', 'x-path', 'markdownDescription', 'enumDescriptions', 'patternErrorMessage'] as const;
