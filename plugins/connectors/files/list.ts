import { defineEndpoint } from '../../sdk/index.ts';
import { timeoutField, type Traits } from './ask.ts';
import type { FileClient } from './client.ts';
import { isModifiedBetween, modifiedFields } from './modified.ts';
import { selectionFields, selectionOf } from './patterns.ts';
import { select } from './select.ts';

export const entrySchema = {
  type: 'object',
  properties: {
    path: { type: 'string', title: 'Path', description: 'Below the folder of the instance.' },
    name: { type: 'string', title: 'Name', description: 'Last part of the path.' },
    type: { enum: ['file', 'folder', 'link', 'other'], title: 'Type', description: 'What it is.' },
    size: { type: 'integer', title: 'Size', description: 'Bytes of a file, else 0.' },
    modifiedAt: { type: ['string', 'null'], title: 'Modified', description: 'ISO time of the last change, null where it is not known.' },
  },
} as const;

/** Lists what is in a folder, a page at a time. */
export const listOf = (traits: Traits) => defineEndpoint<FileClient>()({
  title: 'List',
  summary: 'Lists the files of a folder, one payload per page.',
  direction: 'receive',
  params: {
    type: 'object',
    properties: {
      path: { type: 'string', maxLength: 4_000, default: '', title: 'Folder', description: 'Below the folder of the instance, such as `in/orders`; absent: that folder itself.', 'x-expression': true },
      ...selectionFields,
      ...modifiedFields,
      type: { enum: ['files', 'folders', 'all'], default: 'files', title: 'What', description: 'What is listed.', enumDescriptions: ['Files.', 'Folders.', 'Both, and what else there is.'] },
      pageSize: { type: 'integer', minimum: 1, maximum: 100_000, default: 1_000, title: 'Page', description: 'Records in one payload, at most.' },
      timeoutMs: timeoutField,
    },
    additionalProperties: false,
  },
  record: entrySchema,
  async *call(payload, params, context) {
    const { type, pageSize, timeoutMs } = params;
    const selection = selectionOf(params, traits);
    const isInTime = isModifiedBetween(params);
    const { after } = (context.resumed as { readonly after?: string } | undefined) ?? {};
    for await (const page of select(context, traits, { selection, pageSize, timeoutMs, after, isWanted: (entry) => (type === 'all' || entry.type === type.slice(0, -1)) && isInTime(entry.modifiedAt) })) {
      if (page.entries.length > 0) yield payload.with({ body: page.entries, mediaType: 'application/json' });
      if (page.after !== undefined) context.checkpoint({ after: page.after });
    }
  },
});
