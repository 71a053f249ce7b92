import { definePagination, type Next, type Page, type PageContext } from '../sdk/index.ts';
import { lastByFlag } from './last-page.ts';
import { requestOf } from './parameters.ts';

export default definePagination({
  type: 'cursor',
  aliases: ['header-cursor'],
  title: 'Cursor',
  summary: 'Sends the token of an answer with the next request, until there is none.',
  description: 'The token comes from a path of the body or from a header. A missing token, null and empty text end the walk; `0` and `false` are tokens like any other. Where the server has a flag for further pages too, that decides first; one that is missing ends the walk as a guess.',
  settings: {
    type: 'object',
    properties: {
      from: { type: 'string', enum: ['body', 'header'], default: 'body', title: 'Token from', description: 'Where the answer holds the token.', enumDescriptions: ['At a path of the body.', 'In a header.'] },
      path: { type: 'string', minLength: 1, default: '$.next_cursor', title: 'Path', description: 'Path of the token in the body.', 'x-path': 'response', 'x-ui': { visibleWhen: { field: 'from', equals: 'body' } } },
      header: { type: 'string', minLength: 1, default: 'x-next-cursor', title: 'Header', description: 'Name of the header that holds the token.', 'x-ui': { visibleWhen: { field: 'from', equals: 'header' } } },
      param: { type: 'string', minLength: 1, default: 'cursor', title: 'Parameter', description: 'Name of the parameter that takes the token (in a body: its path; in the URL path: the name in `{{ page.name }}`).' },
      in: {
        type: 'string', enum: ['query', 'header', 'body', 'path'], default: 'query', title: 'Place', description: 'Where the token is sent.',
        enumDescriptions: ['In the query of the URL.', 'In a header.', 'At a path of the JSON body.', 'As `{{ page.name }}` in the path of the endpoint.'],
      },
      start: { type: 'string', title: 'First token', description: 'Token of the first request; without it, none is sent.' },
      sizeParam: { type: 'string', minLength: 1, title: 'Size parameter', description: 'Name of the page size, sent in the same place as the token (in the query where that is the path).' },
      size: { type: 'integer', minimum: 1, title: 'Page size', description: 'Records to ask for per page.' },
      hasMorePath: { type: 'string', minLength: 1, title: 'Has more', description: 'Path in the response to a flag that is false on the last page.', 'x-path': 'response' },
      stopOnEmptyPage: { type: 'boolean', default: false, title: 'Stop at an empty page', description: 'A page without records is the last one although it has a token.' },
      maxPages: { type: 'integer', minimum: 1, title: 'Most pages', description: 'Stops after this many pages.' },
      maxRecords: { type: 'integer', minimum: 1, title: 'Most records', description: 'Stops once this many records have come.' },
    },
    additionalProperties: false,
  },
  examples: [
    {
      title: 'A token in the body',
      settings: { path: '$.meta.next', sizeParam: 'limit', size: 2 },
      pages: [{ response: { body: { meta: { next: 'abc' } } }, records: [1, 2] }, { response: { body: { meta: { next: null } } }, records: [3] }],
      requests: [{ query: { limit: '2' } }, { query: { limit: '2', cursor: 'abc' } }],
      stop: 'no-token',
    },
    { title: 'Zero is a token, empty text is none', settings: {}, pages: [{ response: { body: { next_cursor: 0 } } }, { response: { body: { next_cursor: '' } } }], requests: [{}, { query: { cursor: '0' } }], stop: 'no-token' },
    { title: 'From a header into a header', settings: { from: 'header', header: 'X-Next', in: 'header', param: 'X-Cursor' }, pages: [{ response: { headers: { 'x-next': 'b' } } }, {}], requests: [{}, { headers: { 'x-cursor': 'b' } }], stop: 'no-token' },
    { title: 'Into the variables of a GraphQL query', settings: { path: '$.data.orders.pageInfo.endCursor', hasMorePath: '$.data.orders.pageInfo.hasNextPage', in: 'body', param: '$.variables.after' }, pages: [{ response: { body: { data: { orders: { pageInfo: { endCursor: 'x', hasNextPage: true } } } } } }, { response: { body: { data: { orders: { pageInfo: { endCursor: 'y', hasNextPage: false } } } } } }], requests: [{}, { body: { '$.variables.after': 'x' } }], stop: 'has-more-false' },
    { title: 'Into the path', settings: { in: 'path', start: 'first' }, pages: [{ response: { body: { next_cursor: 'b' } } }, { response: { body: {} } }], requests: [{ variables: { cursor: 'first' } }, { variables: { cursor: 'b' } }], stop: 'no-token' },
    { title: 'Not more than three records', settings: { maxRecords: 3 }, pages: [{ response: { body: { next_cursor: 'b' } }, records: [1, 2, 3] }], requests: [{}], stop: 'max-records' },
  ],
  first: (settings) => requestOf(settings.start, settings),
  next: (page, settings, context) => {
    const token = settings.from === 'header' ? page.response.headers[settings.header.toLowerCase()] : context.read(page.response.body, settings.path);
    return stopOf(page, token, settings, context) ?? { request: requestOf(token, settings) };
  },
});

function stopOf(page: Page, token: unknown, settings: { readonly hasMorePath?: string; readonly stopOnEmptyPage: boolean; readonly maxPages?: number; readonly maxRecords?: number }, context: PageContext): Next | undefined {
  if (settings.maxRecords !== undefined && page.total >= settings.maxRecords) return { stop: 'max-records' };
  const last = lastByFlag(page, settings.hasMorePath, context);
  if (last && !last.byGuess) return last;
  if (token === undefined || token === null || token === '') return { stop: 'no-token' };
  if (last) return last;
  if (settings.stopOnEmptyPage && page.records.length === 0) return { stop: 'empty-page', byGuess: true };
  if (settings.maxPages !== undefined && page.index + 1 >= settings.maxPages) return { stop: 'max-pages' };
  return undefined;
}
