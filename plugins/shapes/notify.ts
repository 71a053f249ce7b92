import { defineShape } from '../sdk/index.ts';

export default defineShape({
  type: 'notify',
  title: 'Notify',
  summary: 'Writes a message to the log of the run and to groups of people, and passes the payload on.',
  description: 'Expressions in the message are resolved for each payload; each value is cut after 100 characters, the whole message after 1,000. Groups are those of `notifications` in patchbay.json; a group that there is not fails the payload.',
  icon: 'bell',
  group: 'control',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      message: { type: 'string', minLength: 1, title: 'Message', description: 'What is written, such as `Order {{ payload.number }} was sent`.', 'x-expression': true, 'x-longest': 100, 'x-ui': { widget: 'textarea' } },
      level: { type: 'string', enum: ['success', 'info', 'warning', 'error'], default: 'info', title: 'Level', description: 'How grave it is.' },
      groups: { type: 'array', items: { type: 'string', minLength: 1, title: 'Group', description: 'Name of a group.', 'x-ui': { ref: 'group' } }, default: [], title: 'Groups', description: 'Groups of people who are told.' },
      log: { type: 'boolean', default: true, title: 'Log', description: 'The message stands in the log of the run.' },
    },
    required: ['message'],
    additionalProperties: false,
  },
  examples: [
    { title: 'A warning', settings: { message: 'Stock is low.', level: 'warning' }, payloads: [{ sku: 'A' }], outputs: [{ port: 'out', body: { sku: 'A' } }] },
    { title: 'A group that does not exist', settings: { message: 'Order {{ payload.id }} failed.', groups: ['nobody'] }, payloads: [{ id: 1 }], outputs: [], error: 'CONFIG_UNKNOWN_GROUP' },
  ],
  open: () => async (payload, { settings: { message, level, groups, log: isLogged }, log, notify }) => {
    const text = message.length > LONGEST ? `${message.slice(0, LONGEST - 1)}…` : message;
    for (const group of new Set(groups)) await notify(group, { level, text });
    if (isLogged) {
      if (level === 'error') log.error(text);
      else if (level === 'warning') log.warn(text);
      else log.info(text, level === 'success' ? { level } : undefined);
    }
    return [{ port: 'out', payload }];
  },
});

const LONGEST = 1_000;
