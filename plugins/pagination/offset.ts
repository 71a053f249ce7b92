import { definePagination } from '../sdk/index.ts';
import { countFields, countedPlace, param, size, sizeFields } from './fields.ts';
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
      param: param('offset', 'the position'),
      in: countedPlace,
      start: { type: 'integer', default: 0, title: 'First position', description: 'Position of the first record, mostly 0.' },
      ...sizeFields,
      sizeParam: { ...sizeFields.sizeParam, default: 'limit' },
      size: { ...size, default: 100 },
      by: { type: 'string', enum: ['size', 'received'], default: 'size', title: 'Move by', description: 'What is added to the position.', enumDescriptions: ['The page size.', 'The number of records received.'] },
      maxOffset: { type: 'integer', minimum: 1, title: 'Last position', description: 'No page that begins after this position is asked for, as servers with a limit refuse it.' },
      ...countFields,
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
    { title: 'In a form, not beyond position 2', settings: { in: 'form', size: 2, maxOffset: 2 }, pages: [{ records: [1, 2] }, { records: [3, 4] }], requests: [{ form: { offset: '0', limit: '2' } }, { form: { offset: '2', limit: '2' } }], stop: 'max-offset' },
    { title: 'Not more than two records', settings: { size: 2, maxRecords: 2 }, pages: [{ records: [1, 2] }], requests: [{ query: { offset: '0', limit: '2' } }], stop: 'max-records' },
  ],
  first: (settings) => requestOf(settings.start, settings),
  next: (page, settings, context) => {
    const reached = settings.by === 'received' ? page.total : (page.index + 1) * settings.size;
    const last = lastByCount(page, settings, context);
    if (last) return last;
    if (settings.maxOffset !== undefined && settings.start + reached > settings.maxOffset) return { stop: 'max-offset' };
    return { request: requestOf(settings.start + reached, settings) };
  },
  ahead: { at: (index, settings) => (settings.by === 'received' ? undefined : requestOf(settings.start + index * settings.size, settings)) },
});
