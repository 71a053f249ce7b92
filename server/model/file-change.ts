import { fileEdits } from './file-edit.ts';
import { fileSchemas } from './file-schemas.ts';
import type { TextEdit } from './flow-edit.ts';
import { isObject } from './json.ts';
import { withValue, type Json } from './json-change.ts';
import { propertyOrder, schemaAt } from './schema-walk.ts';
import { serialize } from './serialize.ts';

/** A value at a place of a file; `undefined` removes it, and objects around it that become empty and may be missing. */
export interface FileChange {
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

/** The edits of an instance or an environment that make changes to it, as small as can be. A blank text becomes a file. Fails with `CONFIG_INVALID` where the text has a fault. */
export function editValues(kind: 'instance' | 'environment', text: string, changes: readonly FileChange[]): TextEdit[] {
  const schema = fileSchemas[kind];
  const isOptional = (keys: readonly (string | number)[]): boolean => keys.length > 0 && (keys.length > 1 || isObject((schemaAt(schema, keys) as Json)['default']));
  const apply = (value: Json): Json => changes.reduce((made, { path, value: wanted }) => withValue(made, path, wanted, (keys) => propertyOrder(schemaAt(schema, keys)), isOptional), value);
  if (text.replace(/^\uFEFF/, '').trim() === '') return [{ offset: 0, length: text.length, text: serialize(kind, apply(kind === 'instance' ? { version: 1, connector: '' } : { version: 1 }) as never) }];
  return fileEdits(kind, text, apply);
}
