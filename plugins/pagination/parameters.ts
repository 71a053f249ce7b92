import { type PageRequest, scalarText } from '../sdk/index.ts';

export interface Parameters {
  readonly in: string;
  readonly param: string;
  readonly sizeParam?: string;
  readonly sizeIn?: string;
  readonly size?: number;
  readonly dropParams?: readonly string[];
}

/** The request with a value of the page parameter, unless that is undefined, and with the page size. */
export function requestOf(value: unknown, { in: place, param, sizeParam, sizeIn, size }: Parameters): PageRequest {
  if (place === 'url' && value !== undefined) return placed({ [param]: value }, place);
  const sizePlace = sizeIn ?? (place === 'path' || place === 'url' ? 'query' : place);
  return joined(value === undefined ? {} : placed({ [param]: value }, place), sizeParam !== undefined && size !== undefined ? placed({ [sizeParam]: size }, sizePlace) : {});
}

/** The same for pages after the first. */
export function laterRequestOf(value: unknown, parameters: Parameters): PageRequest {
  const { dropParams } = parameters;
  return { ...requestOf(value, parameters), ...(dropParams && { without: dropParams }) };
}

/** A request that has the values at the place. */
export function placed(values: Readonly<Record<string, unknown>>, place: string): PageRequest {
  switch (place) {
    case 'body': return { body: values };
    case 'header': return { headers: Object.fromEntries(Object.entries(texts(values)).map(([name, text]) => [name.toLowerCase(), text])) };
    case 'path': return { variables: texts(values) };
    case 'form': return { form: texts(values) };
    case 'cookie': return { cookies: texts(values) };
    case 'url': return { url: Object.values(texts(values))[0]! };
    default: return { query: texts(values) };
  }
}

/** Both requests in one; they are at different places, or have different names there. */
export function joined(one: PageRequest, other: PageRequest): PageRequest {
  const places = Object.entries(other).map(([place, values]) => [place, { ...(one[place as keyof PageRequest] as object | undefined), ...(values as object) }]);
  return { ...one, ...Object.fromEntries(places) as PageRequest };
}

/** Values that are objects or lists go as JSON; in a body all keep their type. */
const texts = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : scalarText(value)]));
