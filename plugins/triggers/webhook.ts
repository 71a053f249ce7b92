import { createHmac, timingSafeEqual } from 'node:crypto';
import { defineTrigger, FlowError, type HttpResponse, type IncomingRequest, type TriggerContext, type TriggerEvent } from '../sdk/index.ts';

export default defineTrigger({
  type: 'webhook',
  title: 'Webhook',
  summary: 'Starts a run for each request that arrives at the address of the flow.',
  description:
    'The body becomes the payload, read by its content type (never guessed): JSON and forms as documents, XML, CSV and other text as text, the rest as bytes. Without a body, the query parameters are the payload; beside a body they go to the metadata as `query.<name>`. A wrong signature is answered 401, a wrong method 405, a body that does not fit its content type 400; then no run starts.',
  icon: 'globe',
  settings: {
    type: 'object',
    properties: {
      methods: { type: 'array', items: { type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] }, minItems: 1, default: ['GET', 'POST'], title: 'Methods', description: 'Methods that start a run.' },
      answer: {
        type: 'string', enum: ['accepted', 'callback'], default: 'accepted', title: 'Answer', description: 'When and with what the caller is answered.',
        enumDescriptions: ['As soon as the run is safely queued, with the answer below.', 'With the payload that reaches a callback step.'],
      },
      status: { type: 'integer', minimum: 200, maximum: 299, default: 200, title: 'Status', description: 'Status of the answer `accepted`.' },
      body: { default: { message: 'Flow initialised.' }, title: 'Body', description: 'Body of the answer `accepted`: a JSON value, or text for another content type.' },
      contentType: { type: 'string', minLength: 1, default: 'application/json', title: 'Content type', description: 'Content type of the answer `accepted`.' },
      timeoutMs: { type: 'integer', minimum: 1, default: 30000, title: 'Time limit', description: 'Milliseconds after which a caller who waits for a callback is answered 504; the run goes on.' },
      deliveryHeader: { type: 'string', minLength: 1, title: 'Delivery header', description: 'Header with the id of the delivery, such as `X-GitHub-Delivery`; two requests with one id start one run.' },
      signature: {
        type: 'object',
        title: 'Signature',
        description: 'Requests must be signed with a shared secret (HMAC).',
        properties: {
          scheme: { type: 'string', const: 'hmac', default: 'hmac', title: 'Scheme', description: 'The kind of signature.' },
          header: { type: 'string', minLength: 1, title: 'Header', description: 'Header that holds the signature; several may stand in it, separated by spaces.' },
          algorithm: { type: 'string', enum: ['sha256', 'sha1', 'sha512'], default: 'sha256', title: 'Algorithm', description: 'Hash of the HMAC.' },
          encoding: { type: 'string', enum: ['hex', 'base64'], default: 'hex', title: 'Encoding', description: 'How the signature is written.' },
          prefix: { type: 'string', default: '', title: 'Prefix', description: 'Text before the signature, such as `sha256=`.' },
          content: { type: 'string', default: '{body}', title: 'Signed content', description: 'What is signed: `{body}` is the raw body, `{timestamp}` the timestamp, `{header:name}` another header.' },
          secret: {
            type: 'object', title: 'Secret', description: 'Name of the shared secret.', writeOnly: true,
            properties: { $secret: { type: 'string', minLength: 1, title: 'Name', description: 'Name of the secret.' } }, required: ['$secret'], additionalProperties: false,
          },
          secretEncoding: { type: 'string', enum: ['text', 'base64'], default: 'text', title: 'Secret encoding', description: 'How the secret is written; a prefix `whsec_` is ignored with `base64`.' },
          timestampHeader: { type: 'string', minLength: 1, title: 'Timestamp header', description: 'Header with the time of sending, in seconds or milliseconds since 1970.' },
          toleranceMs: { type: 'integer', minimum: 1, default: 300000, title: 'Tolerance', description: 'Milliseconds that the timestamp may differ from now.' },
        },
        required: ['header', 'secret'],
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  examples: [
    {
      title: 'An order of a shop',
      settings: { deliveryHeader: 'X-Delivery' },
      requests: [{ method: 'POST', url: '/hooks/orders/shop', headers: { 'content-type': 'application/json; charset=utf-8', 'x-delivery': 'd1' }, body: '{"id":1}', answer: { status: 200, body: { message: 'Flow initialised.' } }, payload: { id: 1 }, key: 'd1' }],
    },
    {
      title: 'The body wins over the query, which serves where there is none',
      settings: { status: 202, body: 'ok', contentType: 'text/plain' },
      requests: [
        { method: 'POST', url: '/hooks/f/t?id=1', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'id=2&tag=a&tag=b', answer: { status: 202, body: 'ok' }, payload: { id: '2', tag: ['a', 'b'] } },
        { method: 'GET', url: '/hooks/f/t?id=1', answer: { status: 202 }, payload: { id: '1' } },
      ],
    },
    {
      title: 'A signature as GitHub sends it',
      settings: { signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=', secret: { $secret: 'github' } } },
      secret: "It's a Secret to Everybody",
      requests: [
        { method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'text/plain', 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }, body: 'Hello, World!', answer: { status: 200 }, payload: 'Hello, World!' },
        { method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'text/plain', 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18' }, body: 'Hello, World!', answer: { status: 401 } },
        { method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'text/plain' }, body: 'Hello, World!', answer: { status: 401 } },
      ],
    },
    {
      title: 'Wrong requests start no run',
      settings: { methods: ['POST'] },
      requests: [
        { method: 'GET', url: '/hooks/f/t', answer: { status: 405 } },
        { method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'application/json' }, body: '{"id":', answer: { status: 400 } },
        { method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'application/json' }, body: '', answer: { status: 200 }, payload: {} },
      ],
    },
  ],
  async *events(settings, context) {
    const verify = settings.signature && (await compileSignature(settings.signature, context));
    const callers = waitingCallers(settings.timeoutMs, context.clock);
    for await (const request of context.requests()) {
      const refusal = refuse(request, settings.methods) ?? verify?.(request);
      const payload = refusal ? undefined : read(request);
      if (!payload || 'status' in payload) request.respond(refusal ?? (payload as HttpResponse));
      else yield eventOf(request, payload, settings, callers);
    }
  },
});

type EventPayload = NonNullable<TriggerEvent['payload']>;

interface AnswerSettings {
  readonly answer: string;
  readonly status: number;
  readonly body: unknown;
  readonly contentType: string;
  readonly timeoutMs: number;
  readonly deliveryHeader?: string;
}

function eventOf(request: IncomingRequest, payload: EventPayload, settings: AnswerSettings, callers: WaitingCallers): TriggerEvent {
  let isAnswered = false;
  const respond = (response: HttpResponse): void => {
    if (isAnswered) return;
    isAnswered = true;
    callers.delete(respond);
    request.respond(response);
  };
  const key = settings.deliveryHeader && request.headers[settings.deliveryHeader.toLowerCase()];
  const event: TriggerEvent = { payload, ...(key && { key }), reply: respond };
  if (settings.answer === 'accepted') return { ...event, accepted: () => respond({ status: settings.status, headers: { 'content-type': settings.contentType }, body: settings.body }) };
  callers.add(respond);
  return event;
}

type Respond = (response: HttpResponse) => void;

interface WaitingCallers {
  add(respond: Respond): void;
  delete(respond: Respond): void;
}

/** Those who wait for a callback, each for the same time: one sleep, for the first of them, serves all. */
function waitingCallers(timeoutMs: number, clock: TriggerContext['clock']): WaitingCallers {
  const deadlines = new Map<Respond, number>();
  let isWatching = false;
  const watch = async (): Promise<void> => {
    isWatching = true;
    try {
      for (let now = clock.now(); deadlines.size > 0; now = clock.now()) {
        const [first, deadline] = deadlines.entries().next().value as [Respond, number];
        await clock.sleep(Math.max(0, deadline - now));
        // Where it was answered in the meantime, it does nothing.
        first(problem(504, 'STEP_TIMEOUT', 'No callback step has answered in time. The run goes on.'));
      }
    } catch {
      for (const respond of deadlines.keys()) respond(problem(503, 'RUN_STOPPED', 'Patchbay was stopped before a callback step answered.'));
    }
    isWatching = false;
  };
  return {
    add(respond) {
      deadlines.set(respond, clock.now() + timeoutMs);
      if (!isWatching) void watch();
    },
    delete: (respond) => void deadlines.delete(respond),
  };
}

function refuse(request: IncomingRequest, methods: readonly string[]): HttpResponse | undefined {
  if (!methods.includes(request.method.toUpperCase())) return problem(405, 'API_INVALID', `This webhook takes ${methods.join(', ')}.`, { allow: methods.join(', ') });
  // The query goes to the metadata, which hold some 10 KB.
  if (request.url.length > 8_000) return problem(414, 'API_INVALID', 'The address is longer than 8,000 characters: send the data in the body.');
  return undefined;
}

function read(request: IncomingRequest): EventPayload | HttpResponse {
  if (request.body.length === 0) return { body: { ...request.query }, mediaType: 'application/json', meta: {} };
  const [type = '', ...parameters] = (request.headers['content-type'] ?? 'application/octet-stream').split(';');
  const mediaType = type.trim().toLowerCase();
  const charset = parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(parameter)?.[1]).find(Boolean) ?? 'utf-8';
  const meta = Object.fromEntries(Object.entries(request.query).map(([name, value]) => [`query.${name}`, value]));
  try {
    const text = (): string => new TextDecoder(charset, { fatal: true }).decode(request.body);
    if (mediaType === 'application/json' || mediaType.endsWith('+json')) return { body: JSON.parse(text()), mediaType: 'application/json', meta };
    if (mediaType === 'application/x-www-form-urlencoded') return { body: formOf(text()), mediaType: 'application/json', meta };
    const isText = mediaType.startsWith('text/') || mediaType === 'application/xml' || mediaType.endsWith('+xml') || mediaType === 'application/x-ndjson';
    return { body: isText ? text() : request.body, mediaType, meta };
  } catch (error) {
    return problem(400, 'DATA_INVALID', `The body is not what its content type ${mediaType} says: ${(error as Error).message}.`);
  }
}

function formOf(text: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => {
    const values = parameters.getAll(name);
    return [name, values.length === 1 ? (values[0] as string) : values];
  }));
}

interface Signature {
  readonly header: string;
  readonly algorithm: string;
  readonly encoding: 'hex' | 'base64';
  readonly prefix: string;
  readonly content: string;
  readonly secret: { readonly $secret: string };
  readonly secretEncoding: string;
  readonly timestampHeader?: string;
  readonly toleranceMs: number;
}

async function compileSignature(settings: Signature, context: TriggerContext): Promise<(request: IncomingRequest) => HttpResponse | undefined> {
  if (settings.timestampHeader && !settings.content.includes('{timestamp}')) {
    throw new FlowError('CONFIG_INVALID', 'The timestamp of the signature is not part of the signed content, so anybody could change it: add {timestamp} to "content".', { place: { pointer: '/signature/content' } });
  }
  const secret = await context.secret(settings.secret.$secret);
  const key = settings.secretEncoding === 'base64' ? Buffer.from(secret.replace(/^whsec_/, ''), 'base64') : Buffer.from(secret, 'utf8');
  return (request) => {
    const timestamp = settings.timestampHeader && request.headers[settings.timestampHeader.toLowerCase()];
    if (settings.timestampHeader && !isFresh(timestamp, request.receivedAt, settings.toleranceMs)) return problem(401, 'SIGNATURE_INVALID', 'The timestamp of the request is missing or too far from now.');
    const hmac = createHmac(settings.algorithm, key);
    for (const part of contentOf(settings.content, request, timestamp)) hmac.update(part);
    const expected = hmac.digest();
    const given = (request.headers[settings.header.toLowerCase()] ?? '').split(/\s+/).filter((text) => text.startsWith(settings.prefix) && text !== settings.prefix);
    const isSigned = given.some((text) => isSame(Buffer.from(text.slice(settings.prefix.length), settings.encoding), expected));
    return isSigned ? undefined : problem(401, 'SIGNATURE_INVALID', 'The signature of the request is missing or wrong.');
  };
}

const contentOf = (template: string, request: IncomingRequest, timestamp: string | undefined): (string | Uint8Array)[] =>
  template.split(/(\{body\}|\{timestamp\}|\{header:[^}]+\})/).map((part) => {
    if (part === '{body}') return request.body;
    if (part === '{timestamp}') return timestamp ?? '';
    return part.startsWith('{header:') ? (request.headers[part.slice(8, -1).toLowerCase()] ?? '') : part;
  });

function isFresh(timestamp: string | undefined, now: number, toleranceMs: number): boolean {
  if (timestamp === undefined || !/^\d{1,16}$/.test(timestamp)) return false;
  const time = Number(timestamp);
  return Math.abs(now - (time < 1e11 ? time * 1000 : time)) <= toleranceMs;
}

const isSame = (given: Uint8Array, expected: Uint8Array): boolean => given.length === expected.length && timingSafeEqual(given, expected);

const problem = (status: number, code: string, detail: string, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status, headers: { ...headers, 'content-type': 'application/problem+json' }, body: { type: 'about:blank', title: detail, status, code, detail },
});
