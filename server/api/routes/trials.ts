import { detect } from '../../imports/detect.ts';
import type { Sample } from '../../imports/samples.ts';
import type { TryRequest } from '../../runner/trials.ts';
import { mockOverride } from '../open-mocks.ts';
import { given, invalid, readJson, type Call, type Route } from '../route.ts';

const environment = { type: 'string', description: 'Name of the environment.' } as const;
const confirm = { type: 'array', items: { enum: ['write', 'production'] }, description: 'What whoever tries it out knows: that something is written, that the environment is a production one.' } as const;

/** Endpoints that are tried out, connections that are tested, answers that are looked at. */
export const trialRoutes: readonly Route[] = [
  {
    method: 'post', path: '/instances/{instance}/try', summary: 'Tries an endpoint out: calls it as a flow would, and tells each page; ends when the caller leaves',
    body: {
      summary: 'Which endpoint, and how',
      schema: {
        type: 'object', additionalProperties: false, required: ['endpoint'],
        properties: {
          endpoint: { type: 'string' }, params: { type: 'object', additionalProperties: true }, payload: { description: 'What an endpoint that sends gets: a JSON value, or a text where `mediaType` says so.' }, mediaType: { type: 'string', default: 'application/json' },
          pages: { type: 'integer', minimum: 1, default: 5, description: 'Pages at most.' }, environment, confirm, mocked: { type: 'boolean', description: 'Asks the mock of the connector that is open (`POST /mocks`) in place of the other system.' }, save: { type: 'string', description: 'Keeps the first page as an example of the connector, under this title.' },
          detect: { type: 'boolean', description: 'Says how the answers seem to be paged.' }, timeoutMs: { type: 'integer', minimum: 1, default: 60_000 },
        },
      },
    },
    answer: { summary: 'What was asked and answered; a failure of the other system stands in `error`', schema: 'Trial' },
    also: { 403: 'It writes, or the environment is a production one, and that is not confirmed.', 404: 'No mock is open that could be asked.', 422: 'The files have an error, or a secret is missing.' },
    handle: async (call) => tryOut(call, await readJson(call), fields),
  },
  {
    method: 'post', path: '/instances/{instance}/check', summary: 'Tests the connection of an instance with the request that its connector names for that',
    body: { summary: 'The environment of the instance', schema: { type: 'object', properties: { environment, confirm, mocked: { type: 'boolean' } }, additionalProperties: false } },
    answer: { summary: 'What was asked and answered; a failure stands in `error`', schema: 'Trial' }, also: { 403: 'The environment is a production one, and that is not confirmed.', 422: 'The files have an error, or a secret is missing.' },
    handle: async (call) => tryOut(call, await readJson(call), { environment: fields['environment']!, confirm: fields['confirm']!, mocked: fields['mocked']! }),
  },
  {
    method: 'post', path: '/detections', summary: 'Says how answers seem to be paged, and where their records are',
    body: {
      summary: 'Requests and answers in their order; what is not known of them may be left out',
      schema: { type: 'object', properties: { pages: { type: 'array', items: { type: 'object', properties: { request: { type: 'object', additionalProperties: true }, response: { type: 'object', additionalProperties: true } } } } }, required: ['pages'], additionalProperties: false },
    },
    answer: { summary: 'The likeliest first', schema: 'Detection' },
    handle: async (call) => {
      const { pages } = await readJson(call);
      if (!Array.isArray(pages) || pages.some((page) => !isObject(page) || !isObject(page['response']) || (page['request'] !== undefined && !isObject(page['request'])))) throw invalid('The request is {"pages": [{"request": object, "response": object}, …]}.');
      return detect(pages as readonly Sample[]);
    },
  },
];

type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const isConfirmation: Check = (value) => Array.isArray(value) && value.every((word) => word === 'write' || word === 'production');

const fields: Readonly<Record<string, Check>> = {
  endpoint: isText, params: isObject, payload: () => true, mediaType: isText, pages: isCount, environment: isText, confirm: isConfirmation, mocked: (value) => typeof value === 'boolean', save: isText, detect: (value) => typeof value === 'boolean', timeoutMs: isCount,
};

async function tryOut(call: Call, asked: Readonly<Record<string, unknown>>, known: Readonly<Record<string, Check>>): Promise<unknown> {
  const { runner, path, response, closing } = call;
  const wrong = Object.entries(asked).find(([name, value]) => !Object.hasOwn(known, name) || !known[name]!(value));
  if (wrong) throw invalid(Object.hasOwn(known, wrong[0]) ? `"${wrong[0]}" cannot be ${JSON.stringify(wrong[1]).slice(0, 100)}.` : `"${wrong[0]}" is not known; known are ${Object.keys(known).join(', ')}.`);
  if (Object.hasOwn(known, 'endpoint') && asked['endpoint'] === undefined) throw invalid('The request names an endpoint; `check` asks the one that the connector names.');
  const { confirm: confirmed = [], payload, mediaType = 'application/json', mocked = false, ...rest } = asked as { readonly confirm?: readonly string[]; readonly payload?: unknown; readonly mediaType?: string; readonly mocked?: boolean };
  const left = new AbortController();
  response.once('close', () => left.abort(new Error('The caller has left.')));
  const request: TryRequest = given({
    ...rest, instance: path['instance']!, payload: payload === undefined ? undefined : { body: payload, mediaType }, mock: mocked ? mockOverride(call, path['instance']!) : undefined,
    isWriteConfirmed: confirmed.includes('write'), isProductionConfirmed: confirmed.includes('production'), signal: AbortSignal.any([closing, left.signal]),
  });
  return runner.trials.try(request);
}
