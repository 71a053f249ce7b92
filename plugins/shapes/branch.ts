import { defineShape, FlowError, type Output } from '../sdk/index.ts';

export default defineShape({
  type: 'branch',
  title: 'Branch',
  summary: 'Sends all payloads down each branch, one branch after the other.',
  description: 'A branch begins when all steps of the branches before it have ended, with all payloads, as they were before the first one. Steps in which branches meet again wait for none. A branch has failed where one of its payloads failed and no try-catch in the branch took it; then the later ones do not begin, unless the setting says so.',
  icon: 'list-tree',
  group: 'logic',
  ports: { each: 'branches' },
  inTurn: true,
  settings: {
    type: 'object',
    properties: {
      branches: {
        type: 'array', minItems: 1, title: 'Branches', description: 'The branches, in order.',
        items: {
          type: 'object', title: 'Branch', description: 'A branch.',
          properties: { name: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]*$', title: 'Name', description: 'Name of the port: lower-case letters, digits and hyphens.' } },
          required: ['name'],
          additionalProperties: false,
        },
      },
      onFailure: {
        type: 'string', enum: ['stop', 'go-on'], default: 'stop', title: 'On failure', description: 'What happens to the later branches where one has failed.',
        enumDescriptions: ['They do not begin.', 'They begin all the same.'],
      },
    },
    required: ['branches'],
    additionalProperties: false,
  },
  examples: [
    { title: 'First to the ERP, then to the warehouse', settings: { branches: [{ name: 'erp' }, { name: 'warehouse' }] }, payloads: [{ id: 1 }, null], outputs: [{ port: 'erp', body: { id: 1 } }, { port: 'warehouse', body: { id: 1 } }, { port: 'erp', body: null }, { port: 'warehouse', body: null }] },
    { title: 'A name twice', settings: { branches: [{ name: 'erp' }, { name: 'erp' }] }, payloads: [], outputs: [], error: 'CONFIG_INVALID' },
  ],
  open: ({ branches }) => {
    const names = branches.map(({ name }) => name);
    const double = names.findIndex((name, index) => names.indexOf(name) !== index);
    if (double >= 0) throw new FlowError('CONFIG_INVALID', `There are two branches named "${names[double]}".`, { place: { pointer: `/branches/${double}/name` } });
    return (payload) => names.map((port): Output => ({ port, payload }));
  },
});
