import type { MapAccess, MapRequest } from '../../runner/maps.ts';
import { readFields as read, signalOf, type Route } from '../route.ts';

const text = { type: 'string' } as const;
const anyObject = { type: 'object', additionalProperties: true } as const;

/** What every question about a mapping may say. */
const asked = {
  flow: text, step: { ...text, description: 'A map step of the flow.' }, map: { ...text, description: 'A mapping file, where it is no step.' }, settings: { ...anyObject, description: 'Instead of those of the step, such as those of an editor; alone, where they stand in no flow.' },
  source: { ...anyObject, description: 'JSON Schema of a record, instead of what is known.' }, target: { ...anyObject, description: 'The same of what is made.' },
  sample: { description: 'A payload, instead of the last one that a run has recorded for the step.' },
} as const;

const fields = { flow: isText, step: isText, map: isText, settings: isObject, source: isObject, target: isObject, sample: () => true };
const alsoOfAll = { 422: 'There is no such flow, step or mapping, or it cannot be opened.' } as const;
const bodyOf = (more: object = {}): NonNullable<Route['body']> => ({ summary: 'A map step, a mapping file, or settings that stand in none', schema: { type: 'object', properties: { ...asked, ...more }, additionalProperties: false } });

/** What can be said of a mapping without running a flow. */
export const mapRoutes: readonly Route[] = [
  {
    method: 'post', path: '/maps/check', summary: 'Checks a mapping against what comes and what is wanted', body: bodyOf(), answer: { summary: 'Both sides, and what does not fit', schema: 'MapCheck' }, also: alsoOfAll,
    handle: async (call) => call.runner.maps.check(await read<MapRequest>(call, fields)),
  },
  {
    method: 'post', path: '/maps/lineage', summary: 'Says of each field of the target where it comes from, and of each of the source where it goes', body: bodyOf(), answer: { summary: 'Fields of both sides', schema: 'MapLineage' }, also: alsoOfAll,
    handle: async (call) => call.runner.maps.lineage(await read<MapRequest>(call, fields)),
  },
  {
    method: 'post', path: '/maps/suggest', summary: 'Proposes rules for fields of the target that have none', body: bodyOf(), answer: { summary: 'Rules, the surest first', schema: 'MapSuggestions' }, also: alsoOfAll,
    handle: async (call) => call.runner.maps.suggest(await read<MapRequest>(call, fields)),
  },
  {
    method: 'post', path: '/maps/try', summary: 'Maps one record of a payload', body: bodyOf({ record: { type: 'integer', minimum: 0, default: 0, description: 'Number of the record in the payload.' } }),
    answer: { summary: 'What comes of it, and the values of each rule; a failure stands in `error`', schema: 'MapTrial' }, also: { 422: 'There is no such step, no payload, or no such record.' },
    handle: async (call) => call.runner.maps.try({ ...(await read<Omit<Parameters<MapAccess['try']>[0], 'signal'>>(call, { ...fields, record: isCount })), signal: signalOf(call) }),
  },
  {
    method: 'post', path: '/maps/test', summary: 'Maps inputs that are made up from the schema of the source, and looks for the smallest that fails',
    body: bodyOf({ inputs: { type: 'integer', minimum: 1, maximum: 10_000, default: 100, description: 'How many at most.' }, seed: { type: 'integer', minimum: 0, default: 1, description: 'The same seed makes the same inputs.' } }),
    answer: { summary: 'How many were mapped, and the counter-example, if there is one', schema: 'MapTest' }, also: { 422: 'There is no such step, or nothing is known of its source.' },
    handle: async (call) => call.runner.maps.test({ ...(await read<Omit<Parameters<MapAccess['test']>[0], 'signal'>>(call, { ...fields, inputs: (value) => isCount(value) && value > 0 && value <= 10_000, seed: isCount })), signal: signalOf(call) }),
  },
];

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
