import { definePagination } from '../sdk/index.ts';
import { param, tokenFields, tokenPlace } from './fields.ts';
import { lastByToken } from './last-page.ts';
import { laterRequestOf, requestOf } from './parameters.ts';

export default definePagination({
  type: 'cursor',
  title: 'Cursor',
  summary: 'Sends the token of an answer with the next request, until there is none.',
  description: 'The token stands at a path of the body. A missing token, null and empty text end the walk; `0` and `false` are tokens like any other. Where the server has a flag for further pages too, that decides first; one that is missing ends the walk as a guess.',
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', minLength: 1, default: '$.next_cursor', title: 'Path', description: 'Path of the token in the body.', 'x-path': 'response' },
      param: param('cursor', 'the token'),
      in: tokenPlace,
      ...tokenFields,
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
    { title: 'At a path of the body', settings: { path: '$.paging.after', in: 'body', param: '$.paging.after', sizeParam: '$.paging.limit', size: 2 }, pages: [{ response: { body: { paging: { after: 7 } } } }, { response: { body: {} } }], requests: [{ body: { '$.paging.limit': 2 } }, { body: { '$.paging.after': 7, '$.paging.limit': 2 } }], stop: 'no-token' },
    { title: 'A token that stands for the filters of the first request', settings: { dropParams: ['created_after', 'status'] }, pages: [{ response: { body: { next_cursor: 'b' } } }, { response: { body: {} } }], requests: [{}, { query: { cursor: 'b' }, without: ['created_after', 'status'] }], stop: 'no-token' },
    { title: 'The token is the address', settings: { path: '$.next_page', in: 'url', sizeParam: 'n', size: 5 }, pages: [{ response: { body: { next_page: '/orders/b' } } }, { response: { body: {} } }], requests: [{ query: { n: '5' } }, { url: '/orders/b' }], stop: 'no-token' },
    { title: 'In a cookie, until a flag says that it is done', settings: { in: 'cookie', donePath: '$.done' }, pages: [{ response: { body: { next_cursor: 'b', done: false } } }, { response: { body: { next_cursor: 'c', done: 1 } } }], requests: [{}, { cookies: { cursor: 'b' } }], stop: 'done' },
    { title: 'Into the path', settings: { in: 'path', start: 'first' }, pages: [{ response: { body: { next_cursor: 'b' } } }, { response: { body: {} } }], requests: [{ variables: { cursor: 'first' } }, { variables: { cursor: 'b' } }], stop: 'no-token' },
    { title: 'Not more than three records', settings: { maxRecords: 3 }, pages: [{ response: { body: { next_cursor: 'b' } }, records: [1, 2, 3] }], requests: [{}], stop: 'max-records' },
  ],
  first: (settings) => requestOf(settings.start, settings),
  next: (page, settings, context) => {
    const token = context.read(page.response.body, settings.path);
    return lastByToken(page, token, settings, context) ?? { request: laterRequestOf(token, settings) };
  },
});
