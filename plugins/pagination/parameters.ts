import type { PageRequest } from '../sdk/index.ts';

export interface Parameters {
  readonly in: string;
  readonly param: string;
  readonly sizeParam?: string;
  readonly size?: number;
}

/** The request with a value of the page parameter, unless that is undefined, and with the page size. */
export function requestOf(value: unknown, { in: place, param, sizeParam, size }: Parameters): PageRequest {
  const own = value === undefined ? {} : { [param]: value };
  const sizes = sizeParam !== undefined && size !== undefined ? { [sizeParam]: size } : {};
  if (place === 'path') return { ...(value !== undefined && { variables: texts(own) }), ...placed(sizes, 'query') };
  return placed({ ...own, ...sizes }, place);
}

function placed(values: Readonly<Record<string, unknown>>, place: string): PageRequest {
  if (Object.keys(values).length === 0) return {};
  if (place === 'body') return { body: values };
  if (place === 'query') return { query: texts(values) };
  return { headers: Object.fromEntries(Object.entries(texts(values)).map(([name, text]) => [name.toLowerCase(), text])) };
}

/** Values that are objects or lists go as JSON; in a body all keep their type. */
const texts = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]));
