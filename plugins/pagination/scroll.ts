import { definePagination, type PageRequest } from '../sdk/index.ts';
import { limitFields, param, sizeFields, tokenPlace, totalPath } from './fields.ts';
import { lastByToken, missing, numberAt } from './last-page.ts';
import { requestOf } from './parameters.ts';

export default definePagination({
  type: 'scroll',
  title: 'Scroll',
  summary: 'Opens a scroll at one endpoint and goes on with it at another.',
  description: 'The first request is that of the endpoint; those after it go to another path, with the id of the scroll and nothing of the first request. A page without records is the end. The server counts on: a request that it answered but whose answer was lost skips a page. So give the path of the total where there is one: a scroll that ends before it is an error. The same id may come again.',
  settings: {
    type: 'object',
    properties: {
      path: { type: 'string', minLength: 1, default: '$._scroll_id', title: 'Path', description: 'Path of the id in the body.', 'x-path': 'response' },
      nextPath: { type: 'string', minLength: 1, default: '/_search/scroll', title: 'Path of further pages', description: 'Below the base URL of the connector.' },
      nextMethod: { type: 'string', enum: ['GET', 'POST'], default: 'POST', title: 'Method of further pages', description: 'HTTP method of the requests after the first.' },
      param: param('scroll_id', 'the id'),
      in: { ...tokenPlace, default: 'body' },
      with: { type: 'object', additionalProperties: true, title: 'With it', description: 'Further fields of the body of those requests, such as how long the scroll is kept.' },
      ...sizeFields,
      totalPath,
      ...limitFields,
    },
    additionalProperties: false,
  },
  examples: [
    {
      title: 'A search engine',
      settings: { sizeParam: 'size', sizeIn: 'query', size: 2, with: { scroll: '1m' }, totalPath: '$.hits.total.value' },
      pages: [{ response: { body: { _scroll_id: 'a', hits: { total: { value: 3 } } } }, records: [1, 2] }, { response: { body: { _scroll_id: 'a', hits: { total: { value: 3 } } } }, records: [3] }],
      requests: [{ query: { size: '2' } }, { method: 'POST', path: '/_search/scroll', without: ['*'], wholeBody: { scroll: '1m' }, body: { scroll_id: 'a' } }],
      stop: 'total-records',
    },
    { title: 'Until a page is empty, with GET', settings: { path: '$.id', nextPath: 'more', nextMethod: 'GET', in: 'query', param: 'id' }, pages: [{ response: { body: { id: 'a' } }, records: [1] }, { response: { body: { id: 'a' } }, records: [] }], requests: [{}, { method: 'GET', path: 'more', without: ['*'], query: { id: 'a' } }], stop: 'empty-page' },
    { title: 'Until there is no id', settings: {}, pages: [{ response: { body: {} }, records: [1] }], requests: [{}], stop: 'no-token' },
  ],
  first: (settings) => requestOf(undefined, settings),
  next: (page, settings, context) => {
    const total = numberAt(page, settings.totalPath, context);
    if (total !== undefined && page.total >= total) return { stop: 'total-records' };
    if (page.records.length === 0) {
      if (total !== undefined) throw missing(page, total);
      return { stop: 'empty-page' };
    }
    const token = context.read(page.response.body, settings.path);
    const { in: place, param: name, nextPath: path, nextMethod: method } = settings;
    const next: PageRequest = { method, path, without: ['*'], ...(method === 'POST' && { wholeBody: settings.with ?? {} }), ...requestOf(token, { in: place, param: name }) };
    return lastByToken(page, token, { ...settings, stopOnEmptyPage: false }, context) ?? { request: next };
  },
  // The same id, and so the same request, may stand for the next page each time.
  repeatsRequests: true,
});
