import { defineShape } from '../sdk/index.ts';

export default defineShape({
  type: 'callback',
  title: 'Callback',
  summary: 'Answers the caller who waits for the run with the payload, and passes it on.',
  description: 'The first payload that arrives is the answer; the trigger must be set to answer by callback. Where nobody waits the payload just goes on.',
  icon: 'reply',
  group: 'control',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      status: { type: 'integer', minimum: 200, maximum: 599, default: 200, title: 'Status', description: 'HTTP status of the answer.' },
      contentType: { type: 'string', minLength: 1, title: 'Content type', description: 'Content type of the answer; default that of the payload.' },
      headers: {
        type: 'array', default: [], title: 'Headers', description: 'Further headers of the answer.',
        items: {
          type: 'object', title: 'Header', description: 'A header.',
          properties: {
            name: { type: 'string', pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", title: 'Name', description: 'Name of the header.' },
            value: { type: 'string', title: 'Value', description: 'Its value.', 'x-expression': true },
          },
          required: ['name', 'value'],
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
  examples: [{ title: 'An answer', settings: { status: 201, headers: [{ name: 'X-Order', value: '7' }] }, payloads: [{ number: 7 }], outputs: [{ port: 'out', body: { number: 7 } }] }],
  open: () => (payload, { settings, reply, log }) => {
    const headers: Record<string, string> = Object.fromEntries(settings.headers.map(({ name, value }) => [name.toLowerCase(), value]));
    if (settings.contentType !== undefined) headers['content-type'] = settings.contentType;
    if (!reply(payload, { status: settings.status, headers })) log.debug('Nobody waited for this answer.');
    return [{ port: 'out', payload }];
  },
});
