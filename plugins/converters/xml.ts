import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { defineConverter, FlowError } from '../sdk/index.ts';

export default defineConverter({
  type: 'xml',
  title: 'XML',
  summary: 'Reads and writes XML documents.',
  description: 'Elements are fields, and a list where one comes several times. An attribute is a field `@name`, the text beside attributes or elements the field `#text`; all values are text. Prefixes of namespaces are left out when reading, unless they are kept. The document is one record, or each element at `element` is one. When writing, a record is the document and has one field, its outermost element; with `root` each record is an element in that. Documents that declare entities are refused.',
  mediaTypes: ['application/xml', 'text/xml'],
  fileExtensions: ['xml'],
  settings: {
    type: 'object',
    properties: {
      element: { type: 'string', minLength: 1, title: 'Element', description: 'Names from the outermost element to those that are the records, such as `orders.order`; without it the document is one record.' },
      lists: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true, default: [], title: 'Lists', description: 'Names of elements that are lists even where they come once.' },
      namespaces: { type: 'string', enum: ['remove', 'keep'], default: 'remove', title: 'Namespaces', description: 'What becomes of prefixes when reading.', enumDescriptions: ['`soap:Body` is read as `Body`; declarations are left out.', 'Names stay as they are.'] },
      root: { type: 'string', minLength: 1, title: 'Root', description: 'Element around the written records.' },
      item: { type: 'string', minLength: 1, default: 'record', title: 'Item', description: 'Element of each written record, with a root.' },
      declaration: { type: 'boolean', default: true, title: 'Declaration', description: 'Written documents begin with `<?xml version="1.0" encoding="UTF-8"?>`.' },
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
    { title: 'Entities', settings: {}, text: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', error: 'DATA_INVALID' },
    { title: 'No text', settings: {}, text: '', error: 'DATA_INVALID' },
  ],
  open: (settings) => ({ mediaType: 'application/xml', decode: (bytes) => decode(bytes, settings), encode: (records) => encode(records, settings) }),
});

interface Settings {
  readonly element?: string;
  readonly lists: readonly string[];
  readonly namespaces: string;
  readonly root?: string;
  readonly item: string;
  readonly declaration: boolean;
}

async function* decode(bytes: AsyncIterable<Uint8Array>, { element, lists, namespaces }: Settings): AsyncGenerator<unknown> {
  const text = textOf(await whole(bytes));
  if (/<!DOCTYPE[^>]*\[/i.test(text)) throw new FlowError('DATA_INVALID', 'The XML document declares entities, which could make it grow without end.');
  const fault = XMLValidator.validate(text);
  if (fault !== true) throw new FlowError('DATA_INVALID', `Line ${fault.err.line} of the XML document cannot be read: ${fault.err.msg}`, { details: { line: fault.err.line, column: fault.err.col } });
  const always = new Set(lists);
  const isPlain = namespaces === 'remove';
  const parser = new XMLParser({
    ignoreAttributes: isPlain ? (name) => name === 'xmlns' || name.startsWith('xmlns:') : false, attributeNamePrefix: '@', textNodeName: '#text', removeNSPrefix: isPlain, parseTagValue: false, parseAttributeValue: false,
    trimValues: true, ignoreDeclaration: true, ignorePiTags: true, htmlEntities: true, isArray: (name) => always.has(name),
  });
  const document: unknown = parser.parse(text);
  if (element === undefined) yield document;
  else yield* elementsAt([document], element.split('.'));
}

function elementsAt(found: readonly unknown[], [name, ...rest]: readonly string[]): readonly unknown[] {
  if (name === undefined) return found;
  const below = found.flatMap((one) => (isObject(one) && Object.hasOwn(one, name) ? [one[name]] : [])).flat();
  return elementsAt(below, rest);
}

async function* encode(records: AsyncIterable<unknown> | Iterable<unknown>, { root, item, declaration }: Settings): AsyncGenerator<Uint8Array> {
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', textNodeName: '#text', suppressEmptyNode: true, suppressBooleanAttributes: false });
  const build = (value: Readonly<Record<string, unknown>>): string => builder.build(checked(value)) as string;
  const encoder = new TextEncoder();
  let count = 0;
  if (root !== undefined) checkName(root);
  yield encoder.encode(`${declaration ? '<?xml version="1.0" encoding="UTF-8"?>' : ''}${root === undefined ? '' : `<${root}>`}`);
  for await (const record of records) {
    count++;
    if (root !== undefined) yield encoder.encode(build({ [item]: record }));
    else if (count > 1 || !isObject(record) || Object.keys(record).length !== 1 || Array.isArray(Object.values(record)[0])) {
      throw new FlowError('DATA_INVALID', 'An XML document has one outermost element, and so a record with one field. Give the `root` of the document where there are several.');
    } else yield encoder.encode(build(record));
  }
  if (root === undefined && count === 0) throw new FlowError('DATA_INVALID', 'There is no record, so there is no XML document to write.');
  if (root !== undefined) yield encoder.encode(`</${root}>`);
}

/** The value as the builder takes it. Fails with `DATA_INVALID` for what no XML document can hold. */
function checked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(checked);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, field]) => [name === '#text' ? name : checkName(name), checked(field)]));
  if (value === null || value === undefined) return '';
  const text = String(value as string);
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text)) throw new FlowError('DATA_INVALID', `XML cannot carry a character of ${JSON.stringify(text.slice(0, 60))}.`);
  return text;
}

function checkName(name: string): string {
  if (/^@?[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(name)) return name;
  throw new FlowError('DATA_INVALID', `${JSON.stringify(name)} cannot be the name of an XML element or attribute.`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** In the encoding that the document names. */
function textOf(bytes: Uint8Array): string {
  const [, encoding = bytes[0] === 0xfe ? 'utf-16be' : bytes[0] === 0xff ? 'utf-16le' : 'utf-8'] = /^[^<]*<\?xml[^>]*?\sencoding=["']([\w.-]+)["']/.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 200))) ?? [];
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (cause) {
    throw new FlowError('DATA_INVALID', `The XML document is written in ${JSON.stringify(encoding)}, which nobody here can read.`, { cause });
  }
}
