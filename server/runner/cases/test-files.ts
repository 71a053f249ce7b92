import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { contentTypeOf, FlowError, parseJson, textBody } from '../../../plugins/sdk/index.ts';
import { createPayload, isJson } from '../../engine/payload.ts';
import { brokenJson } from '../../model/syntax-errors.ts';
import type { TestDocument } from '../../model/test-file.ts';
import { mediaTypes, utf8Of } from '../input.ts';
import { isWithin } from '../workspace-files.ts';

/** A place in the file of the tests. */
export type Place = NonNullable<FlowError['place']>;

/** Reads files that tests name: below the root, whatever links say. Fails with `CONFIG_NOT_FOUND`, `DATA_INVALID`. */
export interface TestFiles {
  bytes(file: string, place: Place): Buffer;
  json(file: string, place: Place): unknown;
  /** Rows of a JSON or CSV file. */
  rows(file: string, place: Place): readonly Readonly<Record<string, unknown>>[];
}

export function testFiles(root: string): TestFiles {
  const bytes: TestFiles['bytes'] = (file, place) => {
    try {
      if (!isWithin(root, file)) throw new Error('it lies outside of the workspace');
      return readFileSync(join(root, file));
    } catch (cause) {
      throw new FlowError('CONFIG_NOT_FOUND', `The file ${file} cannot be read: ${(cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : (cause as Error).message}.`, { cause, place });
    }
  };
  const json: TestFiles['json'] = (file, place) => {
    const text = textIn(bytes(file, place), file, place);
    try {
      return parseJson(text);
    } catch (cause) {
      const { message, remedy } = brokenJson(text, `The file ${file}`);
      throw new FlowError('DATA_INVALID', message, { cause, place, remedy });
    }
  };
  return {
    bytes, json,
    rows(file, place) {
      if (extname(file).toLowerCase() === '.csv') return csvRows(bytes(file, place), file, place);
      const rows = json(file, place);
      if (!Array.isArray(rows) || rows.some((row) => typeof row !== 'object' || row === null || Array.isArray(row))) throw new FlowError('DATA_INVALID', `The file ${file} is no list of objects.`, { place });
      return rows as Readonly<Record<string, unknown>>[];
    },
  };
}

function textIn(bytes: Buffer, file: string, place: Place): string {
  try {
    return utf8Of(bytes, `The file ${file}`);
  } catch (cause) {
    const { message, remedy } = cause as FlowError;
    throw new FlowError('DATA_INVALID', message, { cause, place, remedy });
  }
}

function csvRows(bytes: Buffer, file: string, place: Place): Readonly<Record<string, unknown>>[] {
  const text = textIn(bytes, file, place);
  try {
    return parseCsv(text, { bom: true, columns: true, skip_empty_lines: true });
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `The file ${file} is not valid CSV: ${(cause as Error).message}.`, { cause, place });
  }
}

export interface Content {
  readonly body: unknown;
  readonly mediaType: string;
}

/** By the ending of its name. */
export const mediaTypeOf = (file: string): string => mediaTypes[extname(file).toLowerCase()] ?? 'application/octet-stream';

/** What a document holds, as the body of a payload. Nothing said is nothing. */
export function contentOf(document: TestDocument, files: TestFiles, place: Place): Content | undefined {
  const { json, text, file, mediaType } = document;
  if (file !== undefined) {
    const type = mediaType ?? mediaTypeOf(file);
    if (isJson(type)) return { body: files.json(file, place), mediaType: type };
    const bytes = files.bytes(file, place);
    return { body: textBody(bytes, { mediaType: type, what: file }), mediaType: contentTypeOf(type).mediaType };
  }
  if (text !== undefined) return { body: text, mediaType: mediaType ?? 'text/plain' };
  return json === undefined ? undefined : { body: json, mediaType: mediaType ?? 'application/json' };
}

/** The same as a payload. */
export function payloadOf(id: string, document: TestDocument, files: TestFiles, place: Place): ReturnType<typeof createPayload> {
  const content = contentOf(document, files, place) ?? { body: {}, mediaType: 'application/json' };
  return createPayload({ id, ...content, ...(document.meta && { meta: document.meta }) });
}
