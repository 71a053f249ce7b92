import { RE2JS } from 're2js';
import { FlowError, type OpenContext, type Path } from '../sdk/index.ts';

export const operators = [
  'equals', 'not-equals', 'contains', 'does-not-contain', 'contains-one-of', 'does-not-contain-one-of', 'starts-with', 'ends-with', 'regex',
  'is-empty', 'is-not-empty', 'less-than', 'at-most', 'greater-than', 'at-least', 'between', 'exists', 'does-not-exist', 'is-null', 'is-not-null', 'is-true', 'is-false',
] as const;

const condition = {
  field: { type: 'string', default: '', title: 'Field', description: 'Path of the value in the record. Where it names several, one that fits is enough; for operators that say “not”, all must fit.', 'x-path': 'record' },
  is: { type: 'string', enum: operators, default: 'equals', title: 'Is', description: 'How the value is compared.' },
  value: { title: 'Value', description: 'What it is compared with; a list for `between` (two) and `contains-one-of`.', 'x-expression': true },
  type: {
    type: 'string', enum: ['auto', 'text', 'number', 'date'], default: 'auto', title: 'Type', description: 'As what the two values are compared.',
    enumDescriptions: ['As numbers where both are numbers, else as text.', 'As text.', 'As numbers; other values do not fit.', 'As dates (ISO 8601 or milliseconds since 1970); other values do not fit.'],
  },
} as const;

/** Setting: a list of conditions of which all must hold. */
export const conditionsSetting = {
  type: 'array',
  title: 'Conditions',
  description: 'All of them must hold; a group of `any` holds where one of its conditions does.',
  'x-ui': { widget: 'conditions' },
  items: {
    type: 'object',
    title: 'Condition',
    description: 'A condition, or a group of them.',
    properties: {
      ...condition,
      any: {
        type: 'array', title: 'Any of', description: 'Conditions of which one must hold, instead of a field.',
        items: { type: 'object', title: 'Condition', description: 'A condition.', properties: condition, additionalProperties: false },
      },
    },
    additionalProperties: false,
  },
} as const;

export interface Condition {
  readonly field: string;
  readonly is: (typeof operators)[number];
  readonly value?: unknown;
  readonly type: 'auto' | 'text' | 'number' | 'date';
  readonly any?: readonly Condition[];
}

export type Test = (record: unknown) => boolean;

/** One function for all conditions. Fails with `CONFIG_INVALID` or `CONFIG_PATH`; `pointer` is where they stand in the settings. */
export function compileConditions(conditions: readonly Condition[], context: Pick<OpenContext, 'path'>, pointer: string): Test {
  const tests = conditions.map((one, index) => compileOne(one, context, `${pointer}/${index}`));
  if (tests.length === 0) return () => true;
  if (tests.length === 1) return tests[0] as Test;
  return (record) => tests.every((test) => test(record));
}

function compileOne(one: Condition, context: Pick<OpenContext, 'path'>, pointer: string): Test {
  if (one.any) {
    const tests = one.any.map((inner, index) => compileOne(inner, context, `${pointer}/any/${index}`));
    return (record) => tests.some((test) => test(record));
  }
  const path = pathOf(one.field, context, pointer);
  const test = compileTest(one, pointer);
  if (path.singular) return (record) => test(path.get(record));
  return one.is.includes('not') || one.is === 'is-empty' ? (record) => path.all(record).every(test) : (record) => path.all(record).some(test);
}

function pathOf(field: string, context: Pick<OpenContext, 'path'>, pointer: string): Path {
  try {
    return context.path(field);
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw new FlowError(error.code, error.message, { cause: error, details: error.details, place: { pointer: `${pointer}/field` } });
  }
}

function compileTest({ is, value, type }: Condition, pointer: string): (value: unknown) => boolean {
  switch (is) {
    case 'exists': return (found) => found !== undefined;
    case 'does-not-exist': return (found) => found === undefined;
    case 'is-null': return (found) => found === null;
    case 'is-not-null': return (found) => found !== null && found !== undefined;
    case 'is-true': return (found) => found === true || found === 'true';
    case 'is-false': return (found) => found === false || found === 'false';
    case 'is-empty': return isEmpty;
    case 'is-not-empty': return (found) => !isEmpty(found);
    case 'equals': return equals(value, type);
    case 'not-equals': return not(equals(value, type));
    case 'contains': return contains(value);
    case 'does-not-contain': return not(contains(value));
    case 'contains-one-of': return oneOf(listOf(value, pointer));
    case 'does-not-contain-one-of': return not(oneOf(listOf(value, pointer)));
    case 'starts-with': return (found) => isScalar(found) && String(found).startsWith(textOf(value));
    case 'ends-with': return (found) => isScalar(found) && String(found).endsWith(textOf(value));
    case 'regex': return regex(textOf(value), pointer);
    case 'between': return between(listOf(value, pointer), type, pointer);
    default: return compares(is, value, type, pointer);
  }
}

const not = (test: (value: unknown) => boolean) => (value: unknown): boolean => !test(value);
const isScalar = (value: unknown): value is string | number | boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
const textOf = (value: unknown): string => (isScalar(value) ? String(value) : value === null || value === undefined ? '' : JSON.stringify(value));

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && (Array.isArray(value) ? value.length : Object.keys(value).length) === 0;
}

function equals(value: unknown, type: Condition['type']): (found: unknown) => boolean {
  if (type === 'number' || type === 'date') {
    const wanted = measure(value, type);
    return (found) => measure(found, type) === wanted;
  }
  if (value === null || value === undefined) return (found) => found === null || found === undefined;
  const text = textOf(value);
  const number = type === 'auto' && typeof value === 'number' ? value : undefined;
  return (found) => found === value || (number !== undefined && typeof found === 'string' && found.trim() !== '' && Number(found) === number) || (found !== null && found !== undefined && textOf(found) === text);
}

function contains(value: unknown): (found: unknown) => boolean {
  const text = textOf(value);
  return (found) => (Array.isArray(found) ? found.some((item) => textOf(item) === text) : isScalar(found) && String(found).includes(text));
}

function oneOf(values: readonly unknown[]): (found: unknown) => boolean {
  const tests = values.map(contains);
  return (found) => tests.some((test) => test(found));
}

function listOf(value: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  // What a person types into a form.
  if (typeof value === 'string') return value.split(',').map((part) => part.trim());
  throw new FlowError('CONFIG_INVALID', `This condition needs a list of values, but has ${JSON.stringify(value) ?? 'none'}.`, { place: { pointer: `${pointer}/value` } });
}

/** Never takes longer than the text is long, whatever the pattern. */
function regex(pattern: string, pointer: string): (found: unknown) => boolean {
  try {
    const compiled = RE2JS.compile(pattern);
    return (found) => isScalar(found) && compiled.matcher(String(found)).find();
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The regular expression ${JSON.stringify(pattern)} is not valid: ${(cause as Error).message}.`, { cause, place: { pointer: `${pointer}/value` } });
  }
}

function between(bounds: readonly unknown[], type: Condition['type'], pointer: string): (found: unknown) => boolean {
  if (bounds.length !== 2) throw new FlowError('CONFIG_INVALID', `“between” needs two values, but has ${bounds.length}.`, { place: { pointer: `${pointer}/value` } });
  const atLeast = compares('at-least', bounds[0], type, pointer);
  const atMost = compares('at-most', bounds[1], type, pointer);
  return (found) => atLeast(found) && atMost(found);
}

function compares(is: string, value: unknown, type: Condition['type'], pointer: string): (found: unknown) => boolean {
  if (!isScalar(value)) throw new FlowError('CONFIG_INVALID', `This condition needs a value to compare with, but has ${JSON.stringify(value) ?? 'none'}.`, { place: { pointer: `${pointer}/value` } });
  const kind = type === 'auto' ? (measure(value, 'number') === undefined ? 'text' : 'number') : type;
  const order = ordering[is as keyof typeof ordering];
  if (kind === 'text') {
    const text = String(value);
    return (found) => isScalar(found) && order(String(found) < text ? -1 : String(found) > text ? 1 : 0);
  }
  const wanted = measure(value, kind);
  if (wanted === undefined) throw new FlowError('CONFIG_INVALID', `${JSON.stringify(value)} is not a ${kind}.`, { place: { pointer: `${pointer}/value` } });
  return (found) => {
    const given = measure(found, kind);
    return given !== undefined && order(given - wanted);
  };
}

const ordering = {
  'less-than': (order: number) => order < 0,
  'at-most': (order: number) => order <= 0,
  'greater-than': (order: number) => order > 0,
  'at-least': (order: number) => order >= 0,
} as const;

function measure(value: unknown, kind: 'number' | 'date'): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = kind === 'date' ? Date.parse(value) : Number(value);
  return Number.isNaN(number) ? undefined : number;
}
