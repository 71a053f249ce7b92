import { definePagination } from '../sdk/index.ts';
import { linkFields } from './fields.ts';
import { nextByLink } from './last-page.ts';
import { findLink } from './link-header.ts';
import { requestOf } from './parameters.ts';

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
      ...linkFields,
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
  first: (settings) => requestOf(undefined, { ...settings, in: 'query', param: '' }),
  next: (page, settings, context) => nextByLink(page, findLink(page.response.headers[settings.header.toLowerCase()] ?? '', settings.rel), settings, context),
});
