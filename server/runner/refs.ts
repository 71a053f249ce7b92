import { fieldSchema, itemSchema } from '../model/schema-walk.ts';

/** Names in settings that refer to something of the workspace, as the schema says by `x-ui.ref`: instances, scripts, lookups. */
export function refsIn(settings: unknown, schema: object, ref: string): string[] {
  const ui = (schema as { 'x-ui'?: { ref?: string } })['x-ui'];
  if (typeof settings === 'string') return ui?.ref === ref ? [settings] : [];
  if (Array.isArray(settings)) return settings.flatMap((item, index) => refsIn(item, itemSchema(schema, index), ref));
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([name, value]) => refsIn(value, fieldSchema(schema, name), ref));
}
