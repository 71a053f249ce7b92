import { definePagination } from '../sdk/index.ts';
import { limitFields, size } from './fields.ts';
import { lastByToken } from './last-page.ts';
import { requestOf, type Parameters } from './parameters.ts';

const identifier = '^[A-Za-z_][A-Za-z0-9_]*$';

export default definePagination({
  type: 'graphql-cursor',
  title: 'GraphQL connection',
  summary: 'Goes through a GraphQL connection by its `pageInfo`, with the cursor in the variables of the query.',
  description: 'The query must ask for `pageInfo { endCursor hasNextPage }` (backward: `startCursor hasPreviousPage`) and take the cursor and the page size as variables. The first request has no cursor.',
  settings: {
    type: 'object',
    properties: {
      connection: { type: 'string', minLength: 1, title: 'Connection', description: 'Path of the connection in the response: what holds `pageInfo`.', 'x-path': 'response' },
      direction: { type: 'string', enum: ['forward', 'backward'], default: 'forward', title: 'Direction', description: 'Which way it goes.', enumDescriptions: ['From the first record on.', 'From the last record back.'] },
      variable: { type: 'string', pattern: identifier, default: 'after', title: 'Variable', description: 'Variable of the query that takes the cursor.' },
      sizeVariable: { type: 'string', pattern: identifier, default: 'first', title: 'Size variable', description: 'Variable of the query that takes the page size.' },
      size,
      ...limitFields,
    },
    required: ['connection'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'Orders of a shop',
      settings: { connection: '$.data.orders', size: 2 },
      pages: [{ response: { body: { data: { orders: { pageInfo: { endCursor: 'x', hasNextPage: true } } } } }, records: [1, 2] }, { response: { body: { data: { orders: { pageInfo: { endCursor: 'y', hasNextPage: false } } } } }, records: [3] }],
      requests: [{ body: { '$.variables.first': 2 } }, { body: { '$.variables.after': 'x', '$.variables.first': 2 } }],
      stop: 'has-more-false',
    },
    { title: 'Backward', settings: { connection: 'data.log', direction: 'backward', variable: 'before', sizeVariable: 'last', size: 5 }, pages: [{ response: { body: { data: { log: { pageInfo: { startCursor: 'k', hasPreviousPage: true } } } } } }, { response: { body: { data: { log: { pageInfo: { startCursor: null, hasPreviousPage: true } } } } } }], requests: [{ body: { '$.variables.last': 5 } }, { body: { '$.variables.before': 'k', '$.variables.last': 5 } }], stop: 'no-token' },
    { title: 'Not more than one page', settings: { connection: '$.data.a', maxPages: 1 }, pages: [{ response: { body: { data: { a: { pageInfo: { endCursor: 'x', hasNextPage: true } } } } } }], requests: [{}], stop: 'max-pages' },
  ],
  first: (settings) => requestOf(undefined, variablesOf(settings)),
  next: (page, settings, context) => {
    const [cursor, flag] = settings.direction === 'forward' ? ['endCursor', 'hasNextPage'] : ['startCursor', 'hasPreviousPage'];
    const token = context.read(page.response.body, `${settings.connection}.pageInfo.${cursor}`);
    return lastByToken(page, token, { ...settings, stopOnEmptyPage: false, hasMorePath: `${settings.connection}.pageInfo.${flag}` }, context) ?? { request: requestOf(token, variablesOf(settings)) };
  },
});

const variablesOf = ({ variable, sizeVariable, size: most }: { readonly variable: string; readonly sizeVariable: string; readonly size?: number }): Parameters =>
  ({ in: 'body', param: `$.variables.${variable}`, sizeParam: `$.variables.${sizeVariable}`, ...(most !== undefined && { size: most }) });
