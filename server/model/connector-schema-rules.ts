const text = (title: string, description: string) => ({ type: 'string', minLength: 1, title, description }) as const;
const count = (title: string, description: string, minimum = 0) => ({ type: 'integer', minimum, title, description }) as const;
const answerTemplate = (title: string, description: string) => ({ ...text(title, description), 'x-expression': 'answer' }) as const;

const reading = {
  pattern: { ...text('Pattern', 'Regular expression whose first group is the number or the time, where more stands around it.'), format: 'regex' },
  as: {
    type: 'string', enum: ['seconds', 'milliseconds', 'epoch-seconds', 'epoch-milliseconds', 'date'], default: 'seconds', title: 'Unit', description: 'What the value is.',
    enumDescriptions: ['Seconds from now.', 'Milliseconds from now.', 'Seconds since 1970.', 'Milliseconds since 1970.', 'A date.'],
  },
} as const;

const requestMatch = {
  type: 'object', title: 'Requests', description: 'Which requests are meant; all that is given must hold.',
  properties: {
    methods: { type: 'array', items: { type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] }, uniqueItems: true, title: 'Methods', description: 'HTTP methods.' },
    path: text('Path', 'Path of the address, with `*` for any characters.'),
  },
} as const;

export const retry = {
  type: 'object', title: 'Retry', description: 'Further attempts of one request.',
  properties: {
    attempts: { ...count('Attempts', 'Further attempts; default 2 for idempotent methods, else 0. With a protocol: 2 for what may be made twice, and for what nobody was asked yet.'), maximum: 100 },
    statuses: { type: 'array', items: { type: 'integer', minimum: 100, maximum: 599 }, uniqueItems: true, title: 'Statuses', description: 'Statuses that are worth another attempt; default 408, 425, 429, 500, 502, 503, 504.' },
    delayMs: count('Delay', 'Milliseconds before the first of them; default 500.'),
    maxDelayMs: count('Longest delay', 'Milliseconds that a delay lasts at most; default 30,000.'),
    backoff: { type: 'string', enum: ['constant', 'linear', 'exponential'], default: 'exponential', title: 'Backoff', description: 'How the delay grows.', enumDescriptions: ['Not at all.', 'By the first delay each time.', 'Doubled each time.'] },
    jitter: { type: 'number', minimum: 0, maximum: 1, default: 0.2, title: 'Jitter', description: 'Part of the delay by which it differs at random, so that many requests do not come back at once.' },
    maxRetryAfterMs: count('Longest pause', 'Milliseconds of the longest pause that is waited for where the other system asks for one (`Retry-After`); default ten minutes.'),
    maxTotalMs: count('Longest time', 'Milliseconds of all attempts and pauses of a request together; default 30 minutes.'),
    waits: {
      type: 'array', title: 'Pauses', description: 'Where an answer says how long to wait, beside `Retry-After`. The longest that is found counts.',
      items: {
        type: 'object', title: 'Pause', description: 'Where it stands.', required: ['value'],
        properties: { value: answerTemplate('Value', 'Such as `{{ headers["x-rate-limit-reset"] }}` or `{{ response.retry_in }}`.'), ...reading },
      },
    },
  },
} as const;

export const rateLimits = {
  type: 'array', title: 'Rate limits', description: 'What the other system takes: requests in a time, requests at a time. All of them count together for every run.',
  items: {
    type: 'object', title: 'Rate limit', description: 'One limit.',
    properties: {
      requests: count('Requests', 'Number of requests, or of units of weight.', 1),
      perMs: count('Per', 'Milliseconds in which so many may be sent.', 1),
      window: { type: 'string', enum: ['moving', 'fixed'], default: 'moving', title: 'Window', description: 'Which milliseconds are counted.', enumDescriptions: ['Any, wherever they begin.', 'Those from the first request on; then they begin anew.'] },
      concurrency: count('Concurrency', 'Most requests under way at a time.', 1),
      match: requestMatch,
      weights: {
        type: 'array', title: 'Weights', description: 'What a request counts, by the first that fits; default 1.',
        items: { type: 'object', title: 'Weight', description: 'Of these requests.', required: ['match', 'weight'], properties: { match: requestMatch, weight: count('Weight', 'What each of them counts.') } },
      },
      pool: text('Pool', 'Name: everybody who names it shares the limit, whatever the instance and the connector. Limits of one pool with other numbers have windows of their own; pauses and `concurrency` hold for all of them.'),
      budget: {
        type: 'object', title: 'Budget', description: 'What answers say of it: where too little is left, all requests wait.', required: ['remaining'],
        properties: {
          remaining: answerTemplate('Remaining', 'How much is left, such as `{{ headers["x-ratelimit-remaining"] }}`.'),
          reset: { type: 'object', title: 'Reset', description: 'When there is a whole budget again.', required: ['value'], properties: { value: answerTemplate('Value', 'Such as `{{ headers["x-ratelimit-reset"] }}`.'), ...reading } },
          perSecond: answerTemplate('Per second', 'How much comes back in a second, instead of a reset: servers that count the cost of a query say so.'),
          cost: answerTemplate('Cost', 'What a request such as this one costs; default 1.'),
        },
      },
    },
  },
} as const;

export const errors = {
  type: 'array', title: 'Errors', description: 'What an answer, or the lack of one, means: the first rule that fits counts. Those of an endpoint come before those of the connector.',
  items: {
    type: 'object', title: 'Rule', description: 'What is done about which answers.', required: ['when', 'action'],
    properties: {
      title: text('Title', 'What it is about, for people.'),
      when: {
        type: 'object', title: 'When', description: 'Which answers are meant; all that is given must hold.', minProperties: 1,
        properties: {
          status: { type: 'array', minItems: 1, items: { type: ['integer', 'string'], minimum: 100, maximum: 599, pattern: '^[1-5](xx|\\d\\d(-[1-5]\\d\\d)?)$' }, title: 'Status', description: 'HTTP statuses: `429`, `"5xx"`, `"500-599"`.' },
          text: text('Text', 'Text that stands somewhere in the body.'),
          headers: { type: 'object', additionalProperties: { type: 'string' }, title: 'Headers', description: 'Names of headers, each with a text that its value holds; an empty text where any value will do.' },
          expression: answerTemplate('Expression', 'Is true: `{{ response.ok == false }}`. `status`, `headers` and `response` may stand here; `response` is the body, that of XML as `records` reads it (`{{ response.result.status == "ERR" }}`); what is not there is not true.'),
          network: { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', enum: ['unreachable', 'timeout'] }, title: 'Network', description: 'There was no answer: the other system could not be reached, or took too long.' },
        },
      },
      action: {
        type: 'string', enum: ['success', 'ignore', 'retry', 'wait', 'renew', 'stop-paging', 'reset-paging', 'fail', 'fail-run', 'retry-run'], title: 'Action', description: 'What is done.',
        enumDescriptions: [
          'The answer counts as one of success.', 'Nothing came, or was taken, and that is no failure.', 'Another attempt, after a delay, whatever the method is.', 'All requests of the instance pause, then another attempt.',
          'Another attempt with a new token.', 'There are no more pages.', 'Paging begins anew; records may come twice.', 'It fails, without a further attempt.', 'It fails, and no try-catch of the flow takes it: the run fails.', 'The run ends, and the whole of it is done again, three times at most.',
        ],
      },
      as: { type: 'string', enum: ['config', 'auth', 'remote', 'data'], title: 'Fails as', description: 'Who must act; default by the status.', enumDescriptions: ['The connector or the step is wrong.', 'The credentials are wrong.', 'The other system is at fault; the step may try again.', 'The payload is wrong.'] },
      message: answerTemplate('Message', 'What is said, such as `{{ response.error.message }}`; default the beginning of the answer.'),
      attempts: { ...count('Attempts', 'Further attempts with `retry`; default those of `retry`, or 2 where the method is not idempotent.'), maximum: 100 },
    },
  },
} as const;
