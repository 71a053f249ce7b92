import { defineShape, type Output, type Payload } from '../sdk/index.ts';

export default defineShape({
  type: 'run-flow',
  title: 'Run flow',
  summary: 'Starts a run of another flow with each payload, and waits for it or not.',
  description: 'Metadata go along. A flow cannot start itself, nor one that starts it. An attempt after a failure or a crash starts no second run for the same payload. Where it waits, a run that does not end well fails the payload with `FLOW_FAILED`; where it does not, the payload goes on as soon as the run is safely queued.',
  icon: 'run-all',
  group: 'control',
  ports: ['out'],
  settings: {
    type: 'object',
    properties: {
      flow: { type: 'string', minLength: 1, title: 'Flow', description: 'Id of the flow: its path below `flows/` without the ending.', 'x-ui': { ref: 'flow' } },
      wait: {
        type: 'string', enum: ['queued', 'done', 'result'], default: 'queued', title: 'Wait for', description: 'When the payload goes on.',
        enumDescriptions: ['As soon as the run is safely queued.', 'When the run has ended well.', 'When the run has ended well; what left the other flow at its ends goes on instead.'],
      },
      payload: { title: 'Payload', description: 'Document that the run gets; default the payload.', 'x-ui': { widget: 'code' }, 'x-expression': true },
      variables: { type: 'object', additionalProperties: true, default: {}, title: 'Variables', description: 'Variables of the other flow, by name.', 'x-expression': true },
    },
    required: ['flow'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Each order by itself', settings: { flow: 'send-order', variables: { priority: 'high' } }, payloads: [{ id: 1 }], outputs: [{ port: 'out', body: { id: 1 } }] },
    { title: 'The result', settings: { flow: 'send-order', wait: 'result', payload: { order: '{{ payload.id }}' } }, payloads: [{ id: 1 }], outputs: [{ port: 'out', body: { order: 1 } }] },
    { title: 'A flow that does not exist', settings: { flow: 'none' }, payloads: [], outputs: [], error: 'CONFIG_UNKNOWN_FLOW' },
  ],
  open: async (settings, context) => {
    const call = await context.flow(settings.flow);
    return async (payload, { settings: current, signal, log }): Promise<Output[]> => {
      const given: Payload = 'payload' in current ? payload.with({ body: current.payload, mediaType: 'application/json' }) : payload;
      const run = await call.start(given, { key: `${context.run.id}/${context.step.id}/${payload.id}`, variables: current.variables, signal });
      log.info(`Started the run ${run.run} of ${settings.flow}.`, { run: run.run, flow: settings.flow });
      if (settings.wait === 'queued') return [{ port: 'out', payload }];
      const results = await run.done();
      return settings.wait === 'done' ? [{ port: 'out', payload }] : results.map((result) => ({ port: 'out', payload: result }));
    };
  },
});
