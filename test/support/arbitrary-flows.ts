import * as fc from 'fast-check';
import type { Flow, Step } from '../../server/model/flow.ts';

// Arbitrary flows for property tests: sound ones without defaults, so that their text and their value say the same.

const id = fc.stringMatching(/^[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,2})?$/);
const scalar = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null), fc.constant('{{ payload.id }}'));
export const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.oneof(id, fc.string({ maxLength: 5 }), fc.constant('__proto__')), tie('value'), { maxKeys: 4, noNullPrototype: true })),
})).value;

const settings = fc.dictionary(id, json, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
const shapes = fc.constantFrom('filter', 'map', 'route', 'try-catch', 'connector', 'unheard-of');

/** A step whose ports lead to some of the ids. */
export const stepTo = (ids: readonly string[]): fc.Arbitrary<Step> => fc.record({
  shape: shapes, title: fc.string(), settings, disabled: fc.constant(true), timeoutMs: fc.integer({ min: 1 }), concurrency: fc.integer({ min: 2, max: 9 }),
  next: fc.dictionary(fc.constantFrom('out', 'else', 'uk', 'try', 'catch'), fc.constantFrom(...ids), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
}, { requiredKeys: ['shape'], noNullPrototype: true });

export const flows: fc.Arbitrary<Flow> = fc.uniqueArray(id, { minLength: 1, maxLength: 7 }).chain((ids) => fc.record({
  version: fc.constant(1 as const), title: fc.string(), start: fc.constantFrom(...ids),
  triggers: fc.dictionary(id, fc.record({ trigger: fc.constantFrom('manual', 'schedule'), settings }, { requiredKeys: ['trigger'], noNullPrototype: true }), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  steps: fc.tuple(...ids.map(() => stepTo(ids))).map((steps) => Object.fromEntries(ids.map((name, index) => [name, steps[index]!]))),
  notes: fc.dictionary(id, fc.record({ text: fc.string(), place: fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: -50, max: 50 }).map((n) => n * 10))) }, { requiredKeys: ['text'], noNullPrototype: true }), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  groups: fc.dictionary(id, fc.record({ title: fc.string(), steps: fc.subarray([...ids], { minLength: 1 }) }, { requiredKeys: ['steps'], noNullPrototype: true }), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  owner: json,
  layout: fc.dictionary(fc.constantFrom(...ids), fc.tuple(fc.integer({ min: 0, max: 50 }).map((n) => n * 10), fc.integer({ min: 0, max: 50 }).map((n) => n * 10)), { minKeys: 1, noNullPrototype: true }),
}, { requiredKeys: ['version', 'steps'], noNullPrototype: true })) as fc.Arbitrary<Flow>;
