import { defineShape, FlowError, type Payload } from '../sdk/index.ts';

export default defineShape({
  type: 'callback',
  title: 'Callback',
  summary: 'Answers the caller who waits for the run with the payload, and passes it on.',
  description: 'The payload that arrives is the answer, several are a list; the trigger must be set to answer by callback. The answer is sent when no further payload can arrive; they go on at once. The first callback step of a flow that answers counts. Where nobody waits the payload just goes on.',
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
  open: (_settings, { run }) => {
    // Where nobody waits nothing is kept; the run shows what the first answer would have been.
    if (!run.isAwaited) {
      return (payload, { settings, reply }) => {
        reply(payload, answerOf(settings));
        return [{ port: 'out', payload }];
      };
    }
    const answers: { readonly payload: Payload; readonly options: Answer }[] = [];
    return {
      payload(payload, { settings }) {
        answers.push({ payload, options: answerOf(settings) });
        return [{ port: 'out', payload }];
      },
      async end({ reply, create }) {
        const [first] = answers;
        if (!first) return [];
        const isOne = answers.length === 1;
        const { 'content-type': _, ...headers } = first.options.headers;
        reply(isOne ? first.payload : create(await Promise.all(answers.map(({ payload }) => bodyOf(payload)))), isOne ? first.options : { ...first.options, headers });
        return [];
      },
    };
  },
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Settings {
  readonly status: number;
  readonly contentType?: string | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

function answerOf({ status, contentType, headers }: Settings): Answer {
  const all = [...headers, ...(contentType === undefined ? [] : [{ name: 'content-type', value: contentType }])];
  for (const { name, value } of all) {
    if (typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new FlowError('DATA_INVALID', `The header ${JSON.stringify(name)} of the answer holds a character that no header can carry, such as a line break or a letter beyond Latin-1.`, { details: { header: name } });
  }
  return { status, headers: Object.fromEntries(all.map(({ name, value }) => [name.toLowerCase(), value])) };
}

const bodyOf = (payload: Payload): Promise<unknown> => (/[/+]json$/.test(payload.mediaType) ? payload.json() : payload.text());
