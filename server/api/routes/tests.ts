import type { TestOrder } from '../../runner/executors.ts';
import { readFields, signalOf, type Route } from '../route.ts';

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;

/** Cases of flows. */
export const testRoutes: readonly Route[] = [
  { method: 'get', path: '/tests', summary: 'Lists the tests of flows', answer: { summary: 'Files with their cases', schema: 'TestFiles' }, handle: ({ runner }) => runner.tests.list() },
  {
    method: 'post', path: '/tests/run', summary: 'Runs cases, without asking any other system',
    body: { summary: 'Which cases; all without it', schema: { type: 'object', properties: { files: { ...texts, description: 'Files of tests below the root, or ids of their flows.' }, cases: { ...texts, description: 'Names of cases.' }, update: { type: 'boolean', default: false, description: 'Snapshots are written instead of compared.' } }, additionalProperties: false } },
    answer: { summary: 'What became of each case, and what of the flows was run', schema: 'TestReport' }, also: { 404: 'There is no such file.' },
    async handle(call) {
      const order = await readFields<TestOrder>(call, { files: areTexts, cases: areTexts, update: (value) => typeof value === 'boolean' });
      return call.runner.tests.run({ ...order, signal: signalOf(call) });
    },
  },
  {
    method: 'post', path: '/runs/{run}/case', summary: 'Makes a case of a run that is over: what it began with, the answers that it got, and as expectation what it gave, all masked as in its recording',
    body: { summary: 'The name of the case; default made of the run’s time', schema: { type: 'object', properties: { name: { ...text, minLength: 1 } }, additionalProperties: false } },
    answer: { summary: 'What was written', schema: 'SavedCase' }, also: { 409: 'The recording of the run does not hold what is needed, or the run is not over.' },
    async handle(call) {
      const named = await readFields<{ readonly name?: string }>(call, { name: (value) => typeof value === 'string' && value !== '' });
      return call.runner.tests.save({ run: call.path.run!, ...named, signal: signalOf(call) });
    },
  },
];

const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string');
