import { SaxesParser } from 'saxes';
import { FlowError } from '../sdk/index.ts';
import { LONGEST_RECORD, recordTooLong } from './longest-record.ts';

export interface XmlReading {
  /** Names from the outermost element to those that are the records, with dots between them. Without it the document is one record, of one field. */
  readonly element?: string;
  /** Names of elements that are lists even where they come once. */
  readonly lists: readonly string[];
  readonly namespaces: 'remove' | 'keep';
  readonly whitespace: 'trim' | 'keep';
}

export interface XmlReader {
  /** Reads on, and gives the records that ended in this piece. Fails with `DATA_INVALID`, naming line and column. */
  write(text: string): readonly unknown[];
  /** Fails with `DATA_INVALID` where the document has not ended. */
  close(): void;
}

/** Elements that are open inside one another. Nobody needs more, and what is read must be written as JSON again. */
export const DEEPEST = 1000;

/** Reads a document piece by piece; only the records at hand are kept. Nothing that a document declares is read, so that it cannot grow. */
export function openXmlReader({ element, lists, namespaces, whitespace }: XmlReading): XmlReader {
  const wanted = element === undefined ? undefined : element.split('.');
  const recordDepth = wanted?.length ?? 1;
  const always = new Set(lists);
  const nameOf = (name: string): string => (namespaces === 'remove' ? name.slice(name.indexOf(':') + 1) : name);
  const parser = new SaxesParser({ position: true });
  const fail = (message: string): never => {
    const { line, column } = parser;
    throw new FlowError('DATA_INVALID', `Line ${line}, column ${column + 1} of the XML document cannot be read: ${message}`, { details: { line, column: column + 1 } });
  };
  /** Of the elements that are open, from the outermost on. Those outside a record have no frame. */
  const open: { readonly name: string; readonly line: number; readonly frame: Frame | undefined }[] = [];
  let closed: (typeof open)[number] | undefined;
  let records: unknown[] = [];
  /** Where the record at hand begins, or the last tag outside of records. */
  let from = 0;
  let written = 0;
  const checkLength = (position: number): void => {
    if (position - from > LONGEST_RECORD) throw recordTooLong('A record of the XML document', 'Name the elements that are its records as `element`.');
  };
  Object.assign(parser.ENTITIES, entities);
  parser.on('error', ({ message }) => {
    const reason = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    // The parser has closed it by then.
    if (reason === 'unexpected close tag' && closed) fail(`${reason}, where <${closed.name}> of line ${closed.line} is open.`);
    fail(reason.startsWith('unclosed tag') ? `<${open.at(-1)!.name}> of line ${open.at(-1)!.line} is not closed.` : `${reason}.`);
  });
  parser.on('doctype', (text) => void (text.includes('[') && fail('it declares entities, which could make it grow without end.')));
  parser.on('opentag', (tag) => {
    const name = nameOf(tag.name);
    if (open.length >= DEEPEST) fail(`it has more than ${DEEPEST} elements inside one another.`);
    const isRecord = open.length + 1 === recordDepth && (!wanted || [...open.map((one) => one.name), name].every((own, index) => own === wanted[index]));
    if (!open.at(-1)?.frame) from = parser.position;
    open.push({ name, line: parser.line, frame: isRecord || open.at(-1)?.frame ? openFrame(tag.attributes as Readonly<Record<string, string>>, namespaces) : undefined });
  });
  parser.on('text', (text) => void (open.at(-1)?.frame && addText(open.at(-1)!.frame!, text)));
  parser.on('cdata', (text) => void (open.at(-1)?.frame && addText(open.at(-1)!.frame!, text, true)));
  parser.on('closetag', () => {
    closed = open.pop()!;
    const { name, frame } = closed;
    if (!open.at(-1)?.frame) {
      checkLength(parser.position);
      from = parser.position;
    }
    if (!frame) return;
    const value = valueOf(frame, whitespace);
    const above = open.at(-1)?.frame;
    if (above) addField(above, name, value, always);
    else records.push(wanted ? value : Object.fromEntries([[name, always.has(name) ? [value] : value]]));
  });
  const taken = (): readonly unknown[] => {
    const all = records;
    records = [];
    return all;
  };
  return {
    write(text) {
      parser.write(text);
      written += text.length;
      checkLength(written);
      return taken();
    },
    close: () => void parser.close(),
  };
}

/** What documents hold that were made with HTML in mind. */
const entities = { nbsp: '\u00A0', copy: '©', reg: '®', trade: '™', euro: '€', pound: '£', yen: '¥', cent: '¢', inr: '₹', auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', eacute: 'é', egrave: 'è', agrave: 'à', ccedil: 'ç' };

interface Frame {
  readonly fields: Map<string, unknown>;
  /** Names of fields that are lists by now. */
  readonly lists: Set<string>;
  text: string;
  /** From the beginning of the first CDATA section to the end of the last: white space there is meant. */
  fixed: readonly [from: number, to: number] | undefined;
}

function openFrame(attributes: Readonly<Record<string, string>>, namespaces: string): Frame {
  const frame: Frame = { fields: new Map(), lists: new Set(), text: '', fixed: undefined };
  for (const name of Object.keys(attributes)) {
    if (namespaces === 'keep') frame.fields.set(`@${name}`, attributes[name]);
    else if (name !== 'xmlns' && !name.startsWith('xmlns:')) {
      // Two names that differ in their prefixes alone: the later one keeps it.
      const plain = `@${name.slice(name.indexOf(':') + 1)}`;
      frame.fields.set(frame.fields.has(plain) ? `@${name}` : plain, attributes[name]);
    }
  }
  return frame;
}

function addText(frame: Frame, text: string, isFixed = false): void {
  const from = frame.text.length;
  frame.text += text;
  if (isFixed) frame.fixed = [frame.fixed?.[0] ?? from, frame.text.length];
}

function addField({ fields, lists }: Frame, name: string, value: unknown, always: ReadonlySet<string>): void {
  if (lists.has(name)) (fields.get(name) as unknown[]).push(value);
  else if (fields.has(name) || always.has(name)) {
    fields.set(name, fields.has(name) ? [fields.get(name), value] : [value]);
    lists.add(name);
  } else fields.set(name, value);
}

function valueOf({ fields, text, fixed }: Frame, whitespace: string): unknown {
  const own = textOf(text, fixed, whitespace === 'trim' || (fields.size > 0 && trimmed(text) === ''));
  if (fields.size === 0) return own;
  return Object.fromEntries(own === '' ? fields : [...fields, ['#text', own]]);
}

function textOf(text: string, fixed: Frame['fixed'], isTrimmed: boolean): string {
  if (!isTrimmed) return text;
  return trimmed(text, fixed?.[0], fixed?.[1]);
}

/** Without white space of XML before one place and behind another. Others, such as a no-break space, are letters of the text. */
function trimmed(text: string, start = text.length, end = 0): string {
  let [from, to] = [0, text.length];
  while (from < start && isSpace(text.charCodeAt(from))) from++;
  while (to > end && to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13;
