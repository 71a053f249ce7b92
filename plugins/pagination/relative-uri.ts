import { definePagination, FlowError, scalarText } from '../sdk/index.ts';
import { countFields, size } from './fields.ts';
import { lastByCount } from './last-page.ts';

export default definePagination({
  type: 'relative-uri',
  title: 'Address made of values',
  summary: 'Builds the address of the next page from values of the page before.',
  description: 'In the address, `{value}` stands for what the expression gives, `{number}` for the number of the page, `{offset}` for the records received so far and `{size}` for the page size; each is written so that it is one part of a path or of a query. The first request is that of the endpoint. Where the address has `{value}`, a value that is missing, null or empty ends the walk; otherwise a total, a flag, a short or an empty page does.',
  settings: {
    type: 'object',
    properties: {
      uri: { type: 'string', minLength: 1, title: 'Address', description: 'Below the base URL of the connector, with its query: `/orders/after/{value}?limit={size}`.' },
      value: { type: 'string', minLength: 1, title: 'Value', description: 'Expression that gives `{value}`: over `response`, `headers`, `record` (the last one) and `page`.', 'x-expression': 'page' },
      start: { type: 'integer', default: 1, title: 'First number', description: 'Number of the first page, mostly 1 or 0.' },
      size,
      ...countFields,
    },
    required: ['uri'],
    additionalProperties: false,
  },
  examples: [
    { title: 'After the last record', settings: { uri: '/orders/after/{value}?limit={size}', value: '{{ record.key }}', size: 1 }, pages: [{ records: [{ key: 'a/b' }] }, { records: [] }], requests: [{}, { path: '/orders/after/a%2Fb?limit=1', without: ['*'] }], stop: 'empty-page' },
    { title: 'A part of the path that counts', settings: { uri: 'orders/page/{number}', totalPagesPath: '$.pages' }, pages: [{ response: { body: { pages: 2 } }, records: [1] }, { response: { body: { pages: 2 } }, records: [2] }], requests: [{}, { path: 'orders/page/2', without: ['*'] }], stop: 'total-pages' },
    { title: 'A value that is not there any more', settings: { uri: 'orders?from={value}', value: '{{ response.token }}', stopOnEmptyPage: false }, pages: [{ response: { body: { token: 0 } } }, { response: { body: { token: null } } }], requests: [{}, { path: 'orders?from=0', without: ['*'] }], stop: 'no-token' },
    { title: 'A number of many digits', settings: { uri: 'orders?after={value}', value: '{{ record.key }}' }, pages: [{ records: [{ key: 1e21 }] }, { records: [] }], requests: [{}, { path: 'orders?after=1000000000000000000000', without: ['*'] }], stop: 'empty-page' },
  ],
  first: () => ({}),
  next: (page, settings, context) => {
    const last = lastByCount(page, settings, context);
    if (last) return last;
    const value = settings.value === undefined ? undefined : context.evaluate(settings.value, page);
    if (settings.uri.includes('{value}') && (value === undefined || value === null || value === '')) return { stop: 'no-token' };
    const values: Readonly<Record<string, unknown>> = { value, number: settings.start + page.index + 1, offset: page.total, size: settings.size };
    // The address says all: what the endpoint has in its query is for the first page.
    return { request: { path: settings.uri.replaceAll(/\{(\w+)\}/g, (part, name: string) => encodeURIComponent(textOf(values[name], part))), without: ['*'] } };
  },
});

function textOf(value: unknown, part: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return scalarText(value).toWellFormed();
  throw new FlowError('CONFIG_INVALID', `The address of the pagination has ${part}, for which there is no text and no number. There are {value}, {number}, {offset} and {size}.`);
}
