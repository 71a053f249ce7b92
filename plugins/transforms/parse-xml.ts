import { openXmlReader } from '../formats/xml-read.ts';
import { asText, defineTransform, FlowError } from '../sdk/index.ts';

export default defineTransform({
  type: 'parse-xml',
  title: 'Read XML',
  summary: 'Reads a text that is XML into an object.',
  description: 'For a whole document use the step `convert`. Elements become fields; an element that comes several times a list; attributes fields with `@` before their names; text beside them the field `#text`. Values stay texts. A document that declares entities is an error. Null and empty text give null, and a missing value stays missing; a text that is no XML, and other types, are an error.',
  takes: ['string', 'null'],
  gives: ['object', 'null'],
  settings: {
    type: 'object',
    properties: {
      prefixes: { type: 'boolean', default: true, title: 'Prefixes', description: 'Names keep their prefixes, as in `soap:Body`.' },
      lists: { type: 'array', items: { type: 'string', minLength: 1 }, default: [], title: 'Lists', description: 'Names of elements that are lists also where there is one.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'In practice: a line of an order of a wholesaler', settings: { prefixes: false, lists: ['ORDER_ITEM'] }, input: '<bmecat:ORDER xmlns:bmecat="http://www.bmecat.org"><bmecat:ORDER_ITEM LINE="1"><SUPPLIER_PID>0042</SUPPLIER_PID><DESCRIPTION>Becher &quot;Zoë&quot; &amp; Untertasse</DESCRIPTION><PRICE currency="EUR">12.90</PRICE></bmecat:ORDER_ITEM></bmecat:ORDER>', output: { ORDER: { ORDER_ITEM: [{ '@LINE': '1', SUPPLIER_PID: '0042', DESCRIPTION: 'Becher "Zoë" & Untertasse', PRICE: { '@currency': 'EUR', '#text': '12.90' } }] } } },
    { title: 'A line of an order', settings: {}, input: '<line sku="A1"><qty>2</qty></line>', output: { line: { '@sku': 'A1', qty: '2' } } },
    { title: 'Several', settings: {}, input: '<a><b>1</b><b x="y">2</b></a>', output: { a: { b: ['1', { '@x': 'y', '#text': '2' }] } } },
    { title: 'One that is a list', settings: { lists: ['b'] }, input: '<a><b>1</b></a>', output: { a: { b: ['1'] } } },
    { title: 'Without prefixes, with signs', settings: { prefixes: false }, input: '<x:a xmlns:x="urn:x">&lt;&#228;&gt;<![CDATA[&]]></x:a>', output: { a: '<ä>&' } },
    { title: 'Leading zeros stay', settings: {}, input: '<zip>00501</zip>', output: { zip: '00501' } },
    { title: 'Entities', settings: {}, input: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', error: 'DATA_INVALID' },
    { title: 'Empty text', settings: {}, input: '', output: null },
    { title: 'Null', settings: {}, input: null, output: null },
    { title: 'An element that is not closed', settings: {}, input: '<a><b></a>', error: 'DATA_INVALID' },
  ],
  compile: ({ prefixes, lists }) => (value) => {
    if (value === null || value === undefined || value === '') return value === undefined ? undefined : null;
    const text = asText(value, 'parse-xml');
    const reader = openXmlReader({ lists, namespaces: prefixes ? 'keep' : 'remove', whitespace: 'trim' });
    try {
      const [document] = reader.write(text);
      reader.close();
      return document;
    } catch (cause) {
      throw FlowError.is(cause, 'DATA_INVALID') ? new FlowError('DATA_INVALID', `The transform "parse-xml" cannot read the text: ${cause.message}`, { cause, details: { ...cause.details, transform: 'parse-xml' } }) : cause;
    }
  },
});
