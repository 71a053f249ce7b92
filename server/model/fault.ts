export const faultKinds = ['rate-limit', 'error', 'unauthorized', 'time-out', 'slow', 'broken-json', 'cut', 'reset', 'repeated-token', 'schema-drift'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Something that goes wrong at the mock of a connector, on request. */
export interface Fault {
  readonly kind: FaultKind;
  /** Only of this endpoint. */
  readonly endpoint?: string;
  /** Only of this page, from 1. */
  readonly page?: number;
  /** How often; default once, and always for those that another attempt does not mend: `repeated-token`, `schema-drift`. */
  readonly times?: number;
  /** `rate-limit`: seconds of `Retry-After`; default 1. */
  readonly retryAfter?: number;
  /** `slow`: milliseconds; default 3,000. */
  readonly ms?: number;
  /** `error`: the status; default 500. */
  readonly status?: number;
}

export const faultSchema = {
  type: 'object', required: ['kind'], title: 'Fault', description: 'Something that goes wrong.',
  properties: {
    kind: {
      type: 'string', enum: faultKinds, title: 'Kind', description: 'What goes wrong.',
      enumDescriptions: [
        'Too many requests: 429 with `Retry-After`.', 'An error of the server: 500, or `status`.', 'The token is not valid any more: 401.', 'No answer comes in time.', 'The answer comes after `ms`.', 'The answer is no valid JSON.',
        'The connection ends in the middle of the answer.', 'The connection is reset.', 'A page leads to itself again.', 'Records are of another version: numbers as texts, a field gone, another one new.',
      ],
    },
    endpoint: { type: 'string', minLength: 1, title: 'Endpoint', description: 'Only at this endpoint of the connector.' },
    page: { type: 'integer', minimum: 1, title: 'Page', description: 'Only at this page, from 1.' },
    times: { type: 'integer', minimum: 1, title: 'Times', description: 'How often; default once, and always for `repeated-token` and `schema-drift`.' },
    retryAfter: { type: 'number', minimum: 0, default: 1, title: 'Retry after', description: 'Of `rate-limit`: seconds of `Retry-After`.' },
    ms: { type: 'integer', minimum: 0, default: 3_000, title: 'Milliseconds', description: 'Of `slow`: how long the answer takes. In a test nobody waits.' },
    status: { type: 'integer', minimum: 100, maximum: 599, default: 500, title: 'Status', description: 'Of `error`: the status.' },
  },
  additionalProperties: false,
} as const;
