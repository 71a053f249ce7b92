import { definePagination, type PageRequest } from '../sdk/index.ts';
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
      param: { type: 'string', minLength: 1, default: 'page', title: 'Parameter', description: 'Name (in a body: path) of the page number.' },
      in: { type: 'string', enum: ['query', 'header', 'body'], default: 'query', title: 'Place', description: 'Where the parameters are sent.', enumDescriptions: ['In the query of the URL.', 'In headers.', 'At paths of the JSON body.'] },
      start: { type: 'integer', default: 1, title: 'First number', description: 'Number of the first page, mostly 1 or 0.' },
      step: { type: 'integer', minimum: 1, default: 1, title: 'Step', description: 'What is added for the next page.' },
      sizeParam: { type: 'string', minLength: 1, title: 'Size parameter', description: 'Name (in a body: path) of the page size.' },
      size: { type: 'integer', minimum: 1, title: 'Page size', description: 'Records to ask for per page.' },
      skipFirst: { type: 'boolean', default: false, title: 'Leave out at first', description: 'Send no page number with the first request.' },
      totalPath: { type: 'string', minLength: 1, title: 'Total records', description: 'Path in the response to the number of all records.', 'x-path': 'response' },
      totalPagesPath: { type: 'string', minLength: 1, title: 'Total pages', description: 'Path in the response to the number of all pages.', 'x-path': 'response' },
      hasMorePath: { type: 'string', minLength: 1, title: 'Has more', description: 'Path in the response to a flag that is false on the last page.', 'x-path': 'response' },
      stopOnEmptyPage: { type: 'boolean', default: true, title: 'Stop at an empty page', description: 'A page without records is the last one.' },
      stopOnShortPage: { type: 'boolean', default: true, title: 'Stop at a short page', description: 'A page with fewer records than the page size is the last one. Turn off where the server leaves out records after paging.' },
      maxPages: { type: 'integer', minimum: 1, title: 'Most pages', description: 'Stops after this many pages.' },
      maxRecords: { type: 'integer', minimum: 1, title: 'Most records', description: 'Stops once this many records have come.' },
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
    { title: 'Not more than one page', settings: { maxPages: 1 }, pages: [{ records: [1] }], requests: [{ query: { page: '1' } }], stop: 'max-pages' },
  ],
  first: (settings) => at(0, settings),
  next: (page, settings, context) => lastByCount(page, settings, context) ?? { request: at(page.index + 1, settings) },
  ahead: { at: (index, settings) => at(index, settings) },
});

/** The first page may be asked for without its number. */
function at(index: number, settings: Parameters & { readonly start: number; readonly step: number; readonly skipFirst: boolean }): PageRequest {
  return requestOf(index === 0 && settings.skipFirst ? undefined : settings.start + index * settings.step, settings);
}
