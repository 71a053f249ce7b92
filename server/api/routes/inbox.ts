import type { InboxDraft, InboxReplay, InboxRule } from '../../model/inbox.ts';
import { apiHeaders } from '../problem.ts';
import { ruleFields } from '../inbox-schemas.ts';
import { given, invalid, paging, rangeOf, readFields, signalOf, type Call, type Route } from '../route.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const texts = { type: 'object', additionalProperties: text } as const;

const draftFields = {
  method: text, query: { ...text, description: '`?a=1`' }, headers: texts, body: text, encoding: { enum: ['text', 'base64'], default: 'text' },
  delivery: { ...text, description: 'Id of the delivery; default a new one.' },
} as const;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const areTexts = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const oneOf = (...values: readonly string[]) => (value: unknown): boolean => values.includes(value as string);
const draftChecks = { method: (value: unknown) => isText(value) && /^[A-Za-z]{1,20}$/.test(value as string), query: isText, headers: areTexts, body: isText, encoding: oneOf('text', 'base64'), sign: isFlag, delivery: isName };
const hasOnly = (value: unknown, checks: Readonly<Record<string, (value: unknown) => boolean>>): boolean => isObject(value) && Object.entries(value).every(([name, one]) => Object.hasOwn(checks, name) && checks[name]!(one));

/** Requests to webhooks, as they came. */
export const inboxRoutes: readonly Route[] = [
  {
    method: 'get', path: '/inbox', summary: 'Requests to webhooks, the newest first',
    query: { 'filter[flow]': { summary: 'Only of this flow.' }, 'filter[unread]': { summary: 'Only those that nobody has looked at.', type: 'flag' }, ...paging },
    answer: { summary: 'A page of requests', schema: 'InboxPage' },
    handle: ({ runner, query }) => runner.inbox.list(given({ flow: query['filter[flow]'], unread: query['filter[unread]'], ...rangeOf(query) })),
  },
  {
    method: 'delete', path: '/inbox', summary: 'Removes all requests that are not pinned', answer: { summary: 'What was removed', schema: 'StateChange' },
    handle: async ({ runner }) => ({ added: 0, changed: 0, removed: await runner.inbox.remove() }),
  },
  { method: 'get', path: '/inbox/state', summary: 'How the inbox stands: addresses, rules, how many nobody has looked at', answer: { summary: 'The state', schema: 'InboxState' }, handle: ({ runner }) => runner.inbox.state() },
  {
    method: 'put', path: '/inbox/state', summary: 'Keeps no more requests, or keeps them again', answer: { summary: 'The state', schema: 'InboxState' },
    body: { summary: 'Whether it is paused', schema: { type: 'object', properties: { isPaused: flag }, required: ['isPaused'], additionalProperties: false } },
    async handle(call) {
      const { isPaused } = await readFields<{ readonly isPaused?: boolean }>(call, { isPaused: isFlag });
      if (isPaused === undefined) throw invalid('"isPaused" is missing.');
      await call.runner.inbox.setPaused(isPaused);
      return call.runner.inbox.state();
    },
  },
  {
    method: 'put', path: '/inbox/rules', summary: 'Says how an address answers: requests are captured without a run, or the first ones fail', answer: { summary: 'The state', schema: 'InboxState' },
    body: { summary: 'The rule, in place of the one of the same flow and trigger', schema: { type: 'object', properties: ruleFields, required: ['flow', 'mode'], additionalProperties: false } },
    async handle(call) {
      const rule = await readFields<Partial<InboxRule>>(call, {
        flow: isName, trigger: isName, mode: oneOf('flow', 'capture'), fail: (value) => hasOnly(value, { first: isCount, status: isCount }) && isCount((value as { first?: unknown }).first) && isCount((value as { status?: unknown }).status),
        answer: (value) => hasOnly(value, { status: isCount, headers: areTexts, body: isText, delayMs: isCount }) && isCount((value as { status?: unknown }).status),
      });
      if (rule.flow === undefined || rule.mode === undefined) throw invalid('"flow" or "mode" is missing.');
      await call.runner.inbox.setRule(rule as InboxRule);
      return call.runner.inbox.state();
    },
  },
  {
    method: 'delete', path: '/inbox/rules', summary: 'Lets an address answer as its flow does', query: { flow: { summary: 'The flow.', isRequired: true }, trigger: { summary: 'The trigger, where the rule has one.' } }, answer: { summary: 'The state', schema: 'InboxState' },
    async handle({ runner, query }) {
      await runner.inbox.removeRule(query.flow as string, query.trigger as string | undefined);
      return runner.inbox.state();
    },
  },
  { method: 'get', path: '/inbox/events', summary: 'Server-sent events: requests as they come (`rows`), and how many nobody has looked at (`unread`)', answer: { summary: 'Events', mediaType: 'text/event-stream' }, handle: answerInboxEvents },
  {
    method: 'post', path: '/inbox/read', summary: 'Marks requests as looked at; all without ids', answer: { summary: 'The state', schema: 'InboxState' },
    body: { summary: 'Which', schema: { type: 'object', properties: { ids: { type: 'array', items: { type: 'integer' } } }, additionalProperties: false } },
    async handle(call) {
      const { ids } = await readFields<{ readonly ids?: readonly number[] }>(call, { ids: (value) => Array.isArray(value) && value.every(isCount) });
      await call.runner.inbox.markRead(ids);
      return call.runner.inbox.state();
    },
  },
  {
    method: 'post', path: '/inbox/send', summary: 'Makes a request to a webhook of this runner, signed as its sender would, and gives the answer', answer: { summary: 'The answer', schema: 'InboxSent' }, also: { 404: 'There is no such webhook.' },
    body: { summary: 'The request', schema: { type: 'object', properties: { flow: { ...text, minLength: 1 }, trigger: { ...text, minLength: 1 }, ...draftFields, sign: { ...flag, default: true, description: 'Signs it as the sender of the trigger would.' } }, required: ['flow'], additionalProperties: false } },
    async handle(call) {
      const { flow, trigger, ...draft } = await readFields<InboxDraft & { readonly flow?: string; readonly trigger?: string }>(call, { flow: isName, trigger: isName, ...draftChecks });
      if (flow === undefined) throw invalid('"flow" is missing.');
      return call.runner.inbox.send(flow, trigger, draft);
    },
  },
  { method: 'get', path: '/inbox/{request}', summary: 'One request: headers, the beginning of its body, the check of its signature step by step, the answer', answer: { summary: 'The request', schema: 'InboxDetail' }, handle: (call) => call.runner.inbox.get(idOf(call)) },
  { method: 'delete', path: '/inbox/{request}', summary: 'Removes a request', answer: { summary: 'What was removed', schema: 'StateChange' }, handle: async (call) => ({ added: 0, changed: 0, removed: await call.runner.inbox.remove(idOf(call)) }) },
  {
    method: 'get', path: '/inbox/{request}/body', summary: 'The whole body, masked', answer: { summary: 'The body', mediaType: '*/*' },
    async handle(call) {
      const { bytes } = await call.runner.inbox.body(idOf(call));
      // Never by its own media type: it is a stranger's text, and this is our origin.
      call.response.writeHead(200, { ...apiHeaders, 'content-type': 'application/octet-stream', 'content-length': bytes.length, 'content-disposition': `attachment; filename="request-${idOf(call)}"` }).end(bytes);
    },
  },
  {
    method: 'post', path: '/inbox/{request}/pin', summary: 'Keeps a request however many come, or not', answer: { summary: 'The request', schema: 'InboxDetail' },
    body: { summary: 'Whether it is pinned', schema: { type: 'object', properties: { isPinned: flag }, required: ['isPinned'], additionalProperties: false } },
    async handle(call) {
      const { isPinned } = await readFields<{ readonly isPinned?: boolean }>(call, { isPinned: isFlag });
      if (isPinned === undefined) throw invalid('"isPinned" is missing.');
      await call.runner.inbox.pin(idOf(call), isPinned);
      return call.runner.inbox.get(idOf(call));
    },
  },
  {
    method: 'post', path: '/inbox/{request}/replay', summary: 'Sends a request once more as it came, with what is changed', answer: { summary: 'The answers', schema: 'InboxSent' },
    body: { summary: 'What is changed', schema: { type: 'object', properties: { ...draftFields, sign: { ...flag, default: false, description: 'Signs it anew, as the sender of the trigger would; else it has the signature it came with, so that one that was forged stays so, and an old one is too old.' }, times: { type: 'integer', minimum: 1, maximum: 1_000, default: 1 }, delayMs: { type: 'integer', minimum: 0, default: 0 }, sameDelivery: { ...flag, default: false, description: 'As when a provider sends it again.' } }, additionalProperties: false } },
    handle: async (call) => call.runner.inbox.replay(idOf(call), await readFields<InboxReplay>(call, { ...draftChecks, times: isCount, delayMs: isCount, sameDelivery: isFlag })),
  },
  {
    method: 'post', path: '/inbox/{request}/case', summary: 'Makes a case of the run to which the request led', answer: { summary: 'What was written', schema: 'SavedCase' }, also: { 422: 'It led to no run.' },
    body: { summary: 'The name of the case; default made of the run’s time', schema: { type: 'object', properties: { name: { ...text, minLength: 1 } }, additionalProperties: false } },
    handle: async (call) => call.runner.inbox.saveTest(idOf(call), { ...(await readFields<{ readonly name?: string }>(call, { name: isName })), signal: signalOf(call) }),
  },
];

function idOf({ path }: Call): number {
  if (!/^\d{1,15}$/.test(path.request!)) throw invalid('A request of the inbox has a number.');
  return Number(path.request);
}

function answerInboxEvents({ runner, response, closing }: Call): void {
  response.writeHead(200, { ...apiHeaders, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  response.flushHeaders();
  const heartbeat = setInterval(() => void response.write(': still here\n\n'), heartbeatMs).unref();
  const stop = runner.inbox.subscribe((rows, unread) => {
    response.write(`data: ${JSON.stringify({ rows, unread })}\n\n`);
    if (response.writableLength > mostBuffered) end();
  });
  const end = (): void => {
    clearInterval(heartbeat);
    closing.removeEventListener('abort', end);
    stop();
    response.end();
  };
  response.once('close', end);
  closing.addEventListener('abort', end, { once: true });
}

const heartbeatMs = 15_000;
/** Who reads too slowly asks anew. */
const mostBuffered = 1024 * 1024;
