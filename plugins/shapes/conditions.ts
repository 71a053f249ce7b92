import { FlowError, type Path, type StepContext, withChanges } from '../sdk/index.ts';
import { compileTest, meanings, operators, types, type Comparison, type Times } from './comparisons.ts';

const condition = {
  field: { type: 'string', default: '', title: 'Field', description: 'Path of the value in the record. Where it names several, one that fits is enough; for operators that say “not”, all must fit.', 'x-path': 'record' },
  of: { title: 'Of', description: 'A value that is compared instead of a field, such as `{{ meta["header.x-event"] }}` or `{{ flow.mode }}`.', 'x-expression': true },
  is: { type: 'string', enum: operators, enumDescriptions: meanings, default: 'equals', title: 'Is', description: 'How the value is compared.' },
  value: { title: 'Value', description: 'What it is compared with; a list for `between` (two) and `contains-one-of`. Texts of at most 1,024 characters.', 'x-expression': true },
  type: {
    type: 'string', enum: types, default: 'auto', title: 'Type', description: 'As what the two values are compared.',
    enumDescriptions: [
      'As numbers where the value here is one, and what is no number is then not less and not more (`"A"` is not more than 10); else as text. For `equals`, a text in the condition stays one: `"007"` is not 7, and `"10.00"` not 10, but 10 is `"10.00"`.', 'As text, letter by letter.', 'As numbers of any length; other values do not fit.', 'As true or false; other values do not fit.',
      'As dates (ISO 8601 or milliseconds since 1970); other values do not fit.',
      'As dates; the value is a move such as `-2 hours` or `+1 month -1 day`, from the time at which the run was queued, or from that of the attempt (`now -2 hours`) or the begin of the day (`today`).',
    ],
  },
  timeZone: { type: 'string', minLength: 1, default: 'UTC', title: 'Time zone', description: 'IANA time zone of dates without one, and in which days begin.' },
} as const;

const group = <const K extends string, const P extends object>(key: K, title: string, description: string, properties: P) =>
  ({ [key]: { type: 'array', title, description, items: { type: 'object', title: 'Condition', description: 'A condition, or a group of them.', properties, additionalProperties: false } } }) as { readonly [name in K]: { readonly type: 'array'; readonly title: string; readonly description: string; readonly items: { readonly type: 'object'; readonly title: string; readonly description: string; readonly properties: P; readonly additionalProperties: false } } };

const all = <const P extends object>(properties: P) => group('all', 'All of', 'Conditions that must all hold, instead of a field.', properties);
const any = <const P extends object>(properties: P) => group('any', 'Any of', 'Conditions of which one must hold, instead of a field.', properties);

/** Setting: a list of conditions of which all must hold. */
export const conditionsSetting = {
  type: 'array',
  title: 'Conditions',
  description: 'All of them must hold; a group of `any` holds where one of its conditions does, a group of `all` in it where all do.',
  'x-ui': { widget: 'conditions' },
  items: {
    type: 'object',
    title: 'Condition',
    description: 'A condition, or a group of them.',
    properties: { ...condition, ...any({ ...condition, ...all({ ...condition, ...any(condition) }) }) },
    additionalProperties: false,
  },
} as const;

export interface Condition extends Partial<Comparison> {
  readonly field?: string;
  /** Instead of a field. */
  readonly of?: unknown;
  readonly any?: readonly Condition[];
  readonly all?: readonly Condition[];
}

/** `times`: what relative dates count from. */
export type Test = (record: unknown, times: Times) => boolean;

/** What conditions take of the step that they stand in. */
export type ConditionsContext = Pick<StepContext, 'path' | 'covered'>;

/** One function for all conditions. Fails with `CONFIG_INVALID` or `CONFIG_PATH`; `pointer` is where they stand in the settings. */
export function compileConditions(conditions: readonly Condition[], context: ConditionsContext, pointer: string): Test {
  return allOf(conditions.map((one, index) => compileCondition(one, context, `${pointer}/${index}`)));
}

/** A test that holds where all do. */
export function allOf(tests: readonly Test[]): Test {
  if (tests.length === 0) return () => true;
  if (tests.length === 1) return tests[0] as Test;
  return (record, times) => tests.every((test) => test(record, times));
}

/** One of several conditions; `pointer` is where it stands in the settings. Fails as `compileConditions`. */
export function compileCondition(one: Condition, context: ConditionsContext, pointer: string): Test {
  const { covered } = context;
  const test = compileAny(one, context, pointer);
  if (!covered || one.all || one.any) return test;
  return (record, times) => {
    const holds = test(record, times);
    covered(pointer, holds ? 'holds' : 'fails');
    return holds;
  };
}

function compileAny(one: Condition, context: ConditionsContext, pointer: string): Test {
  if (one.all) return compileConditions(one.all, context, `${pointer}/all`);
  if (one.any) {
    const tests = one.any.map((inner, index) => compileCondition(inner, context, `${pointer}/any/${index}`));
    return (record, times) => tests.some((test) => test(record, times));
  }
  const { field = '', is = 'equals', type = 'auto', timeZone = 'UTC', value } = one;
  const test = compileTest({ is, type, timeZone, value }, pointer);
  if ('of' in one) return (_record, times) => test(one.of, times);
  const path = pathOf(field, context, pointer);
  if (path.singular) return (record, times) => test(path.get(record), times);
  // Nothing at all is neither “not empty” nor “not null”.
  if (is === 'is-not-empty' || is === 'is-not-null') return (record, times) => path.get(record) !== undefined && path.all(record).every((value) => test(value, times));
  return is.includes('not') || is === 'is-empty' ? (record, times) => path.all(record).every((value) => test(value, times)) : (record, times) => path.all(record).some((value) => test(value, times));
}

function pathOf(field: string, context: ConditionsContext, pointer: string): Path {
  try {
    return context.path(field);
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw withChanges(error, { place: { pointer: `${pointer}/field` } });
  }
}
