import { isObject } from '../model/json.ts';
import type { PageFacts, Settings } from './signals.ts';

/** A page as XML, with the elements by which its strategy goes on. The root and the name of a record are those of the example, where there is one. */
export function xmlPage(example: unknown, settings: Settings, { records, total, pages, index }: PageFacts): string {
  const root = typeof example === 'string' ? (/<([A-Za-z_][\w.:-]*)[\s>/]/.exec(example.replace(/<\?[^]*?\?>/, ''))?.[1] ?? 'answer') : 'answer';
  const told: readonly (readonly [setting: string, value: unknown])[] = [['totalElement', total], ['totalPagesElement', pages], ['searchIdElement', 'search-1'], ['pageIndexElement', index + 1]];
  const head = told.filter(([setting]) => typeof settings[setting] === 'string').map(([setting, value]) => element(settings[setting] as string, value));
  return `<?xml version="1.0" encoding="UTF-8"?><${root}>${head.join('')}<records>${records.map((record) => element('record', record)).join('')}</records></${root.split(/\s/)[0]}>`;
}

function element(name: string, value: unknown): string {
  const tag = /^[A-Za-z_][\w.-]*$/.test(name) ? name : 'value';
  if (value === null || value === undefined) return `<${tag}/>`;
  if (Array.isArray(value)) return value.map((item) => element(tag, item)).join('');
  if (isObject(value)) return `<${tag}>${Object.entries(value).map(([field, part]) => element(field, part)).join('')}</${tag}>`;
  return `<${tag}>${escaped(String(value))}</${tag}>`;
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
