import { definePagination, type PageRequest } from '../sdk/index.ts';

export default definePagination({
  type: 'json-link',
  title: 'Link in the body',
  summary: 'Follows the address of the next page that stands in the answer.',
  description: 'The address may be absolute, relative, or only a query (`?page=2`), which is joined to the address asked for. A missing address, null and empty text end the walk. An address on another origin is refused by the engine unless the connector allows it.',
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', minLength: 1, default: '$.next', title: 'Path', description: 'Path of the address in the body.', 'x-path': 'response' },
      sizeParam: { type: 'string', minLength: 1, title: 'Size parameter', description: 'Query parameter of the page size, sent with the first request.' },
      size: { type: 'integer', minimum: 1, title: 'Page size', description: 'Records to ask for per page.' },
      maxPages: { type: 'integer', minimum: 1, title: 'Most pages', description: 'Stops after this many pages.' },
      maxRecords: { type: 'integer', minimum: 1, title: 'Most records', description: 'Stops once this many records have come.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'An absolute address', settings: { path: '$.links.next' }, pages: [{ response: { body: { links: { next: 'https://api.test/orders?page=2' } } } }, { response: { body: { links: { next: null } } } }], requests: [{}, { url: 'https://api.test/orders?page=2' }], stop: 'no-link' },
    { title: 'A relative address', settings: {}, pages: [{ url: 'https://api.test/v1/orders', response: { body: { next: '/v1/orders/2' } } }, { response: { body: {} } }], requests: [{}, { url: 'https://api.test/v1/orders/2' }], stop: 'no-link' },
    { title: 'Only a query', settings: { sizeParam: 'limit', size: 50 }, pages: [{ url: 'https://api.test/orders?limit=50', response: { body: { next: '?limit=50&page=2' } } }, { response: { body: { next: '' } } }], requests: [{ query: { limit: '50' } }, { url: 'https://api.test/orders?limit=50&page=2' }], stop: 'no-link' },
    { title: 'Not more than one page', settings: { maxPages: 1 }, pages: [{ response: { body: { next: '?page=2' } } }], requests: [{}], stop: 'max-pages' },
  ],
  first: ({ sizeParam, size }): PageRequest => (sizeParam !== undefined && size !== undefined ? { query: { [sizeParam]: String(size) } } : {}),
  next: (page, settings, context) => {
    const link = context.read(page.response.body, settings.path);
    if (settings.maxRecords !== undefined && page.total >= settings.maxRecords) return { stop: 'max-records' };
    if (typeof link !== 'string' || link.trim() === '') return { stop: 'no-link' };
    if (settings.maxPages !== undefined && page.index + 1 >= settings.maxPages) return { stop: 'max-pages' };
    return { request: { url: joined(link.trim(), page.url) } };
  },
});

/** An address that cannot be read is handed on as it stands: the engine's error names it. */
function joined(link: string, base: string): string {
  return URL.canParse(link, base) ? new URL(link, base).href : link;
}
