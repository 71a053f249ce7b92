import { definePagination, FlowError, type PageRequest, scalarText } from '../sdk/index.ts';
import { limitFields } from './fields.ts';
import { lastByPages, lastByRecords } from './last-page.ts';

export default definePagination({
  type: 'script',
  title: 'Script',
  summary: 'Lets a script of the workspace say how the next page is asked for.',
  description: 'For servers that no other strategy fits. The file exports a function `(input) => request`; `input` is `{response, headers, status, url, records, page: {index, size, total}, settings}`; `response` is the body, that of XML as `records` reads it. It returns what to change in the request of the endpoint, or nothing where this was the last page: `url`, or `path` below the base URL, `method`, `query`, `headers`, `cookies`, `form`, `body` (by path), `wholeBody` (in place of the endpoint’s), `without` (query parameters of the endpoint to leave out), and `variables`, which are `{{ page.x }}` in the endpoint and in `page` of the next call. It keeps nothing between pages, and has no files and no network. The first request is that of the endpoint.',
  settings: {
    type: 'object',
    properties: {
      script: { type: 'string', minLength: 1, title: 'Script', description: 'File below `scripts/`, such as `scripts/next-page.ts`.', 'x-ui': { ref: 'script' } },
      values: { type: 'object', additionalProperties: true, title: 'Values', description: 'What the script finds in `settings.values`; `{{ params.x }}` and `{{ instance.x }}` may stand here.', 'x-expression': true },
      ...limitFields,
    },
    required: ['script'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'A number in the query, then nothing', settings: { script: 'scripts/next-page.ts' },
      pages: [{ records: [1], scripted: { query: { page: 2, tag: ['a', 1e21] }, variables: { round: 1e-7 } } }, { records: [2], scripted: null }],
      requests: [{}, { query: { page: '2', tag: ['a', '1000000000000000000000'] }, variables: { round: '0.0000001' } }],
      stop: 'script',
    },
    { title: 'Another endpoint with a body of its own', settings: { script: 'scripts/next-page.ts' }, pages: [{ scripted: { method: 'POST', path: '/more', wholeBody: { id: 7 }, without: ['*'] } }, {}], requests: [{}, { method: 'POST', path: '/more', wholeBody: { id: 7 }, without: ['*'] }], stop: 'script' },
    { title: 'Not more than one page', settings: { script: 'scripts/next-page.ts', maxPages: 1 }, pages: [{ scripted: { url: '/b' } }], requests: [{}], stop: 'max-pages' },
  ],
  first: () => ({}),
  script: ({ script }) => script,
  next: (page, settings) => {
    const { scripted } = page;
    if (scripted === undefined || scripted === null) return { stop: 'script' };
    return lastByRecords(page, settings) ?? lastByPages(page, settings) ?? { request: requestOf(scripted, settings.script) };
  },
});

type Read = (value: unknown) => unknown;

const text: Read = (value) => (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? scalarText(value) : undefined);
const texts: Read = (value) => allOf(value, text);
const list: Read = (value) => (Array.isArray(value) ? value.map((item) => text(item)) : undefined);
const lower: Read = (value) => allOf(value, text, (name) => name.toLowerCase());
const any: Read = (value) => value;

/** How each part of a request is read; `undefined` for a value of another kind. */
const parts: Readonly<Record<keyof PageRequest, Read>> = {
  url: text, path: text, method: text, query: (value) => allOf(value, (item) => (Array.isArray(item) ? list(item) : text(item))), without: list, headers: lower, cookies: texts, form: texts, variables: texts,
  body: (value) => allOf(value, any), wholeBody: any,
};

function requestOf(scripted: unknown, file: string): PageRequest {
  if (typeof scripted !== 'object' || Array.isArray(scripted)) throw invalid(file, 'it gave no object');
  return Object.fromEntries(Object.entries(scripted as object).map(([name, value]) => {
    const read = Object.hasOwn(parts, name) ? parts[name as keyof PageRequest](value) : undefined;
    if (read === undefined || (Array.isArray(read) && read.includes(undefined))) throw invalid(file, Object.hasOwn(parts, name) ? `"${name}" is ${JSON.stringify(value)?.slice(0, 100)}` : `a request has no "${name}"; there are ${Object.keys(parts).join(', ')}`);
    return [name, read];
  }));
}

/** An object with all its values read; `undefined` where one of them cannot be. */
function allOf(value: unknown, read: Read, nameOf = (name: string): string => name): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).map(([name, item]) => [nameOf(name), read(item)] as const);
  return entries.some(([, item]) => item === undefined || (Array.isArray(item) && item.includes(undefined))) ? undefined : Object.fromEntries(entries);
}

const invalid = (file: string, what: string): FlowError => new FlowError('DATA_INVALID', `The script ${file} must give what to change in the request, or nothing: ${what}.`, { place: { file: file.startsWith('scripts/') ? file : `scripts/${file}` }, remedy: 'Return what is to change in the request, or nothing where this was the last page.' });
