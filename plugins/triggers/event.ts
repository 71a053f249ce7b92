import { defineTrigger } from '../sdk/index.ts';

export default defineTrigger({
  type: 'event',
  title: 'Event',
  summary: 'Starts a run for each event of a listening endpoint, such as a message of a queue.',
  description: 'An event counts as taken, and is acknowledged to the other system, when its run is durably queued. Where the connection is lost it is made again, after a pause.',
  icon: 'broadcast',
  settings: {
    type: 'object',
    properties: {
      instance: { type: 'string', minLength: 1, title: 'Instance', description: 'The connector with its account: a file of `instances/`.', 'x-ui': { ref: 'instance' } },
      endpoint: { type: 'string', minLength: 1, title: 'Endpoint', description: 'A listening endpoint of the connector.', 'x-ui': { ref: 'endpoint' } },
      params: { type: 'object', additionalProperties: true, default: {}, title: 'Parameters', description: 'What the endpoint wants to know.' },
    },
    required: ['instance', 'endpoint'],
    additionalProperties: false,
  },
  examples: [
    { title: 'Messages of a queue', settings: { instance: 'broker', endpoint: 'messages.consume', params: { queue: 'orders' } } },
    { title: 'Readings of all sensors', settings: { instance: 'mosquitto', endpoint: 'messages.subscribe', params: { topic: 'sensors/+/temperature' } } },
    { title: 'It has no address', settings: { instance: 'broker', endpoint: 'messages.consume' }, requests: [] },
  ],
  events: ({ instance, endpoint, params }, context) => context.listen(instance, endpoint, params),
});
