import { declaredIn, defineConverter } from '../sdk/index.ts';
import { beginningOf } from '../formats/bytes.ts';
import { bytesOf, encodingSetting, textsOf } from '../formats/text.ts';
import { openXmlReader, type XmlReading } from '../formats/xml-read.ts';
import { xmlTexts } from '../formats/xml-write.ts';

export default defineConverter({
  type: 'xml',
  title: 'XML',
  summary: 'Reads and writes XML documents, as a stream where each element of a name is a record.',
  description: 'Elements are fields, and a list where one comes several times. An attribute is a field `@name`, the text beside attributes or elements the field `#text`; all values are text. In a path, such names stand in brackets and quotes: `$.orders[\'@total\']`, `{{ response.orders[\'@total\'] }}`. Prefixes of namespaces are left out when reading, unless they are kept. The document is one record, or each element at `element` is one, so that a document of any length fits into memory. When writing, a record is the document and has one field, its outermost element; with `root` each record is an element in that. Documents that declare entities are refused.',
  mediaTypes: ['application/xml', 'text/xml'],
  fileExtensions: ['xml'],
  settings: {
    type: 'object',
    properties: {
      element: { type: 'string', minLength: 1, title: 'Element', description: 'Names from the outermost element to those that are the records, such as `orders.order`; without it the document is one record.' },
      lists: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true, default: [], title: 'Lists', description: 'Names of elements that are lists even where they come once.' },
      namespaces: { type: 'string', enum: ['remove', 'keep'], default: 'remove', title: 'Namespaces', description: 'What becomes of prefixes when reading.', enumDescriptions: ['`soap:Body` is read as `Body`; declarations are left out.', 'Names stay as they are.'] },
      whitespace: { type: 'string', enum: ['trim', 'keep'], default: 'trim', title: 'White space', description: 'What becomes of white space around texts when reading.', enumDescriptions: ['It is left out, unless it stands in a CDATA section.', 'It stays, where there is a text.'] },
      root: { type: 'string', minLength: 1, title: 'Root', description: 'Element around the written records.' },
      item: { type: 'string', minLength: 1, default: 'record', title: 'Item', description: 'Element of each written record, with a root.' },
      declaration: { type: 'boolean', default: true, title: 'Declaration', description: 'Written documents begin with `<?xml version="1.0" encoding="UTF-8"?>`.' },
      encoding: { ...encodingSetting, description: 'How characters of written documents become bytes. What is read says its own.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'An order', settings: { declaration: false }, text: '<order id="007"><line sku="A">2</line><line sku="B">1</line><note>Fish &amp; chips</note></order>', records: [{ order: { '@id': '007', line: [{ '@sku': 'A', '#text': '2' }, { '@sku': 'B', '#text': '1' }], note: 'Fish & chips' } }] },
    { title: 'Each element a record', settings: { element: 'orders.order', root: 'orders', item: 'order', declaration: false }, text: '<orders>\n  <order><id>1</id></order>\n  <order><id>2</id></order>\n</orders>', records: [{ id: '1' }, { id: '2' }], printed: '<orders><order><id>1</id></order><order><id>2</id></order></orders>' },
    { title: 'Prefixes are left out', settings: { declaration: false }, text: '<s:Envelope xmlns:s="urn:s"><s:Body><a s:b="c"/></s:Body></s:Envelope>', records: [{ Envelope: { Body: { a: { '@b': 'c' } } } }], printed: '<Envelope><Body><a b="c"/></Body></Envelope>' },
    { title: 'With a declaration', settings: { lists: ['sku'] }, text: '<?xml version="1.0" encoding="UTF-8"?><stock><sku>A</sku></stock>', records: [{ stock: { sku: ['A'] } }] },
    { title: 'Signs in other ways', settings: { declaration: false }, text: '<a>&#60;&#x3e;<![CDATA[<b>]]></a>', records: [{ a: '<><b>' }], printed: '<a>&lt;&gt;&lt;b&gt;</a>' },
    { title: 'No such element', settings: { element: 'orders.order', root: 'orders', declaration: false }, text: '<orders/>', records: [], printed: '<orders></orders>' },
    { title: 'An element that is not closed', settings: {}, text: '<a><b></a>', error: 'DATA_INVALID' },
    { title: 'White space', settings: { whitespace: 'keep', declaration: false }, text: '<a b=" x\n">\n  <c> y </c>\n  <d> </d>\n</a>', records: [{ a: { '@b': ' x ', c: ' y ', d: ' ' } }], printed: '<a b=" x "><c> y </c><d> </d></a>' },
    { title: 'White space in CDATA', settings: { declaration: false }, text: '<a> <![CDATA[ y ]]> </a>', records: [{ a: ' y ' }], printed: '<a> y </a>' },
    { title: 'Text around elements', settings: { declaration: false }, text: '<p>Hello <b>you</b> there</p>', records: [{ p: { b: 'you', '#text': 'Hello  there' } }], printed: '<p><b>you</b>Hello  there</p>' },
    { title: 'Entities', settings: {}, text: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', error: 'DATA_INVALID' },
    { title: 'No text', settings: {}, text: '', error: 'DATA_INVALID' },
  ],
  open: (settings) => ({
    mediaType: 'application/xml',
    encoding: settings.encoding,
    decode: (bytes, options) => decode(bytes, settings, options?.isUtf8 === true),
    encode: (records) => bytesOf(xmlTexts(records, settings), { encoding: settings.encoding, mark: settings.encoding.startsWith('utf-16') }),
  }),
});

async function* decode(bytes: AsyncIterable<Uint8Array>, settings: XmlReading, isUtf8: boolean): AsyncGenerator<unknown> {
  // Where an encoding is named, it stands there.
  const [head, all] = await beginningOf(bytes, 200);
  const reader = openXmlReader(settings);
  for await (const text of textsOf(all, { encoding: declaredIn(head) ?? 'utf-8', isUtf8, format: 'XML' })) yield* reader.write(text);
  reader.close();
}
