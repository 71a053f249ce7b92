import { defineShape } from '../sdk/index.ts';

export default defineShape({
  type: 'manual-payload',
  title: 'Manual payload',
  summary: 'Puts a document of your own in place of each payload.',
  description: 'Metadata stay. Without a media type a text goes on as JSON text; name one (`text/csv`, `application/xml`) where it is another format.',
  icon: 'edit',
  group: 'data',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      document: { title: 'Document', description: 'The payload that goes on; an expression alone keeps its type.', 'x-ui': { widget: 'code' }, 'x-expression': true },
      mediaType: { type: 'string', pattern: '^[a-z]+/[a-z0-9.+-]+$', default: 'application/json', title: 'Media type', description: 'Format of the document.' },
    },
    required: ['document'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A query for the next step', settings: { document: { since: '2024-01-01', states: ['paid'] } }, payloads: [null], outputs: [{ port: 'out', body: { since: '2024-01-01', states: ['paid'] }, meta: {} }] },
    { title: 'A part of the payload', settings: { document: { ids: '{{ payload.orders[*].id }}', note: 'for {{ payload.shop }}' } }, payloads: [{ shop: 'Zoë', orders: [{ id: 1 }, { id: 2 }] }], outputs: [{ port: 'out', body: { ids: [1, 2], note: 'for Zoë' } }] },
    { title: 'A table', settings: { document: 'sku,stock\nA,1\n', mediaType: 'text/csv' }, payloads: [{}], outputs: [{ port: 'out', body: 'sku,stock\nA,1\n' }] },
    { title: 'Null', settings: { document: null }, payloads: [{ id: 1 }], outputs: [{ port: 'out', body: null }] },
    { title: 'An expression without a value', settings: { document: '{{ payload.order }}' }, payloads: [{}], outputs: [], error: 'DATA_MISSING' },
  ],
  open: () => (payload, { settings: { document, mediaType } }) => [{ port: 'out', payload: payload.with({ body: document, mediaType }) }],
});
