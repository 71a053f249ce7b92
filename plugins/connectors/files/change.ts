import { defineEndpoint, FlowError } from '../../sdk/index.ts';
import { ask, foldersField, pathField, timeoutField, type Traits } from './ask.ts';
import type { Begun, FileClient } from './client.ts';
import { isMissing, missing } from './failures.ts';
import { entrySchema } from './list.ts';
import { nameOf, safeFile, targetOf } from './paths.ts';

/** Deletes a file or an empty folder. */
export const deleteOf = (traits: Traits) => defineEndpoint<FileClient>()({
  title: 'Delete',
  summary: 'Deletes a file or an empty folder.',
  direction: 'send',
  params: {
    type: 'object',
    properties: {
      path: { ...pathField, description: 'What is to be deleted, such as `{{ meta["file.path"] }}`.' },
      ifMissing: { enum: ['fail', 'nothing'], default: 'nothing', title: 'If there is none', description: 'What becomes of a file that is not there.', enumDescriptions: ['The payload fails.', 'The payload goes on.'] },
      timeoutMs: timeoutField,
    },
    required: ['path'],
    additionalProperties: false,
  },
  async *call(payload, { path: given, ifMissing, timeoutMs }, context) {
    const path = safeFile(given, traits);
    const begun: Begun = { is: false };
    const { body } = await ask(context, traits, { method: 'DELETE', target: targetOf(path), changes: true, isRepeatable: true, timeoutMs }, async (client, signal) => ({ body: { path, deleted: await client.remove(path, signal, begun) } }));
    // An attempt before may have done it.
    if (ifMissing === 'fail' && context.attempt === 1 && !(body as { readonly deleted: boolean }).deleted) throw missing(path);
    yield payload.with({ body, mediaType: 'application/json' });
  },
});

/** Gives a file or a folder another path. */
export const moveOf = (traits: Traits) => defineEndpoint<FileClient>()({
  title: 'Move',
  summary: 'Moves or renames a file.',
  direction: 'send',
  params: {
    type: 'object',
    properties: {
      from: { ...pathField, title: 'From', description: 'The file, such as `{{ meta["file.path"] }}`.' },
      to: { ...pathField, title: 'To', description: 'Its new path, such as `done/{{ meta["file.name"] }}`.' },
      ifExists: { enum: ['replace', 'refuse'], default: 'replace', title: 'If it is there', description: 'What becomes of a file that has that path already.', enumDescriptions: ['The moved one takes its place.', 'The payload fails.'] },
      makesFolders: foldersField,
      timeoutMs: timeoutField,
    },
    required: ['from', 'to'],
    additionalProperties: false,
  },
  async *call(payload, { from: givenFrom, to: givenTo, ifExists, makesFolders, timeoutMs }, context) {
    const from = safeFile(givenFrom, traits);
    const to = safeFile(givenTo, traits);
    if (to.startsWith(`${from}/`) && !traits.keepsSlashes) throw new FlowError('DATA_INVALID', `${JSON.stringify(from)} cannot be moved into itself.`);
    const begun: Begun = { is: false };
    const { body } = await ask(context, traits, { method: 'MOVE', target: targetOf(from), body: { to }, changes: true, isRepeatable: true, timeoutMs }, async (client, signal) => {
      try {
        await client.move(from, to, { replaces: ifExists === 'replace', makesFolders }, signal, begun);
      } catch (error) {
        // An attempt before may have moved it, and its answer was lost.
        if (!isMissing(error) || context.attempt === 1 || !(await client.find(to, signal))) throw error;
      }
      return { body: { from, to } };
    });
    yield payload.with({ body, mediaType: 'application/json' });
  },
});

/** Says what is at a path. */
export const existsOf = (traits: Traits) => defineEndpoint<FileClient>()({
  title: 'Exists',
  summary: 'Says whether there is a file or a folder, and what it is.',
  direction: 'receive',
  params: { type: 'object', properties: { path: { ...pathField, description: 'What is looked for.' }, timeoutMs: timeoutField }, required: ['path'], additionalProperties: false },
  record: { type: 'object', properties: { exists: { type: 'boolean', title: 'Exists', description: 'Whether it is there.' }, ...entrySchema.properties } },
  async *call(payload, { path: given, timeoutMs }, context) {
    const path = safeFile(given, traits);
    const { body } = await ask(context, traits, { method: 'STAT', target: targetOf(path), isRepeatable: true, timeoutMs }, async (client, signal) => {
      const entry = await client.find(path, signal);
      return { body: entry ? { exists: true, ...entry } : { exists: false, path, name: nameOf(path) } };
    });
    yield payload.with({ body, mediaType: 'application/json' });
  },
});
