import { FlowError } from '../sdk/index.ts';

/** The text of the first element of that name, with whatever prefix, in an XML document; `undefined` where there is none. Fails with `REMOTE_FORMAT` for what is not a whole document. */
export function elementText(xml: unknown, name: string): string | undefined {
  if (typeof xml !== 'string' || !/^\s*</.test(xml) || !/>\s*$/.test(xml)) throw new FlowError('REMOTE_FORMAT', 'The answer is not XML, or was cut.');
  const begin = new RegExp(`<(?:[\\w.-]+:)?${name.replaceAll(/[^\w-]/g, '\\$&')}(?:\\s(?:[^<>"']|"[^"]*"|'[^']*')*)?/?>`).exec(xml);
  if (!begin || begin[0].endsWith('/>')) return begin ? '' : undefined;
  const start = begin.index + begin[0].length;
  const end = xml.indexOf('</', start);
  if (end < 0) return undefined;
  const text = xml.slice(start, end);
  return text.replaceAll(/<!\[CDATA\[|\]\]>/g, '').replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal: string | undefined, hex: string | undefined, named: string | undefined) =>
    named === undefined ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)) : (entities[named] ?? whole)).trim();
}

/** A whole number in an element. Fails with `REMOTE_FORMAT` where it is not there or is none: without it nobody knows where the end is. */
export function elementNumber(xml: unknown, name: string): number {
  const text = elementText(xml, name);
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  throw new FlowError('REMOTE_FORMAT', `The answer has ${text === undefined ? 'no' : `${JSON.stringify(text.slice(0, 40))} in its`} element "${name}", by which the pagination knows where the end is.`, { details: { element: name } });
}

/** How many elements of that name there are, with whatever prefix. */
export const elementCount = (xml: string, name: string): number => xml.match(new RegExp(`<(?:[\\w.-]+:)?${name.replaceAll(/[^\w-]/g, '\\$&')}(?=[\\s/>])`, 'g'))?.length ?? 0;

/** A text as it may stand in an element or an attribute. */
export const inXml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
