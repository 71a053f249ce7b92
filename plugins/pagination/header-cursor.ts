import { definePagination } from '../sdk/index.ts';
import { param, tokenFields, tokenPlace } from './fields.ts';
import { lastByToken } from './last-page.ts';
import { laterRequestOf, requestOf } from './parameters.ts';

export default definePagination({
  type: 'header-cursor',
  title: 'Cursor in a header',
  summary: 'Sends the token of a header of the answer with the next request, until there is none.',
  description: 'A missing or empty header ends the walk; `0` is a token like any other.',
  settings: {
    type: 'object',
    properties: {
      header: { type: 'string', minLength: 1, default: 'x-next-cursor', title: 'Header', description: 'Name of the header that holds the token.' },
      param: param('cursor', 'the token'),
      in: tokenPlace,
      ...tokenFields,
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'Into the query', settings: { sizeParam: 'limit', size: 2 }, pages: [{ response: { headers: { 'x-next-cursor': 'b' } }, records: [1, 2] }, { records: [3] }], requests: [{ query: { limit: '2' } }, { query: { limit: '2', cursor: 'b' } }], stop: 'no-token' },
    { title: 'From a header into a header', settings: { header: 'X-Next', in: 'header', param: 'X-Cursor' }, pages: [{ response: { headers: { 'x-next': '0' } } }, { response: { headers: { 'x-next': '' } } }], requests: [{}, { headers: { 'x-cursor': '0' } }], stop: 'no-token' },
    { title: 'Not more than one page', settings: { maxPages: 1 }, pages: [{ response: { headers: { 'x-next-cursor': 'b' } } }], requests: [{}], stop: 'max-pages' },
  ],
  first: (settings) => requestOf(settings.start, settings),
  next: (page, settings, context) => {
    const token = page.response.headers[settings.header.toLowerCase()];
    return lastByToken(page, token, settings, context) ?? { request: laterRequestOf(token, settings) };
  },
});
