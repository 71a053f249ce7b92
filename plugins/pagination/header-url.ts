import { definePagination } from '../sdk/index.ts';
import { linkFields } from './fields.ts';
import { nextByLink } from './last-page.ts';
import { requestOf } from './parameters.ts';

export default definePagination({
  type: 'header-url',
  title: 'Address in a header',
  summary: 'Follows the address of the next page that stands in a header of the answer.',
  description: 'For a header that holds the address alone; one that is written as RFC 8288 says (`<…>; rel="next"`) is read by `header-link`. The address may be absolute, relative, or only a query. An address on another origin is refused by the engine unless the connector allows it.',
  settings: {
    type: 'object',
    properties: {
      header: { type: 'string', minLength: 1, default: 'x-next-page', title: 'Header', description: 'Name of the header that holds the address.' },
      ...linkFields,
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'An absolute address', settings: { sizeParam: 'limit', size: 2 }, pages: [{ response: { headers: { 'x-next-page': 'https://api.test/records?page=2' } } }, {}], requests: [{ query: { limit: '2' } }, { url: 'https://api.test/records?page=2' }], stop: 'no-link' },
    { title: 'Only a query', settings: { header: 'X-Next' }, pages: [{ response: { headers: { 'x-next': '?page=2' } } }, { response: { headers: { 'x-next': '' } } }], requests: [{}, { url: 'https://api.test/records?page=2' }], stop: 'no-link' },
    { title: 'Not more than one record', settings: { maxRecords: 1 }, pages: [{ response: { headers: { 'x-next-page': '?page=2' } }, records: [1] }], requests: [{}], stop: 'max-records' },
  ],
  first: (settings) => requestOf(undefined, { ...settings, in: 'query', param: '' }),
  next: (page, settings, context) => nextByLink(page, page.response.headers[settings.header.toLowerCase()], settings, context),
});
