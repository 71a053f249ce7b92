import { defineTrigger } from '../sdk/index.ts';

export default defineTrigger({
  type: 'manual',
  title: 'Manual',
  summary: 'Starts only by hand, by the command line or by the API.',
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'A flow that is started by a person', settings: {}, times: [] },
    { title: 'It has no address', settings: {}, requests: [] },
    { title: 'It does not fire as time passes', settings: {}, now: '2024-03-31T00:00:00Z', times: [] },
  ],
  async *events(_settings, { signal }) {
    if (signal.aborted) return;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  },
});
