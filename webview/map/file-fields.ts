import type { FieldSchema } from '../form/schema.ts';

/** What a mapping file says beside its rules. */
export const fileFields: FieldSchema = {
  type: 'object',
  properties: {
    title: { type: 'string', title: 'Title', description: 'Name of the mapping, as people read it.' },
    description: { type: 'string', title: 'Description', description: 'What the mapping is for.', 'x-ui': { widget: 'textarea' } },
    source: { type: 'string', title: 'Schema of the source', description: 'File below `schemas/` with the JSON Schema of what the rules read; the mapping is checked against it, also in the steps that take all rules from here and name none themselves.', 'x-ui': { ref: 'schema' } },
    target: { type: 'string', title: 'Schema of the target', description: 'File below `schemas/` with the JSON Schema of a record that is made.', 'x-ui': { ref: 'schema' } },
    passThrough: { type: 'boolean', default: false, title: 'Pass the rest through', description: 'Fields that no rule takes stay at their places.' },
  },
  additionalProperties: true,
};
