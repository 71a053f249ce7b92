import { defineConverter, FlowError, parseJson } from '../sdk/index.ts';
import { inUtf8, joined, jsonCharset } from '../formats/bytes.ts';
import { jsonReason } from '../formats/json-reason.ts';
import { LONGEST_RECORD, recordTooLong } from '../formats/longest-record.ts';
import { bytesOf } from '../formats/text.ts';

export default defineConverter({
  type: 'ndjson',
  title: 'NDJSON',
  summary: 'Reads and writes one JSON value per line.',
  description: 'Lines may end with LF or CRLF; empty lines are skipped. An error names the line. It is read in UTF-8, or in UTF-16 by its byte order mark. Numbers that JavaScript cannot hold, such as ids and amounts of more than 15 digits, are read as texts, digit by digit.',
  mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'],
  fileExtensions: ['ndjson', 'jsonl'],
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'An export of a shop', settings: {}, text: '{"id":1,"name":"Zoë"}\n{"id":2}\n', records: [{ id: 1, name: 'Zoë' }, { id: 2 }] },
    { title: 'CRLF, empty lines, no line end', settings: {}, text: '1\r\n\r\n  \nnull', records: [1, null], printed: '1\nnull\n' },
    { title: 'An id that is too long for a number', settings: {}, text: '{"id":9007199254740993}\n', records: [{ id: '9007199254740993' }], printed: '{"id":"9007199254740993"}\n' },
    { title: 'No text', settings: {}, text: '', records: [] },
    { title: 'A line that is no JSON', settings: {}, text: '{"id":1}\nid 2\n', error: 'DATA_INVALID' },
  ],
  open: () => ({ mediaType: 'application/x-ndjson', decode, encode: (records) => bytesOf(lines(records)) }),
});

async function* decode(whole: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  let pending: Uint8Array[] = [];
  let line = 0;
  let held = 0;
  for await (const chunk of inUtf8(whole)) {
    const last = chunk.lastIndexOf(0x0a);
    held = last === -1 ? held + chunk.length : chunk.length - last - 1;
    if (held > LONGEST_RECORD) throw recordTooLong(`Line ${line + 1} of the NDJSON document`);
    if (last === -1) {
      pending.push(new Uint8Array(chunk));
      continue;
    }
    // Whole lines are decoded in one go, so no letter is cut between two chunks.
    for (const text of linesOf([...pending, chunk.subarray(0, last)], line)) {
      const record = parse(text, ++line);
      if (record !== undefined) yield record;
    }
    // Copied, so that a short rest does not keep a large chunk in memory.
    pending = last + 1 < chunk.length ? [new Uint8Array(chunk.subarray(last + 1))] : [];
  }
  for (const text of linesOf(pending, line)) {
    const record = parse(text, ++line);
    if (record !== undefined) yield record;
  }
}

/** Fails with `DATA_INVALID` where a line is not UTF-8; `before` is the number of lines before these. */
function linesOf(parts: readonly Uint8Array[], before: number): readonly string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return (parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode()).split('\n');
  } catch (cause) {
    const texts = new TextDecoder('utf-8', { ignoreBOM: true }).decode(joined(parts)).split('\n');
    const line = before + 1 + Math.max(0, texts.findIndex((text) => text.includes('\uFFFD')));
    throw new FlowError('DATA_INVALID', `Line ${line} of the NDJSON document has bytes that are no text in UTF-8.`, { cause, details: { line }, remedy: jsonCharset });
  }
}

/** Undefined for an empty line. */
function parse(text: string, line: number): unknown {
  if (/^[ \t\r]*$/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch (cause) {
    const { reason, at } = jsonReason(cause);
    throw new FlowError('DATA_INVALID', `Line ${line}${at === undefined ? '' : `, column ${at + 1}`} of the NDJSON document is not JSON: ${reason}.`, { cause, details: { line, ...(at !== undefined && { column: at + 1 }) } });
  }
}

async function* lines(records: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  let count = 0;
  for await (const record of records) {
    const text = JSON.stringify(record);
    count++;
    if (text === undefined) throw new FlowError('DATA_INVALID', `Record ${count} has no value, so it cannot be written as JSON.`);
    yield `${text}\n`;
  }
}
