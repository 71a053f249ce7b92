import { definePagination } from '../sdk/index.ts';
import { lastByCount } from './last-page.ts';
import { requestOf } from './parameters.ts';

export default definePagination({
  type: 'offset',
  title: 'Offset',
  summary: 'Asks for the records from position 0, then from the position after the last one, and so on.',
  description: 'The position moves by the page size, or by the number of records received where `by` says so (for servers that give fewer than asked). Only the former can be fetched ahead. Where the server names a total, that decides; a short or an empty page is a guess and marked so in the run.',
  settings: {
    type: 'object',
    properties: {
      param: { type: 'string', minLength: 1, default: 'offset', title: 'Parameter', description: 'Name (in a body: path) of the position.' },
      in: { type: 'string', enum: ['query', 'header', 'body'], default: 'query', title: 'Place', description: 'Where the parameters are sent.', enumDescriptions: ['In the query of the URL.', 'In headers.', 'At paths of the JSON body.'] },
      start: { type: 'integer', default: 0, title: 'First position', description: 'Position of the first record, mostly 0.' },
      sizeParam: { type: 'string', minLength: 1, default: 'limit', title: 'Size parameter', description: 'Name (in a body: path) of the page size.' },
      size: { type: 'integer', minimum: 1, default: 100, title: 'Page size', description: 'Records to ask for per page.' },
      by: { type: 'string', enum: ['size', 'received'], default: 'size', title: 'Move by', description: 'What is added to the position.', enumDescriptions: ['The page size.', 'The number of records received.'] },
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
      title: 'An API with limit and offset',
      settings: { size: 2 },
      pages: [{ records: [1, 2] }, { records: [3] }],
      requests: [{ query: { offset: '0', limit: '2' } }, { query: { offset: '2', limit: '2' } }],
      stop: 'short-page',
    },
    {
      title: 'A server that gives fewer than asked',
      settings: { size: 10, by: 'received', totalPath: '$.count' },
      pages: [{ response: { body: { count: 3 } }, records: [1, 2] }, { response: { body: { count: 3 } }, records: [3] }],
      requests: [{ query: { offset: '0', limit: '10' } }, { query: { offset: '2', limit: '10' } }],
      stop: 'total-records',
    },
    { title: 'In the body, from 1', settings: { in: 'body', param: 'from', sizeParam: 'rows', start: 1, size: 5 }, pages: [{ records: [] }], requests: [{ body: { from: 1, rows: 5 } }], stop: 'empty-page' },
    { title: 'Not more than two records', settings: { size: 2, maxRecords: 2 }, pages: [{ records: [1, 2] }], requests: [{ query: { offset: '0', limit: '2' } }], stop: 'max-records' },
  ],
  first: (settings) => requestOf(settings.start, settings),
  next: (page, settings, context) => {
    const reached = settings.by === 'received' ? page.total : (page.index + 1) * settings.size;
    return lastByCount(page, settings, context) ?? { request: requestOf(settings.start + reached, settings) };
  },
  ahead: { at: (index, settings) => (settings.by === 'received' ? undefined : requestOf(settings.start + index * settings.size, settings)) },
});
