import { definePagination, type PageRequest, scalarText } from '../sdk/index.ts';
import { countedPlace, dropParams, linkFields } from './fields.ts';
import { lastByToken } from './last-page.ts';
import { findLink } from './link-header.ts';
import { placed, requestOf } from './parameters.ts';

export default definePagination({
  type: 'link-as-query',
  title: 'Parameters of a link',
  summary: 'Takes the parameters out of the address of the next page, and sends them to the endpoint itself.',
  description: 'For servers whose address of the next page cannot be asked as it is: it has another host, lacks a path, or belongs to a GET while the endpoint is a POST. Where there is an object instead of an address, its fields are the parameters. A parameter takes the place of one of the same name; others of the endpoint stay, unless `dropParams` names them.',
  settings: {
    type: 'object',
    properties: {
      from: { type: 'string', enum: ['body', 'header'], default: 'body', title: 'Address from', description: 'Where the answer holds the address.', enumDescriptions: ['At a path of the body.', 'In a header: the address alone, or a link of the relation `next`.'] },
      path: { type: 'string', minLength: 1, default: '$.next', title: 'Path', description: 'Path of the address in the body.', 'x-path': 'response', 'x-ui': { visibleWhen: { field: 'from', equals: 'body' } } },
      header: { type: 'string', minLength: 1, default: 'link', title: 'Header', description: 'Name of the header that holds the address.', 'x-ui': { visibleWhen: { field: 'from', equals: 'header' } } },
      only: { type: 'array', items: { type: 'string', minLength: 1 }, title: 'Only', description: 'Names of the parameters to take; default all.' },
      in: countedPlace,
      dropParams,
      ...linkFields,
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'All parameters', settings: { sizeParam: 'limit', size: 2 }, pages: [{ response: { body: { next: 'http://inside.local/v1?page=2&tag=a&tag=b%20c' } } }, { response: { body: { next: null } } }], requests: [{ query: { limit: '2' } }, { query: { page: '2', tag: ['a', 'b c'] } }], stop: 'no-link' },
    { title: 'One of them, into the body', settings: { only: ['after'], in: 'body' }, pages: [{ response: { body: { next: '?after=x&limit=5' } } }, { response: { body: {} } }], requests: [{}, { body: { after: 'x' } }], stop: 'no-link' },
    { title: 'A link header, and filters that it stands for', settings: { from: 'header', dropParams: ['*'] }, pages: [{ response: { headers: { link: '</a?p=1>; rel=prev, </a?p=3>; rel=next' } } }, {}], requests: [{}, { query: { p: '3' }, without: ['*'] }], stop: 'no-link' },
    { title: 'An object of parameters', settings: { path: '$.links.next.params' }, pages: [{ response: { body: { links: { next: { params: { offset: 20, after: 1e-7 } } } } } }, { response: { body: {} } }], requests: [{}, { query: { offset: '20', after: '0.0000001' } }], stop: 'no-link' },
    { title: 'An address without any of the parameters', settings: { only: ['page'] }, pages: [{ response: { body: { next: '/a?x=1' } } }], requests: [{}], stop: 'no-link' },
  ],
  first: (settings) => requestOf(undefined, { ...settings, in: 'query', param: '' }),
  next: (page, settings, context) => {
    const inHeader = page.response.headers[settings.header.toLowerCase()] ?? '';
    const link = settings.from === 'body' ? context.read(page.response.body, settings.path) : inHeader.includes('<') ? findLink(inHeader, 'next') : inHeader;
    const { only } = settings;
    const parameters = Object.entries(parametersOf(link, page.url)).filter(([name]) => !only || only.includes(name));
    const last = lastByToken(page, parameters.length > 0 ? link : undefined, { ...settings, stopOnEmptyPage: false }, context);
    if (last) return last.stop === 'no-token' ? { stop: 'no-link' } : last;
    const values = Object.fromEntries(parameters);
    const own: PageRequest = settings.in === 'query' ? { query: values } : placed(Object.fromEntries(parameters.map(([name, value]) => [name, typeof value === 'string' ? value : value.at(-1)])), settings.in);
    return { request: { ...own, ...(settings.dropParams && { without: settings.dropParams }) } };
  },
});

/** By name; a list where the address has a parameter several times. */
function parametersOf(link: unknown, base: string): Readonly<Record<string, string | readonly string[]>> {
  if (typeof link === 'object' && link !== null) return Object.fromEntries(Object.entries(link).map(([name, value]) => [name, scalarText(value)]));
  if (typeof link !== 'string' || !URL.canParse(link.trim(), base)) return {};
  const { searchParams } = new URL(link.trim(), base);
  return Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)] as const).map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
}
