import type { ParamStyle } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { asText, inUrl } from './optional-template.ts';

/** How the value of a param is written where it is sent; OpenAPI and RFC 6570 name the ways. */
export interface Style {
  readonly style?: ParamStyle;
  readonly explode?: boolean;
}

/** The parts of a query that a value makes, percent-encoded: `a=1`. An empty list or object makes none; null neither. */
export function queryParts(name: string, value: unknown, { style, explode }: Style): string[] {
  if (value === null) return [];
  const pair = (key: string, encoded: string): string => `${inUrl(key)}=${encoded}`;
  const isList = Array.isArray(value);
  if (style === 'json' || (!isList && !isObject(value)) || (!isList && style === undefined)) return [pair(name, encode(style === 'json' ? asJson(value) : value))];
  if (isObject(value)) {
    const fields = fieldsOf(value);
    if (style === 'deepObject') return fields.flatMap(([key, field]) => deepParts(`${name}[${key}]`, field));
    if (style === 'form' && explode !== false) return fields.map(([key, field]) => pair(key, encode(field)));
    return fields.length === 0 ? [] : [pair(name, fields.flatMap(([key, field]) => [encode(key), encode(field)]).join(delimiters[style!] ?? ','))];
  }
  if (style === 'deepObject') return deepParts(name, value);
  const isExploded = explode ?? (style === undefined || style === 'form');
  if (isExploded) return value.map((item) => pair(name, encode(item)));
  return value.length === 0 ? [] : [pair(name, value.map(encode).join(delimiters[style!] ?? ','))];
}

/** The text that a value becomes in the path, percent-encoded. */
export function pathText(name: string, value: unknown, { style = 'simple', explode = false }: Style): string {
  // One at its beginning stands in the path of the endpoint already.
  if (style === 'path') return (Array.isArray(value) ? value.map(asText) : [asText(value).replace(/^\/+/, '')]).flatMap((part) => part.split('/')).map(inUrl).join('/');
  const fields = isObject(value) ? fieldsOf(value) : undefined;
  const joined = (separator: string): string => fields
    ? fields.map(([key, field]) => `${encode(key)}${explode ? '=' : ','}${encode(field)}`).join(explode ? separator : ',')
    : (Array.isArray(value) ? value : [value]).map(encode).join(explode ? separator : ',');
  if (style === 'label') return `.${joined('.')}`;
  if (style !== 'matrix') return joined(',');
  if (explode && fields) return fields.map(([key, field]) => `;${encode(key)}=${encode(field)}`).join('');
  if (explode && Array.isArray(value)) return value.map((item) => `;${encode(name)}=${encode(item)}`).join('');
  return `;${encode(name)}=${joined(',')}`;
}

/** The text of a value in a header, where nothing is encoded. */
export function headerText(value: unknown, { style, explode = false }: Style): string {
  if (style !== 'simple') return style === 'json' ? asJson(value) : asText(value);
  if (Array.isArray(value)) return value.map(asText).join(',');
  return isObject(value) ? fieldsOf(value).map(([key, field]) => `${key}${explode ? '=' : ','}${asText(field)}`).join(',') : asText(value);
}

const delimiters: Partial<Record<ParamStyle, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' };
const encode = (value: unknown): string => inUrl(asText(value));
const asJson = (value: unknown): string => JSON.stringify(value);
const fieldsOf = (value: Readonly<Record<string, unknown>>): [string, unknown][] => Object.entries(value).filter(([, field]) => field !== undefined && field !== null);

/** Below the first level every server has its own habit; most read `a[b][c]=1`, a list of objects by their numbers (`a[0][b]=1`), and another list by empty brackets (`a[]=1`), without which many would keep its last item only. */
function deepParts(name: string, value: unknown): string[] {
  if (value === null) return [];
  if (isObject(value)) return fieldsOf(value).flatMap(([key, field]) => deepParts(`${name}[${key}]`, field));
  if (Array.isArray(value) && value.some(isObject)) return value.flatMap((item, index) => deepParts(`${name}[${index}]`, item));
  return Array.isArray(value) ? value.map((item) => `${inUrl(`${name}[]`)}=${encode(item)}`) : [`${inUrl(name)}=${encode(value)}`];
}
