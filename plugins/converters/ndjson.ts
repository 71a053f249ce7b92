import { defineConverter, FlowError } from '../sdk/index.ts';

export default defineConverter({
  type: 'ndjson',
  title: 'NDJSON',
  summary: 'Reads and writes one JSON value per line.',
  description: 'Lines may end with LF or CRLF; empty lines are skipped. An error names the line.',
  mediaTypes: ['application/x-ndjson', 'application/jsonl', 'application/x-jsonlines'],
  fileExtensions: ['ndjson', 'jsonl'],
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'An export of a shop', settings: {}, text: '{"id":1,"name":"Zoë"}\n{"id":2}\n', records: [{ id: 1, name: 'Zoë' }, { id: 2 }] },
    { title: 'CRLF, empty lines, no line end', settings: {}, text: '1\r\n\r\n  \nnull', records: [1, null], printed: '1\nnull\n' },
    { title: 'No text', settings: {}, text: '', records: [] },
    { title: 'A line that is no JSON', settings: {}, text: '{"id":1}\nid 2\n', error: 'DATA_INVALID' },
  ],
  open: () => ({ mediaType: 'application/x-ndjson', decode, encode }),
});

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  let pending: Uint8Array[] = [];
  let line = 0;
  for await (const chunk of bytes) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
      const record = parse([...pending, chunk.subarray(from, at)], ++line);
      pending = [];
      from = at + 1;
      if (record !== undefined) yield record;
    }
    // Copied, so that a short rest does not keep a large chunk in memory.
    if (from < chunk.length) pending.push(chunk.slice(from));
  }
  const record = parse(pending, line + 1);
  if (record !== undefined) yield record;
}

/** Undefined for an empty line. A line is decoded as a whole, so no letter is cut between two chunks. */
function parse(parts: readonly Uint8Array[], line: number): unknown {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const text = parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
    return text.trim() === '' ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `Line ${line} of the NDJSON document is not JSON: ${(cause as Error).message}.`, { cause, details: { line } });
  }
}

async function* encode(records: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let buffer = '';
  let count = 0;
  for await (const record of records) {
    const text = JSON.stringify(record);
    count++;
    if (text === undefined) throw new FlowError('DATA_INVALID', `Record ${count} has no value, so it cannot be written as JSON.`);
    buffer += `${text}\n`;
    if (buffer.length < 65_536) continue;
    yield encoder.encode(buffer);
    buffer = '';
  }
  if (buffer !== '') yield encoder.encode(buffer);
}
