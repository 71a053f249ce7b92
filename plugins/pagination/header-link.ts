import { definePagination, type PageRequest } from '../sdk/index.ts';

export default definePagination({
  type: 'header-link',
  title: 'Link header',
  summary: 'Follows the `Link` header (RFC 8288) to the next page.',
  description: 'Several links, several relations in one link, and quoted parameters are read. No link of the relation ends the walk. An address on another origin is refused by the engine unless the connector allows it.',
  settings: {
    type: 'object',
    properties: {
      rel: { type: 'string', minLength: 1, default: 'next', title: 'Relation', description: 'Relation of the link to follow.' },
      header: { type: 'string', minLength: 1, default: 'link', title: 'Header', description: 'Name of the header.' },
      sizeParam: { type: 'string', minLength: 1, title: 'Size parameter', description: 'Query parameter of the page size, sent with the first request.' },
      size: { type: 'integer', minimum: 1, title: 'Page size', description: 'Records to ask for per page.' },
      maxPages: { type: 'integer', minimum: 1, title: 'Most pages', description: 'Stops after this many pages.' },
      maxRecords: { type: 'integer', minimum: 1, title: 'Most records', description: 'Stops once this many records have come.' },
    },
    additionalProperties: false,
  },
  examples: [
    {
      title: 'A shop with previous and next',
      settings: { sizeParam: 'limit', size: 2 },
      pages: [{ url: 'https://shop.test/orders?limit=2', response: { headers: { link: '<https://shop.test/orders?page=0>; rel="previous", <https://shop.test/orders?page=2>; rel="next"' } } }, { response: { headers: { link: '<https://shop.test/orders?page=1>; rel="previous"' } } }],
      requests: [{ query: { limit: '2' } }, { url: 'https://shop.test/orders?page=2' }],
      stop: 'no-link',
    },
    { title: 'A relative link, several relations, commas and semicolons in quotes', settings: {}, pages: [{ url: 'https://api.test/a/b', response: { headers: { link: '</a/x,y;z>; title="last, \\"but\\"; rel=next"; rel=last, <c?p=2>; Rel="start NEXT"' } } }, {}], requests: [{}, { url: 'https://api.test/a/c?p=2' }], stop: 'no-link' },
    { title: 'An empty header', settings: {}, pages: [{ response: { headers: { link: '' } } }], requests: [{}], stop: 'no-link' },
    { title: 'Not more than one page', settings: { maxPages: 1 }, pages: [{ response: { headers: { link: '<?p=2>; rel=next' } } }], requests: [{}], stop: 'max-pages' },
  ],
  first: ({ sizeParam, size }): PageRequest => (sizeParam !== undefined && size !== undefined ? { query: { [sizeParam]: String(size) } } : {}),
  next: (page, settings) => {
    const link = findLink(page.response.headers[settings.header.toLowerCase()] ?? '', settings.rel);
    if (settings.maxRecords !== undefined && page.total >= settings.maxRecords) return { stop: 'max-records' };
    if (link === undefined) return { stop: 'no-link' };
    if (settings.maxPages !== undefined && page.index + 1 >= settings.maxPages) return { stop: 'max-pages' };
    return { request: { url: URL.canParse(link, page.url) ? new URL(link, page.url).href : link } };
  },
});

/** The target of the first link with the relation; relations are compared without case, as the RFC says. */
function findLink(header: string, rel: string): string | undefined {
  for (const [, target = '', parameters = ''] of header.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^",;\s]*))?)*)/g)) {
    const relations = parameterOf(parameters, 'rel').toLowerCase().split(/\s+/);
    if (relations.includes(rel.toLowerCase())) return target.trim();
  }
  return undefined;
}

function parameterOf(parameters: string, wanted: string): string {
  for (const [, name = '', quoted, plain = ''] of parameters.matchAll(/;\s*([^\s=;,]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;\s]*)))?/g)) {
    if (name.toLowerCase() === wanted) return quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1');
  }
  return '';
}
