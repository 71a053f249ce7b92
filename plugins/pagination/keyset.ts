import { definePagination, FlowError } from '../sdk/index.ts';
import { countFields, dropParams, param, sizeFields, tokenPlace } from './fields.ts';
import { lastByCount } from './last-page.ts';
import { laterRequestOf, requestOf } from './parameters.ts';

export default definePagination({
  type: 'keyset',
  title: 'Key of the last record',
  summary: 'Asks for the records after the last one received, by its key.',
  description: 'The server must sort by the key, and the key must be unique, or records that share it are lost at the end of a page. A last record without the key is an error. Where the server names a total or has a flag, that decides; a short or an empty page is a guess and marked so in the run.',
  settings: {
    type: 'object',
    properties: {
      key: { type: 'string', minLength: 1, default: '$.id', title: 'Key', description: 'Path of the key in a record.', 'x-path': 'record' },
      param: param('after', 'the key'),
      in: tokenPlace,
      start: { type: 'string', title: 'First key', description: 'Key of the first request, such as `0` or the last one of the run before; without it, none is sent.', 'x-expression': true },
      ...sizeFields,
      dropParams,
      ...countFields,
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'Orders after an id', settings: { param: 'since_id', start: '0', sizeParam: 'limit', size: 2 }, pages: [{ records: [{ id: 4 }, { id: 9 }] }, { records: [{ id: 12 }] }], requests: [{ query: { since_id: '0', limit: '2' } }, { query: { since_id: '9', limit: '2' } }], stop: 'short-page' },
    { title: 'A key within the record, into the body', settings: { key: '$.meta.sort[0]', in: 'body', param: '$.search_after[0]' }, pages: [{ records: [{ meta: { sort: [7] } }] }, { records: [] }], requests: [{}, { body: { '$.search_after[0]': 7 } }], stop: 'empty-page' },
    { title: 'The server knows whether there are more', settings: { hasMorePath: '$.has_more', param: 'starting_after', size: 5 }, pages: [{ response: { body: { has_more: true } }, records: [{ id: 'a' }] }, { response: { body: { has_more: false } }, records: [{ id: 'b' }] }], requests: [{}, { query: { starting_after: 'a' } }], stop: 'has-more-false' },
  ],
  first: (settings) => requestOf(settings.start, settings),
  next: (page, settings, context) => {
    const last = lastByCount(page, settings, context);
    if (last) return last;
    // Nothing tells where an empty page ended: the same request would only give it again.
    if (page.records.length === 0) return { stop: 'empty-page', byGuess: true };
    const key = context.read(page.records.at(-1), settings.key);
    if (key === undefined || key === null || key === '') throw new FlowError('REMOTE_FORMAT', `The last record of page ${page.index + 1} has nothing at ${JSON.stringify(settings.key)}, by which the next page is asked for. Check the key in the pagination.`, { details: { page: page.index + 1, key: settings.key } });
    return { request: laterRequestOf(key, settings) };
  },
});
