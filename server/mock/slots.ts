import type { EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { decoded, type Asked } from './asked.ts';
import { valueAt } from './expected.ts';

/** A place of a request where the endpoint writes `{{ slice.x }}` or `{{ cursor.x }}`. */
export interface Slot {
  readonly root: 'slice' | 'cursor';
  /** `x`. */
  readonly name: string;
  /** What the request calls it: the name of the parameter, header or field; `''` in a path. */
  readonly field: string;
  /** What stands there; `undefined` where there is nothing. */
  read(asked: Asked): string | undefined;
}

export function slotsOf({ path, query = {}, headers = {}, body }: EndpointManifest, basePath: string): readonly Slot[] {
  const slots: Slot[] = [];
  const add = (template: unknown, field: string, read: (asked: Asked) => string | undefined, part = '[^]*?'): void => {
    if (typeof template === 'string') slots.push(...slotsIn(template, part).map(({ find, ...slot }) => ({ ...slot, field, read: (asked: Asked) => find(read(asked)) })));
  };
  add(`${basePath}${path.replace(/^\/*/, '/')}`.replace(/\?.*$/, ''), '', ({ url }) => url.pathname.replace(/\/$/, ''), '[^/]+');
  for (const [name, template] of Object.entries(query)) add(template, name, (asked) => valueAt(`query ${name}`, asked));
  for (const [name, template] of Object.entries(headers)) add(template, name, (asked) => valueAt(`header ${name.toLowerCase()}`, asked));
  const place = body?.format === 'form' ? 'form' : 'body';
  const walk = (template: unknown, way: string, field: string): void => {
    if (typeof template === 'string') add(template, field, (asked) => valueAt(place === 'form' ? `form ${field}` : `body ${way}`, asked));
    else if (isObject(template)) for (const [name, part] of Object.entries(template)) walk(part, `${way}[${JSON.stringify(name)}]`, name);
  };
  if (isObject(body?.template)) walk(body.template, body.format === 'graphql' ? '$["variables"]' : '$', '');
  return slots;
}

interface Found extends Pick<Slot, 'root' | 'name'> {
  find(text: string | undefined): string | undefined;
}

/** `part`: what an expression may have become, as a pattern. */
function slotsIn(template: string, part: string): readonly Found[] {
  const parts = template.trim().split(/(\{\{.*?\}\})/);
  const pattern = new RegExp(`^${parts.map((text) => (text.startsWith('{{') ? `(${part})` : text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))).join('')}$`);
  return parts.filter((text) => text.startsWith('{{')).flatMap((expression, index) => {
    const [, root, name] = /^\{\{\s*(slice|cursor)\.(\w+)/.exec(expression) ?? [];
    if (root === undefined || name === undefined) return [];
    const find = (text: string | undefined): string | undefined => {
      const value = text === undefined ? undefined : pattern.exec(text)?.[index + 1];
      return value === undefined || part === '[^]*?' ? value : decoded(value);
    };
    return [{ root: root as Slot['root'], name, find }];
  });
}
