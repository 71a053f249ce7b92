import { definePagination } from '../sdk/index.ts';
import { linkFields } from './fields.ts';
import { nextByLink } from './last-page.ts';
import { requestOf } from './parameters.ts';

export default definePagination({
  type: 'json-link',
  title: 'Link in the body',
  summary: 'Follows the address of the next page that stands in the answer.',
  description: 'The address may be absolute, relative, or only a query (`?page=2`), which is joined to the address asked for. A missing address, null and empty text end the walk. An address on another origin is refused by the engine unless the connector allows it.',
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', minLength: 1, default: '$.next', title: 'Path', description: 'Path of the address in the body.', 'x-path': 'response' },
      ...linkFields,
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'An absolute address', settings: { path: '$.links.next' }, pages: [{ response: { body: { links: { next: 'https://api.test/orders?page=2' } } } }, { response: { body: { links: { next: null } } } }], requests: [{}, { url: 'https://api.test/orders?page=2' }], stop: 'no-link' },
    { title: 'A relative address', settings: {}, pages: [{ url: 'https://api.test/v1/orders', response: { body: { next: '/v1/orders/2' } } }, { response: { body: {} } }], requests: [{}, { url: 'https://api.test/v1/orders/2' }], stop: 'no-link' },
    { title: 'Only a query', settings: { sizeParam: 'limit', size: 50 }, pages: [{ url: 'https://api.test/orders?limit=50', response: { body: { next: '?limit=50&page=2' } } }, { response: { body: { next: '' } } }], requests: [{ query: { limit: '50' } }, { url: 'https://api.test/orders?limit=50&page=2' }], stop: 'no-link' },
    { title: 'A flag counts more than an address', settings: { hasMorePath: '$.more' }, pages: [{ response: { body: { next: '?page=2', more: false } } }], requests: [{}], stop: 'has-more-false' },
    { title: 'Not more than one page', settings: { maxPages: 1 }, pages: [{ response: { body: { next: '?page=2' } } }], requests: [{}], stop: 'max-pages' },
  ],
  first: (settings) => requestOf(undefined, { ...settings, in: 'query', param: '' }),
  next: (page, settings, context) => nextByLink(page, context.read(page.response.body, settings.path), settings, context),
});
