import { createHash } from 'node:crypto';
import { defineEndpoint, FlowError, type Payload } from '../../sdk/index.ts';
import { ask, foldersField, pathField, timeoutField, type Traits } from './ask.ts';
import type { Content, FileClient } from './client.ts';
import { notAFile } from './failures.ts';
import { safeFile, targetOf } from './paths.ts';

/** Up to that size the content stands in the recording of the request; of more, what it is known by. */
const recordedBytes = 2 ** 20;

/** Writes the payload as a file. */
export const putOf = (traits: Traits) => defineEndpoint<FileClient>()({
  title: 'Put',
  summary: 'Writes the payload as a file, piece by piece, whatever its length.',
  direction: 'send',
  params: {
    type: 'object',
    properties: {
      path: { ...pathField, description: 'Where the file is to be, such as `out/{{ payload.id }}.json`.' },
      ifExists: {
        enum: ['replace', 'refuse', 'skip', ...(traits.canAppend ? (['append'] as const) : [])], default: 'replace', title: 'If it is there', description: 'What becomes of a file that is there already.',
        enumDescriptions: ['The new one takes its place.', 'The payload fails.', 'It stays as it is, and the payload goes on.', ...(traits.canAppend ? ['The payload is put behind what it has. To make one file of all payloads of a run, put a step `merge` before this one instead.'] : [])],
      },
      makesFolders: foldersField,
      isAtomic: { type: 'boolean', default: true, title: 'Whole or not at all', description: 'The file is written under another name first (`.patchbay-….part`) and then renamed, so that nobody sees a part of it. Not for what is appended.' },
      timeoutMs: timeoutField,
    },
    required: ['path'],
    additionalProperties: false,
  },
  async *call(payload, { path: given, ifExists, makesFolders, isAtomic, timeoutMs }, context) {
    const path = safeFile(given, traits);
    const { content, recorded } = await contentOf(payload);
    const request = { target: targetOf(path), ...recorded, changes: true, timeoutMs };
    if (ifExists === 'append') {
      // A further attempt, also one after a crash, writes to the same place.
      let at = (context.resumed as { readonly at: number } | undefined)?.at;
      if (at === undefined) {
        const { body } = await ask(context, traits, { method: 'STAT', target: targetOf(path), isRepeatable: true, timeoutMs }, async (client, signal) => {
          const entry = await client.find(path, signal);
          if (entry && entry.type !== 'file') throw notAFile(path);
          return { body: { size: entry?.size ?? 0 } };
        });
        at = (body as { readonly size: number }).size;
        context.checkpoint({ at });
      }
      const start = at;
      await ask(context, traits, { ...request, method: 'APPEND' }, async (client, signal) => {
        await client.append!(path, content, { at: start, makesFolders }, signal);
        return { body: { written: true } };
      });
      yield payload.with({ body: { path, size: start + content.size, written: true }, mediaType: 'application/json' });
      return;
    }
    const id = createHash('sha256').update(`${payload.id} ${path}`).digest('hex').slice(0, 16);
    const { body } = await ask(context, traits, { ...request, method: 'PUT', isRepeatable: ifExists === 'replace' }, async (client, signal) => {
      const { content: own, failure } = watched(content);
      try {
        return { body: { written: await client.write(path, own, { ifExists: ifExists as 'replace', makesFolders, isAtomic, id }, signal) } };
      } catch (error) {
        throw failure() ?? error;
      }
    });
    yield payload.with({ body: { path, size: content.size, sha256: content.sha256, ...(body as object) }, mediaType: 'application/json' });
  },
});

interface Measured {
  readonly content: Content;
  /** What stands in the recording. */
  readonly recorded: { readonly body: unknown; readonly mediaType?: string };
}

async function contentOf(payload: Payload): Promise<Measured> {
  const hash = createHash('sha256');
  let kept: Uint8Array[] | undefined = [];
  let size = 0;
  for await (const chunk of payload.bytes()) {
    hash.update(chunk);
    size += chunk.length;
    if (size > recordedBytes) kept = undefined;
    else kept?.push(chunk);
  }
  const sha256 = hash.digest('hex');
  const { mediaType } = payload;
  return {
    content: { size, sha256, mediaType, open: () => checked(payload, size) },
    recorded: kept ? { body: Buffer.concat(kept), mediaType } : { body: { size, sha256, mediaType } },
  };
}

/** A content that cannot be read is no fault of the other side, whatever the connection makes of it. */
function watched(content: Content): { readonly content: Content; failure(): Error | undefined } {
  let failed: Error | undefined;
  return {
    failure: () => failed,
    content: {
      ...content,
      async *open() {
        try {
          yield* content.open();
        } catch (error) {
          failed = error as Error;
          throw error;
        }
      },
    },
  };
}

/** A stream that is opened again must be the same. */
async function* checked(payload: Payload, size: number): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of payload.bytes()) {
    count += chunk.length;
    yield chunk;
  }
  if (count !== size) throw new FlowError('DATA_INVALID', `The payload had ${size} bytes and has ${count} now: what it is read from was changed meanwhile.`);
}
