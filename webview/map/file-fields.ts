import type { FieldSchema } from '../form/schema.ts';

/** What a mapping file says beside its rules. */
export const fileFields: FieldSchema = {
  type: 'object',
  properties: {
    title: { type: 'string', title: 'Title', description: 'Name of the mapping, as people read it.' },
    description: { type: 'string', title: 'Description', description: 'What the mapping is for.', 'x-ui': { widget: 'textarea' } },
    passThrough: { type: 'boolean', default: false, title: 'Pass the rest through', description: 'Fields that no rule takes stay at their places.' },
  },
  additionalProperties: true,
};
