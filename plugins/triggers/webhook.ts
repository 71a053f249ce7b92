import { defineTrigger, FlowError, type HttpResponse, type IncomingRequest, type Log, type RequestData, type TriggerEvent } from '../sdk/index.ts';
import { problem } from './problem.ts';
import { payloadOf, type EventPayload } from './request-payload.ts';
import { deliveryOf, deliveryStep, type DeliverySettings } from './signatures/delivery.ts';
import { inspectSignature, openSignature, signRequest, type OpenSignature } from './signatures/open-signature.ts';
import { withHeaders } from './signatures/read.ts';
import { signatureSchema } from './signatures/settings.ts';
import { waitingCallers, type WaitingCallers } from './waiting-callers.ts';

export default defineTrigger({
  type: 'webhook',
  title: 'Webhook',
  summary: 'Starts a run for each request that arrives at the address of the flow.',
  description:
    'The body becomes the payload, read by its content type (never guessed): JSON and forms as documents, XML, CSV and other texts as text where a charset is named (`text/csv; charset=utf-8`), the rest as bytes; the step that reads a text without a charset may set how it is written, else it is UTF-8. Without a body, the query parameters are the payload; beside a body they go to the metadata as `query.<name>`. A wrong signature is answered 401, a wrong method 405, a body that does not fit its content type 400; then no run starts. Where a provider names its deliveries (`X-GitHub-Delivery`, `webhook-id`, the `id` of a Stripe event …), one that it sends again is answered, but starts no second run.',
  icon: 'globe',
  takesRequests: true,
  settings: {
    type: 'object',
    properties: {
      methods: { type: 'array', items: { type: 'string', enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', '*'] }, minItems: 1, default: ['GET', 'POST'], title: 'Methods', description: 'Methods that start a run; `*` is any.' },
      answer: {
        type: 'string', enum: ['accepted', 'callback'], default: 'accepted', title: 'Answer', description: 'When and with what the caller is answered.',
        enumDescriptions: ['As soon as the run is safely queued, with the answer below.', 'With the payload that reaches a callback step.'],
      },
      status: { type: 'integer', minimum: 200, maximum: 299, default: 200, title: 'Status', description: 'Status of the answer `accepted`.' },
      body: { default: { message: 'Flow initialised.' }, title: 'Body', description: 'Body of the answer `accepted`: a JSON value, or text for another content type such as `application/xml`, `text/csv` or `text/plain`.' },
      contentType: { type: 'string', minLength: 1, default: 'application/json', title: 'Content type', description: 'Content type of the answer `accepted`.' },
      timeoutMs: { type: 'integer', minimum: 1, default: 30000, title: 'Time limit', description: 'Milliseconds, from when the run is safely queued, after which a caller who waits for a callback is answered 504; the run goes on.' },
      deliveryHeader: { type: 'string', minLength: 1, title: 'Delivery header', description: 'Header with the id of the delivery, such as `X-Request-Id`; two requests with one id start one run. Default that of the signature’s scheme.' },
      headers: { type: 'array', items: { type: 'string', pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$' }, uniqueItems: true, default: [], title: 'Headers', description: 'Headers of the request that go to the metadata as `header.<name>`, in small letters, such as `header.x-github-event`.' },
      signature: signatureSchema,
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
      settings: { signature: { scheme: 'github', secret: { $secret: 'github' } } },
      secret: "It's a Secret to Everybody",
      requests: [
        { method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'text/plain; charset=utf-8', 'x-github-delivery': 'd1', 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }, body: 'Hello, World!', answer: { status: 200 }, payload: 'Hello, World!', key: 'd1' },
        { method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'text/plain; charset=utf-8', 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18' }, body: 'Hello, World!', answer: { status: 401 } },
        { method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Hello, World!', answer: { status: 401 } },
      ],
    },
    {
      title: 'The same, described field by field',
      settings: { signature: { header: 'X-Hub-Signature-256', prefix: 'sha256=', secret: { $secret: 'github' } } },
      secret: "It's a Secret to Everybody",
      requests: [{ method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'text/plain; charset=utf-8', 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }, body: 'Hello, World!', answer: { status: 200 }, payload: 'Hello, World!' }],
    },
    {
      title: 'An id that is too long for a number stays whole, as a text',
      settings: {},
      requests: [{ method: 'POST', url: '/hooks/f/t', headers: { 'content-type': 'application/json' }, body: '{"id":9007199254740993}', answer: { status: 200 }, payload: { id: '9007199254740993' } }],
    },
    {
      title: 'A sender that cannot sign names a secret in the address',
      settings: { signature: { scheme: 'token', parameter: 'key', secret: { $secret: 'shop' } }, status: 202, body: '<ok/>', contentType: 'application/xml' },
      secret: 's3cret',
      requests: [
        { method: 'GET', url: '/hooks/f/t?id=1&key=s3cret', answer: { status: 202, body: '<ok/>' }, payload: { id: '1' } },
        { method: 'GET', url: '/hooks/f/t?id=1&key=other', answer: { status: 401 } },
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
  async inspect(settings, request, context) {
    const { signature } = settings;
    const delivery = deliveryOf(settings, request, bodyOf(withoutParameter(request, signature?.parameter)));
    if (signature) return inspectSignature(signature, request, delivery, context);
    return delivery && { steps: [deliveryStep(delivery)], ...(delivery.id !== undefined && { delivery: delivery.id }) };
  },
  async sign({ signature, deliveryHeader }, request, context) {
    const named = deliveryHeader === undefined || context.delivery === undefined ? request : withHeaders(request, { [deliveryHeader]: context.delivery });
    return signature ? signRequest(signature, named, context) : named;
  },
  redeliver(settings, request, delivery) {
    const { header, isSigned } = deliveryOf(settings, request, undefined) ?? {};
    return header === undefined || isSigned ? request : withHeaders(request, { [header]: delivery });
  },
  async *events(settings, context) {
    const signature = settings.signature && (await openSignature(settings.signature, context));
    const callers = waitingCallers(settings.timeoutMs, context.clock);
    for await (const request of context.requests()) {
      const taken = await take(request, settings, signature, context.log);
      if ('status' in taken) request.respond(taken);
      else yield eventOf(request, taken, settings, signature, callers);
    }
  },
});

interface WebhookSettings extends DeliverySettings {
  readonly methods: readonly string[];
  readonly answer: string;
  readonly status: number;
  readonly body: unknown;
  readonly contentType: string;
  readonly headers: readonly string[];
}

/** The payload of a request, or the answer with which it ends. */
async function take(request: IncomingRequest, { methods, headers, signature: settings }: WebhookSettings, signature: OpenSignature | undefined, log: Log): Promise<EventPayload | HttpResponse> {
  const refusal = refuse(request, methods) ?? (await refuseUnsigned(request, signature, log));
  if (refusal) return refusal;
  try {
    const payload = payloadOf(withoutParameter(request, settings?.parameter));
    return signature?.scheme.handshake?.answer(request, payload.body) ?? { ...payload, meta: { ...payload.meta, ...wantedHeaders(request, headers) } };
  } catch (error) {
    return problem(400, 'DATA_INVALID', (error as Error).message);
  }
}

function refuse(request: IncomingRequest, methods: readonly string[]): HttpResponse | undefined {
  if (!methods.includes('*') && !methods.includes(request.method.toUpperCase())) return problem(405, 'API_INVALID', `This webhook takes ${methods.join(', ')}.`, { allow: methods.join(', ') });
  // The query goes to the metadata, which hold some 10 KB.
  if (request.url.length > 8_000) return problem(414, 'API_INVALID', 'The address is longer than 8,000 characters: send the data in the body.');
  return undefined;
}

async function refuseUnsigned(request: IncomingRequest, signature: OpenSignature | undefined, log: Log): Promise<HttpResponse | undefined> {
  if (!signature) return undefined;
  const { handshake, emptyAnswers } = signature.scheme;
  const greeting = handshake?.unsigned && handshake.answer(request, undefined);
  if (greeting) return greeting;
  const { isValid, steps } = await signature.check(request, request.receivedAt).catch((error: unknown) => {
    // The trigger ends with this; the request must not stay without an answer.
    request.respond(problem(503, FlowError.is(error) ? error.code : 'INTERNAL', 'The trigger does not work: see the log of the runner.'));
    throw error;
  });
  if (isValid) return undefined;
  const { detail } = steps.at(-1)!;
  log.info(`A request to a webhook was refused: ${detail}`, { steps });
  return emptyAnswers ? { status: 401, headers: {}, body: undefined } : problem(401, 'SIGNATURE_INVALID', detail);
}

/** What is longer than metadata may be is no header that says what a request is about. */
function wantedHeaders({ headers }: IncomingRequest, names: readonly string[]): Record<string, string> {
  const wanted = names.map((name) => name.toLowerCase()).filter((name) => headers[name] !== undefined);
  return Object.fromEntries(wanted.map((name) => [`header.${name}`, headers[name]!.slice(0, mostOfHeader)]));
}

const mostOfHeader = 1_000;

function bodyOf(request: RequestData): unknown {
  try {
    return payloadOf(request).body;
  } catch {
    return undefined;
  }
}

/** What proves who is calling is no data. */
function withoutParameter<R extends RequestData>(request: R, name: string | undefined): R {
  if (name === undefined) return request;
  const { [name]: _proof, ...query } = request.query;
  return { ...request, query };
}

function eventOf(request: IncomingRequest, payload: EventPayload, settings: WebhookSettings, signature: OpenSignature | undefined, callers: WaitingCallers): TriggerEvent {
  let isAnswered = false;
  const respond = (response: HttpResponse): void => {
    if (isAnswered) return;
    isAnswered = true;
    callers.delete(respond);
    request.respond(response);
  };
  const key = deliveryOf(settings, request, payload.body)?.id;
  const event: TriggerEvent = {
    payload, request, ...(key && { key }),
    failed: (error) => respond(problem(FlowError.is(error, 'STORAGE_FAILED') || FlowError.is(error, 'RUN_STOPPED') ? 503 : 500, FlowError.is(error) ? error.code : 'INTERNAL', 'The flow could not be started: see the log of the runner.')),
  };
  if (settings.answer === 'accepted') {
    const body = signature?.scheme.emptyAnswers ? undefined : settings.body;
    return { ...event, accepted: () => respond({ status: settings.status, headers: { 'content-type': settings.contentType }, body }) };
  }
  // The time counts from here, so that who is told that it is over can rely on the run.
  return { ...event, accepted: () => { if (!isAnswered) callers.add(respond); }, reply: respond };
}
