import { definePagination } from '../sdk/index.ts';
import { param, tokenFields, tokenPlace } from './fields.ts';
import { lastByToken } from './last-page.ts';
import { laterRequestOf, requestOf } from './parameters.ts';

export default definePagination({
  type: 'expression',
  title: 'Expression',
  summary: 'Computes the token of the next page from the page before.',
  description: 'The expression may use `response` (the body, that of XML as `records` reads it), `headers`, `record` (the last one of the page) and `page`: `index` (from 0), `size` (records of this page), `total` (of all pages so far), `status` and `url`; and `params`, `instance`, `env` and `now` as well. Where something in it is not there, where it is null or empty text, the walk ends; `0` and `false` are tokens like any other.',
  settings: {
    type: 'object',
    properties: {
      token: { type: 'string', minLength: 1, title: 'Token', description: 'Expression that gives the token.', 'x-expression': 'page' },
      param: param('cursor', 'the token'),
      in: tokenPlace,
      ...tokenFields,
    },
    required: ['token'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Two values in one token', settings: { token: '{{ record.updated }},{{ record.id }}', param: 'after' }, pages: [{ records: [{ updated: '2024-01-02', id: 7 }] }, { records: [] }], requests: [{}, { query: { after: '2024-01-02,7' } }], stop: 'no-token' },
    { title: 'A header, else the body', settings: { token: '{{ headers["x-next"] ?? response.next }}' }, pages: [{ response: { headers: { 'x-next': 'b' } } }, { response: { body: { next: 0 } } }, { response: { body: { next: null } } }], requests: [{}, { query: { cursor: 'b' } }, { query: { cursor: '0' } }], stop: 'no-token' },
    { title: 'The records received so far', settings: { token: '{{ page.total }}', param: 'skip', donePath: '$.last' }, pages: [{ response: { body: { last: false } }, records: [1, 2] }, { response: { body: { last: true } }, records: [3] }], requests: [{}, { query: { skip: '2' } }], stop: 'done' },
  ],
  first: (settings) => requestOf(settings.start, settings),
  next: (page, settings, context) => {
    const token = context.evaluate(settings.token, page);
    return lastByToken(page, token, settings, context) ?? { request: laterRequestOf(token, settings) };
  },
});
