import { FlowError, plainText } from '../sdk/index.ts';
import { DEEPEST } from './xml-read.ts';

export interface XmlWriting {
  readonly root?: string;
  readonly item: string;
  readonly declaration: boolean;
  readonly encoding: string;
}

/** Fails with `DATA_INVALID` for what no XML document can hold, and with `CONFIG_INVALID` where nobody would know its encoding. */
export async function* xmlTexts(records: AsyncIterable<unknown> | Iterable<unknown>, { root, item, declaration, encoding }: XmlWriting): AsyncGenerator<string> {
  let count = 0;
  if (!declaration && !encoding.startsWith('utf-')) throw new FlowError('CONFIG_INVALID', `An XML document in ${encoding} needs a declaration that says so.`, { place: { pointer: '/declaration' }, remedy: 'Set "declaration" to true, or write the document in UTF-8.' });
  if (declaration) yield `<?xml version="1.0" encoding="${encoding.startsWith('utf-16') ? 'UTF-16' : encoding.toUpperCase()}"?>`;
  if (root !== undefined) yield `<${checkName(root)}>`;
  for await (const record of records) {
    count++;
    if (root !== undefined && Array.isArray(record)) throw new FlowError('DATA_INVALID', `Record ${count} is a list, which cannot be one XML element.`, { details: { record: count } });
    if (root !== undefined) yield elementOf(item, record, 1);
    else if (count > 1 || !isObject(record) || Object.keys(record).length !== 1 || Array.isArray(Object.values(record)[0])) {
      throw new FlowError('DATA_INVALID', 'An XML document has one outermost element, and so a record with one field. Give the `root` of the document where there are several.');
    } else yield elementOf(...(Object.entries(record)[0] as [string, unknown]), 0);
  }
  if (root === undefined && count === 0) throw new FlowError('DATA_INVALID', 'There is no record, so there is no XML document to write.');
  if (root !== undefined) yield `</${root}>`;
}

/** A list is the element again and again. `depth`: elements around it. */
function elementOf(name: string, value: unknown, depth: number): string {
  if (depth >= DEEPEST) throw new FlowError('DATA_INVALID', `The record has more than ${DEEPEST} elements inside one another, which nobody reads.`);
  if (Array.isArray(value)) {
    if (value.some((item) => Array.isArray(item))) throw new FlowError('DATA_INVALID', `The field ${JSON.stringify(name)} holds a list in a list, which would be read as one list.`, { remedy: 'Put each inner list into a field of its own, such as `{"row": [1, 2]}`.' });
    return value.map((item) => elementOf(name, item, depth)).join('');
  }
  const tag = checkName(name);
  if (!isObject(value)) return element(tag, '', textOf(value, name));
  const fields = Object.entries(value);
  const attributes = fields.filter(([key]) => key.startsWith('@')).map(([key, field]) => ` ${checkName(key.slice(1))}="${attributeOf(key, field)}"`);
  const inner = fields.filter(([key]) => !key.startsWith('@')).map(([key, field]) => (key === '#text' ? textOf(field, name) : elementOf(key, field, depth + 1)));
  return element(tag, attributes.join(''), inner.join(''));
}

const element = (tag: string, attributes: string, inner: string): string => (inner === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${inner}</${tag}>`);

const textOf = (value: unknown, name: string): string => checked(value, name).replaceAll(/[&<>\r]/g, (sign) => signs[sign]!);

function attributeOf(name: string, value: unknown): string {
  if (typeof value === 'object' && value !== null) throw new FlowError('DATA_INVALID', `The attribute ${JSON.stringify(name)} must be a text, a number or a boolean.`);
  return checked(value, name).replaceAll(/[&<>"\t\n\r]/g, (sign) => signs[sign]!);
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };

function checked(value: unknown, name: string): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new FlowError('DATA_INVALID', `The field ${JSON.stringify(name)} has the value ${value}, which is no number that anybody reads.`);
  const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : typeof value === 'number' ? plainText(value) : String(value as string);
  const [odd] = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(text) ?? [];
  if (odd !== undefined) throw new FlowError('DATA_INVALID', `The field ${JSON.stringify(name)} has a character that XML cannot carry, U+${odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}: ${JSON.stringify(text.slice(0, 60))}.`, { remedy: 'Remove it with the transform "replace"; half of an emoji comes of a text that was cut within one, which "truncate" does not do.' });
  return text;
}

// As the specification has it, with a prefix at most.
const start = 'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const plainName = `[${start}][${start}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}]*`;
const names = new RegExp(`^${plainName}(?::${plainName})?$`, 'u');

function checkName(name: string): string {
  if (names.test(name)) return name;
  throw new FlowError('DATA_INVALID', `${JSON.stringify(name)} cannot be the name of an XML element or attribute.`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
