import { defineShape, type Output, type Payload } from '../sdk/index.ts';

export default defineShape({
  type: 'connector',
  title: 'Connector',
  summary: 'Calls an endpoint of another system: receives its records, or sends the payload.',
  description: 'A receiving endpoint gives one payload per page; one that reads incrementally goes on where the run before ended, as far as what that run read got through the flow. A sending one makes the requests that its connector describes and passes its input on, or the answer where that is wanted. Records that the other system refuses fail alone and do not go on: what comes out by `out` has got through. Requests are repeated as the connector says, so the step itself makes no further attempts unless told to. A response script gets `{payload, response, request, variables, flow}`, where `payload` is the body of the answer, and gives back an action, such as `retry-step`, or an object with `action`, `message`, and a changed `payload` or `variables`; nothing means that it goes on. The numbers 0 to 4 of hosted platforms mean the same. Numbers of an answer that JavaScript cannot hold, such as ids of more than 16 digits, come as texts, digit by digit; the log of the run says so.',
  icon: 'plug',
  group: 'connect',
  ports: ['out'],
  retries: 0,
  settings: {
    type: 'object',
    properties: {
      instance: { type: 'string', minLength: 1, title: 'Instance', description: 'The connector with its account: a file of `instances/`.', 'x-ui': { ref: 'instance' } },
      endpoint: { type: 'string', minLength: 1, title: 'Endpoint', description: 'Endpoint of the connector.', 'x-ui': { ref: 'endpoint' } },
      params: { type: 'object', additionalProperties: true, default: {}, title: 'Parameters', description: 'What the endpoint wants to know.', 'x-expression': true },
      range: {
        type: 'object', title: 'Range', description: 'Read this instead of what is new, as to fill a gap: the cursor of the endpoint stays where it is. Where neither is given, or both are empty, what is new is read.', 'x-expression': true,
        properties: {
          from: { type: 'string', title: 'From', description: 'Where it begins, such as `{{ flow.from }}` with a variable that is given to a single run; a time, a number or a text as the endpoint has it.' },
          to: { type: 'string', title: 'To', description: 'Where it ends; default where a usual run does.' },
        },
        additionalProperties: false,
      },
      responseScript: { type: 'string', minLength: 1, title: 'Response script', description: 'File below `scripts/` that sees each answer and says what it means: `continue`, `retry-step`, `retry-run` (three times at most), `fail-run` or `reauthenticate`.', 'x-ui': { ref: 'script' } },
      saveResponse: { type: 'boolean', default: false, title: 'Save response as payload', description: 'The answer of a sending endpoint goes on instead of what was sent.' },
      mergeResponse: { type: 'string', minLength: 1, title: 'Put the response at', description: 'What was sent goes on with the answer at this path of each record, such as `$.remote`.', 'x-path': 'target' },
    },
    required: ['instance', 'endpoint'],
    additionalProperties: false,
  },
  examples: [{ title: 'An instance that does not exist', settings: { instance: 'shop', endpoint: 'orders.list' }, payloads: [], outputs: [], error: 'CONFIG_UNKNOWN_INSTANCE' }],
  open: async (settings, context) => {
    const { mergeResponse: mergeAt, responseScript } = settings;
    const call = await context.endpoint(settings.instance, settings.endpoint, responseScript === undefined ? {} : { responseScript });
    const delivery = { passesInput: call.direction === 'send' && !settings.saveResponse && mergeAt === undefined, ...(mergeAt !== undefined && { mergeAt }) };
    return (payload, current) => outputs(call(payload, current.settings.params, current, { ...delivery, ...(current.settings.range && { range: current.settings.range }) }));
  },
});

async function* outputs(payloads: AsyncIterable<Payload>): AsyncGenerator<Output> {
  for await (const payload of payloads) yield { port: 'out', payload };
}
