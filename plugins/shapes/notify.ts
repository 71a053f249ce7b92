import { defineShape } from '../sdk/index.ts';

export default defineShape({
  type: 'notify',
  title: 'Notify',
  summary: 'Writes a message to the log of the run, and passes the payload on.',
  description: 'Expressions in the message are resolved for each payload. Messages are cut after 1,000 characters.',
  icon: 'bell',
  group: 'control',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      message: { type: 'string', minLength: 1, title: 'Message', description: 'What is written, such as `Order {{ payload.number }} was sent`.', 'x-expression': true, 'x-ui': { widget: 'textarea' } },
      level: { type: 'string', enum: ['success', 'info', 'warning', 'error'], default: 'info', title: 'Level', description: 'How grave it is.' },
    },
    required: ['message'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A warning', settings: { message: 'Stock is low.', level: 'warning' }, payloads: [{ sku: 'A' }], outputs: [{ port: 'out', body: { sku: 'A' } }] },
  ],
  open: () => (payload, { settings: { message, level }, log }) => {
    const text = message.length > 1_000 ? `${message.slice(0, 999)}…` : message;
    if (level === 'error') log.error(text);
    else if (level === 'warning') log.warn(text);
    else log.info(text, level === 'success' ? { level } : undefined);
    return [{ port: 'out', payload }];
  },
});
