import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';

/** A name in its namespace, which is empty where there is none. */
export interface QName {
  readonly space: string;
  readonly name: string;
}

export interface XmlNode extends QName {
  /** Without their prefixes. */
  readonly attributes: Readonly<Record<string, string>>;
  /** In their order. */
  readonly children: readonly XmlNode[];
  readonly text: string;
  /** The name that a text such as `tns:Order` stands for here. */
  resolve(text: string): QName;
}

/** The outermost element of an XML text. Fails with `DATA_INVALID`, whose place is the line. `what`: the kind of text, for messages. */
export function readXml(text: string, what: string): XmlNode {
  const plain = text.replace(/^\u{FEFF}/u, '');
  if (/<!DOCTYPE/i.test(plain)) throw invalid(`The ${what} declares a document type, which could make it grow without end.`, 1, 1);
  const fault = XMLValidator.validate(plain);
  if (fault !== true) throw invalid(`The ${what} is not valid XML: line ${fault.err.line}, column ${fault.err.col}: ${fault.err.msg}`, fault.err.line, fault.err.col);
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false, trimValues: true, ignoreDeclaration: true, ignorePiTags: true });
  const [root] = nodesOf(parser.parse(plain), new Map());
  if (!root) throw invalid(`The ${what} has no element.`, 1, 1);
  return root;
}

export const childrenOf = (node: XmlNode | undefined, name: string): XmlNode[] => (node?.children ?? []).filter((child) => child.name === name);
export const childOf = (node: XmlNode | undefined, name: string): XmlNode | undefined => node?.children.find((child) => child.name === name);

const invalid = (message: string, line: number, column: number): FlowError => new FlowError('DATA_INVALID', message, { place: { line, column }, details: { line, column }, remedy: 'Correct that place, or get the description anew where it was published.' });

/** `spaces`: namespaces by their prefixes; that without one under ''. */
function nodesOf(given: unknown, spaces: ReadonlyMap<string, string>): XmlNode[] {
  return (Array.isArray(given) ? (given as unknown[]) : []).filter(isObject).flatMap((entry) => {
    const tag = Object.keys(entry).find((key) => key !== ':@' && key !== '#text');
    if (tag === undefined) return [];
    const attributes = (isObject(entry[':@']) ? entry[':@'] : {}) as Readonly<Record<string, string>>;
    const declared = Object.entries(attributes).filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:')).map(([name, value]) => [name === 'xmlns' ? '' : name.slice(6), value] as const);
    const inner = declared.length > 0 ? new Map([...spaces, ...declared]) : spaces;
    const content = Array.isArray(entry[tag]) ? (entry[tag] as unknown[]) : [];
    return [{
      ...resolved(inner, tag), attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.replace(/^.*:/, ''), value])), children: nodesOf(content, inner),
      text: content.flatMap((part) => (isObject(part) && typeof part['#text'] === 'string' ? [part['#text']] : [])).join(''), resolve: (text: string) => resolved(inner, text),
    }];
  });
}

function resolved(spaces: ReadonlyMap<string, string>, text: string): QName {
  const [prefix, name] = text.includes(':') ? (text.split(':', 2) as [string, string]) : ['', text];
  return { space: spaces.get(prefix) ?? '', name };
}
