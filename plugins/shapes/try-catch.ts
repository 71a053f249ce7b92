import { defineShape } from '../sdk/index.ts';

export default defineShape({
  type: 'try-catch',
  title: 'Try / catch',
  summary: 'Catches the payloads that fail on its try side, so that the others go on.',
  description: 'A payload that fails in a step behind `try`, after its last attempt, leaves by `catch` as it was when it entered that step, with `meta.error_message`, `meta.error_code` and `meta.error_step`. The innermost of several enclosing steps catches. Steps behind `catch` are not watched by it.',
  icon: 'shield',
  group: 'control',
  ports: ['try', 'catch'],
  catches: 'catch',
  settings: {
    type: 'object',
    properties: {
      action: {
        type: 'string', enum: ['partial-success', 'fail', 'success'], default: 'partial-success', title: 'Run ends as', description: 'What a caught payload makes of the run.',
        enumDescriptions: ['The run ends as a partial success.', 'The run ends as failed.', 'The run ends as if nothing had happened.'],
      },
    },
    additionalProperties: false,
  },
  examples: [{ title: 'What does not fail goes down the try side', settings: {}, payloads: [{ id: 1 }], outputs: [{ port: 'try', body: { id: 1 } }] }],
  open: () => (payload) => [{ port: 'try', payload }],
});
