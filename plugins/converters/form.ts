import { defineConverter, FlowError, scalarText } from '../sdk/index.ts';
import { bytesOf, textsOf, wellFormed, wholeText } from '../formats/text.ts';

export default defineConverter({
  type: 'form',
  title: 'Form',
  summary: 'Reads and writes the fields of a form, as browsers and webhooks send them (`application/x-www-form-urlencoded`).',
  description: 'A form is one record. Values are text; a field that comes several times is a list, and a list is written as a field several times. Null is left out, objects become JSON.',
  mediaTypes: ['application/x-www-form-urlencoded'],
  fileExtensions: [],
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'A text message of a gateway', settings: {}, text: 'From=%2B4930123&Body=Gr%C3%BC%C3%9Fe+%26+more&Media=a&Media=b', records: [{ From: '+4930123', Body: 'Grüße & more', Media: ['a', 'b'] }] },
    { title: 'Letters that are no UTF-8', settings: {}, text: 'Body=Gr%FC%DFe', error: 'DATA_INVALID' },
    { title: 'A percent sign that means itself', settings: {}, text: 'rate=5%25&off=10%', records: [{ rate: '5%', off: '10%' }], printed: 'rate=5%25&off=10%25' },
    { title: 'Nothing', settings: {}, text: '', records: [{}] },
  ],
  open: () => ({ mediaType: 'application/x-www-form-urlencoded', decode, encode: (records) => bytesOf(encode(records)) }),
});

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const fields = new Map<string, string | string[]>();
  const text = await wholeText(textsOf(bytes, { encoding: 'utf-8', format: 'form' }));
  for (const { 0: escaped, index } of text.matchAll(/(?:%[\da-f]{2})+/gi)) if (!isUtf8(escaped)) throw new FlowError('DATA_INVALID', `The form has letters that are no UTF-8 at character ${index + 1}: ${escaped.slice(0, 60)}.`, { details: { character: index + 1 }, remedy: 'Let the sender write the form in UTF-8.' });
  for (const [name, value] of new URLSearchParams(text)) {
    const known = fields.get(name);
    if (Array.isArray(known)) known.push(value);
    else fields.set(name, known === undefined ? value : [known, value]);
  }
  yield Object.fromEntries(fields);
}

async function* encode(records: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  let count = 0;
  for await (const record of records) {
    if (++count > 1 || typeof record !== 'object' || record === null || Array.isArray(record)) throw new FlowError('DATA_INVALID', 'A form is one record, and that an object. Write each record for itself: set the batch size to 1.');
    const pairs = Object.entries(record as Readonly<Record<string, unknown>>).flatMap(([name, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]).filter((item) => item !== null && item !== undefined)
      .map((item) => [name, typeof item === 'object' ? JSON.stringify(item) : scalarText(item)].map(wellFormed)));
    yield new URLSearchParams(pairs).toString();
  }
}

function isUtf8(escaped: string): boolean {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
}
