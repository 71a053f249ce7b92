import { decodeText, defineEndpoint, FlowError, type CallContext, type ExchangeAnswer, type Payload } from '../../sdk/index.ts';
import { encodings } from '../../formats/text.ts';
import { ask, pathField, timeoutField, type Traits } from './ask.ts';
import type { Entry, FileClient } from './client.ts';
import { isMissing } from './failures.ts';
import { mediaTypeOf } from './media-types.ts';
import { joinPath, safeFile, safePath, targetOf } from './paths.ts';
import { isModifiedBetween, modifiedFields, type ModifiedGiven } from './modified.ts';
import { selectionFields, selectionOf } from './patterns.ts';
import { select } from './select.ts';

/** How far the reading has come: the last file that was given out, and whether something is still to be done with it. */
interface Place {
  readonly after: string;
  readonly isPending?: boolean;
}

/** Reads a file, or each that a pattern means. */
export const getOf = (traits: Traits) => defineEndpoint<FileClient>()({
  title: 'Get',
  summary: 'Reads files, one payload per file, with `file.name`, `file.path`, `file.size` and `file.modifiedAt` as its metadata.',
  direction: 'receive',
  params: {
    type: 'object',
    properties: {
      path: { ...pathField, minLength: 0, default: '', description: 'The file, such as `{{ payload.path }}`; with a pattern, the folder to look in. It is taken as it stands, whatever letters it has.' },
      ...selectionFields,
      ...modifiedFields,
      ifMissing: { enum: ['fail', 'nothing'], default: 'fail', title: 'If there is none', description: 'What becomes of a file that is not there; a pattern may mean none anyway.', enumDescriptions: ['The payload fails.', 'Nothing comes.'] },
      after: {
        enum: ['keep', 'delete', 'move'], default: 'keep', title: 'After reading', description: 'What is done with a file when its payload is kept with the run: only where the flow records everything (`recording`). What fails in the steps behind can be sent again from there; to wait for them, put a step of `delete` or `move` at their end.',
        enumDescriptions: ['Nothing.', 'It is deleted.', 'It is moved to a folder, in place of one of its name.'],
      },
      moveTo: { type: 'string', minLength: 1, maxLength: 4_000, title: 'Move to', description: 'Folder for the files that were read.', 'x-expression': true, 'x-ui': { visibleWhen: { field: 'after', equals: 'move' } } },
      mediaType: { type: 'string', pattern: '^[\\w.+-]+/[\\w.+-]+$', title: 'Media type', description: 'Of the payloads; default by the ending of the name.' },
      encoding: { type: 'string', enum: encodings, title: 'Encoding', description: 'Of files that are texts, which then go on as such. Absent: their bytes go on as they are, for a step that knows the encoding; scripts and expressions read them as UTF-8, or by their byte order mark or XML declaration, and fail where they are no such text.' },
      mostBytes: { type: 'integer', minimum: 1, default: 67_108_864, title: 'Bytes at most', description: 'A longer file is an error.' },
      timeoutMs: timeoutField,
    },
    additionalProperties: false,
  },
  recordOf: ({ meta }) => ({ path: meta['file.path'], name: meta['file.name'], size: Number(meta['file.size']), modifiedAt: meta['file.modifiedAt'] }),
  takesAway: { param: 'after', unless: 'keep' },
  async *call(payload, params, context) {
    const { after, moveTo } = params;
    if (after === 'move' && moveTo === undefined) throw new FlowError('CONFIG_INVALID', 'To move files that were read, the folder to move them to has to be named (`moveTo`).');
    const place = context.resumed as Place | undefined;
    const finish = async (path: string): Promise<void> => {
      if (after !== 'keep') await settle(context, traits, path, { ...params, moveTo: after === 'move' ? safePath(moveTo!, traits) : undefined });
    };
    if (place?.isPending) await finish(place.after);
    const isInTime = isModifiedBetween(params);
    for await (const entry of wanted(params, isInTime, traits, context, place)) {
      const output = await read(payload, entry, params, isInTime, traits, context);
      if (!output) continue;
      context.checkpoint({ after: entry.path, ...(after !== 'keep' && { isPending: true }) } satisfies Place, { withNext: true, isAwaited: after !== 'keep' });
      yield output;
      if (after === 'keep') continue;
      await finish(entry.path);
      context.checkpoint({ after: entry.path } satisfies Place);
    }
  },
});

interface Params extends ModifiedGiven {
  readonly path: string;
  readonly pattern?: string;
  readonly match: 'glob' | 'regex';
  readonly recursive: boolean;
  readonly ifMissing: 'fail' | 'nothing';
  readonly mediaType?: string;
  readonly encoding?: string;
  readonly mostBytes: number;
  readonly timeoutMs: number;
}

/** `modifiedAt`: where it was listed. */
type Wanted = Pick<Entry, 'path' | 'name'> & Partial<Pick<Entry, 'modifiedAt'>>;

async function* wanted(params: Params, isInTime: (modifiedAt: string | null) => boolean, traits: Traits, context: CallContext<FileClient>, place: Place | undefined): AsyncGenerator<Wanted> {
  if (params.pattern === undefined) {
    const path = safeFile(params.path, traits);
    if (!place) yield { path, name: path.slice(path.lastIndexOf('/') + 1) };
    return;
  }
  const options = { selection: selectionOf(params, traits), pageSize: 1_000, timeoutMs: params.timeoutMs, after: place?.after, isWanted: ({ type, modifiedAt }: Entry) => type === 'file' && isInTime(modifiedAt) };
  let count = 0;
  for await (const { entries } of select(context, traits, options)) {
    count += entries.length;
    yield* entries;
  }
  if (count === 0 && !place && !params.modifiedFrom) context.log.info(`No file is meant by ${JSON.stringify(params.pattern)}${params.path === '' ? '' : ` in ${JSON.stringify(params.path)}`}.`);
}

async function read(payload: Payload, { path, name, modifiedAt: listedAt }: Wanted, { pattern, ifMissing, modifiedFrom, modifiedBefore, mediaType = mediaTypeOf(name), encoding, mostBytes, timeoutMs }: Params, isInTime: (modifiedAt: string | null) => boolean, traits: Traits, context: CallContext<FileClient>): Promise<Payload | undefined> {
  const isForgiven = pattern !== undefined || ifMissing === 'nothing';
  const { body, fields = {} } = await ask(context, traits, { method: 'GET', target: targetOf(path), isRepeatable: true, timeoutMs }, async (client, signal): Promise<ExchangeAnswer> => {
    try {
      // Some servers do not say in lists when a file was changed.
      if ((modifiedFrom || modifiedBefore) && (listedAt ?? null) === null) {
        const found = await client.find(path, signal);
        if (found && !isInTime(found.modifiedAt)) return { fields: { passed: 'true' } };
      }
      const { bytes, modifiedAt } = await client.read(path, mostBytes, signal);
      return { body: bytes, mediaType: 'application/octet-stream', fields: { size: String(bytes.length), ...(modifiedAt !== null && { 'modified-at': modifiedAt }) } };
    } catch (error) {
      if (isForgiven && isMissing(error)) return { fields: { missing: 'true' } };
      throw error;
    }
  });
  if (fields['missing'] === 'true') {
    context.log.info(`The file ${JSON.stringify(path)} is not there${pattern === undefined ? '' : ' any more'}.`);
    return undefined;
  }
  if (fields['passed'] === 'true') return undefined;
  const bytes = bytesOf(body);
  // As precise as lists say it, so that one file has one time wherever it is compared.
  const { size, 'modified-at': modifiedAt } = fields;
  return payload.with({
    body: encoding === undefined ? bytes : textIn(bytes, encoding, path, mediaType), mediaType,
    meta: { 'file.name': name, 'file.path': path, 'file.size': size, 'file.modifiedAt': listedAt ?? modifiedAt },
  });
}

/** JSON stays bytes, in UTF-8: it is parsed by who reads it. */
function textIn(bytes: Uint8Array, encoding: string, path: string, mediaType: string): string | Uint8Array {
  const text = decodeText(bytes, { mediaType: `text/plain; charset=${encoding}`, what: `The file ${JSON.stringify(path)}`, remedy: 'Correct "encoding" of the step that reads it: the files are written in another one, or are no text.' });
  return mediaType === 'application/json' || mediaType.endsWith('+json') ? new TextEncoder().encode(text) : text;
}

/** Of an exchange: nothing comes back as no body. */
const bytesOf = (body: unknown): Uint8Array => (body instanceof Uint8Array ? body : new TextEncoder().encode(typeof body === 'string' ? body : ''));

/** It may have been done before, by an attempt that was cut off. */
async function settle(context: CallContext<FileClient>, traits: Traits, path: string, { moveTo, timeoutMs }: { readonly moveTo: string | undefined; readonly timeoutMs: number }): Promise<void> {
  if (moveTo === undefined) {
    await ask(context, traits, { method: 'DELETE', target: targetOf(path), changes: true, isRepeatable: true, timeoutMs }, async (client, signal) => ({ body: { deleted: await client.remove(path, signal) } }));
    return;
  }
  const to = joinPath(moveTo, path.slice(path.lastIndexOf('/') + 1));
  await ask(context, traits, { method: 'MOVE', target: targetOf(path), body: { to }, changes: true, isRepeatable: true, timeoutMs }, async (client, signal) => {
    try {
      await client.move(path, to, { replaces: true, makesFolders: true }, signal);
    } catch (error) {
      if (!isMissing(error) || !(await client.find(to, signal))) throw error;
    }
    return { body: { moved: true } };
  });
}
