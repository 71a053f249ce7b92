import { defineShape, FlowError } from '../sdk/index.ts';

export default defineShape({
  type: 'dead-letter',
  title: 'Dead letter',
  summary: 'Keeps a payload with its reason where an operator finds it and sends it again.',
  description: 'The end of a path, as a rule of the catch side of a try-catch: then the reason is the error that was caught, unless one is set. The payload is among the failed ones of the run, with the error `DEAD_LETTER`; it counts as caught.',
  icon: 'inbox',
  group: 'control',
  ports: [],
  keeps: true,
  settings: {
    type: 'object',
    properties: {
      reason: { type: 'string', minLength: 1, title: 'Reason', description: 'Why the payload is kept; default the error that a try-catch caught.', 'x-expression': true, 'x-ui': { widget: 'textarea' } },
      action: {
        type: 'string', enum: ['partial-success', 'fail', 'success'], default: 'partial-success', title: 'Run ends as', description: 'What a kept payload makes of the run.',
        enumDescriptions: ['The run ends as a partial success.', 'The run ends as failed.', 'The run ends as if nothing had happened.'],
      },
    },
    additionalProperties: false,
  },
  examples: [{ title: 'An order that nobody can ship', settings: { reason: 'No carrier goes to {{ payload.country }}.' }, payloads: [{ country: 'AQ' }], outputs: [], error: 'DEAD_LETTER' }],
  open: () => (payload, { settings, fail }) => {
    const { error_message: caught, error_code: code, error_step: step } = payload.meta;
    const reason = settings.reason ?? caught ?? 'The payload was put aside by the flow.';
    fail(payload, new FlowError('DEAD_LETTER', reason.length > LONGEST ? `${reason.slice(0, LONGEST - 1)}…` : reason, { details: { ...(code !== undefined && { code }), ...(step !== undefined && { step }) } }));
    return [];
  },
});

const LONGEST = 1_000;
