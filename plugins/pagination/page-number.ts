import { definePagination, type PageRequest } from '../sdk/index.ts';
import { countFields, countedPlace, param, sizeFields } from './fields.ts';
import { lastByCount } from './last-page.ts';
import { requestOf, type Parameters } from './parameters.ts';

export default definePagination({
  type: 'page-number',
  title: 'Page number',
  summary: 'Asks for page 1, 2, 3 … until the server says that it was the last, or a page is short or empty.',
  description: 'Where the server names a total, that decides; a short or an empty page is a guess and marked so in the run. Pages may be fetched ahead.',
  settings: {
    type: 'object',
    properties: {
      param: param('page', 'the page number'),
      in: countedPlace,
      start: { type: 'integer', default: 1, title: 'First number', description: 'Number of the first page, mostly 1 or 0.' },
      step: { type: 'integer', minimum: 1, default: 1, title: 'Step', description: 'What is added for the next page.' },
      ...sizeFields,
      skipFirst: { type: 'boolean', default: false, title: 'Leave out at first', description: 'Send no page number with the first request.' },
      maxPage: { type: 'integer', title: 'Last number', description: 'No page with a higher number is asked for.' },
      ...countFields,
    },
    additionalProperties: false,
  },
  examples: [
    {
      title: 'A shop that gives two orders per page',
      settings: { param: 'page', sizeParam: 'per_page', size: 2 },
      pages: [{ records: [1, 2] }, { records: [3] }],
      requests: [{ query: { page: '1', per_page: '2' } }, { query: { page: '2', per_page: '2' } }],
      stop: 'short-page',
    },
    {
      title: 'Total pages, counted from 0',
      settings: { start: 0, totalPagesPath: '$.pages' },
      pages: [{ response: { body: { pages: 2 } }, records: [1] }, { response: { body: { pages: 2 } }, records: [2] }],
      requests: [{ query: { page: '0' } }, { query: { page: '1' } }],
      stop: 'total-pages',
    },
    {
      title: 'The server names a total, so a short page is not the last',
      settings: { size: 2, totalPath: 'total' },
      pages: [{ response: { body: { total: '3' } }, records: [1] }, { response: { body: { total: '3' } }, records: [2, 3] }],
      requests: [{ query: { page: '1' } }, { query: { page: '2' } }],
      stop: 'total-records',
    },
    { title: 'In the body', settings: { in: 'body', param: '$.paging.page' }, pages: [{ records: [] }], requests: [{ body: { '$.paging.page': 1 } }], stop: 'empty-page' },
    { title: 'A flag', settings: { skipFirst: true, hasMorePath: 'more' }, pages: [{ response: { body: { more: true } }, records: [1] }, { response: { body: { more: false } }, records: [2] }], requests: [{}, { query: { page: '2' } }], stop: 'has-more-false' },
    { title: 'No page above the second', settings: { maxPage: 2 }, pages: [{ records: [1] }, { records: [2] }], requests: [{ query: { page: '1' } }, { query: { page: '2' } }], stop: 'max-page' },
    { title: 'A flag at the end, the page in a header and its size in a cookie', settings: { in: 'header', param: 'X-Page', sizeParam: 'size', sizeIn: 'cookie', size: 2, donePath: '$.done' }, pages: [{ response: { body: { done: true } }, records: [1, 2] }], requests: [{ headers: { 'x-page': '1' }, cookies: { size: '2' } }], stop: 'done' },
    { title: 'Not more than one page', settings: { maxPages: 1 }, pages: [{ records: [1] }], requests: [{ query: { page: '1' } }], stop: 'max-pages' },
  ],
  first: (settings) => at(0, settings),
  next: (page, settings, context) => {
    const last = lastByCount(page, settings, context);
    if (last) return last;
    const isOver = settings.maxPage !== undefined && settings.start + (page.index + 1) * settings.step > settings.maxPage;
    return isOver ? { stop: 'max-page' } : { request: at(page.index + 1, settings) };
  },
  ahead: { at: (index, settings) => at(index, settings) },
});

/** The first page may be asked for without its number. */
function at(index: number, settings: Parameters & { readonly start: number; readonly step: number; readonly skipFirst: boolean }): PageRequest {
  return requestOf(index === 0 && settings.skipFirst ? undefined : settings.start + index * settings.step, settings);
}
