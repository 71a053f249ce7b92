import { RE2JS } from 're2js';
import { FlowError } from '../sdk/index.ts';
import { instantOf, parseMove, type Times } from './dates.ts';
import { compareNumbers, isNumeric } from '../sdk/index.ts';

export type { Times } from './dates.ts';

export const operators = [
  'equals', 'not-equals', 'contains', 'does-not-contain', 'contains-one-of', 'does-not-contain-one-of', 'starts-with', 'ends-with', 'regex',
  'is-empty', 'is-not-empty', 'less-than', 'at-most', 'greater-than', 'at-least', 'between', 'exists', 'does-not-exist', 'is-null', 'is-not-null', 'is-true', 'is-false',
] as const;

/** Of the operators, in their order. */
export const meanings = [
  'The same value; without one, null or missing.', 'Another value, or none.', 'A text with this text in it, or a list with this item.', 'None of them.', 'At least one of the values is contained.', 'None of the values is contained.',
  'A text that begins so.', 'A text that ends so.', 'A text in which a regular expression (RE2) finds something.', 'Missing, null, or an empty text, list or object.', 'Anything else.',
  'Smaller, or earlier.', 'The same or smaller.', 'Larger, or later.', 'The same or larger.', 'At least the first and at most the second of two values.',
  'It is there, be it null.', 'It is missing.', 'It is there, and null.', 'It is there, and not null.', 'True, or the text `true`.', 'False, or the text `false`.',
] as const;

export const types = ['auto', 'text', 'number', 'boolean', 'date', 'relative-date'] as const;

export interface Comparison {
  readonly is: (typeof operators)[number];
  readonly type: (typeof types)[number];
  readonly timeZone: string;
  readonly value?: unknown;
}

type Check = (found: unknown, times: Times) => boolean;

/** Says whether a value that was found fits. Fails with `CONFIG_INVALID`, whose place is below `pointer`. */
export function compileTest(comparison: Comparison, pointer: string): Check {
  const { is, value } = comparison;
  const place = `${pointer}/value`;
  checkLength(value, place);
  switch (is) {
    case 'exists': return (found) => found !== undefined;
    case 'does-not-exist': return (found) => found === undefined;
    case 'is-null': return (found) => found === null;
    case 'is-not-null': return (found) => found !== null && found !== undefined;
    case 'is-true': return (found) => found === true || found === 'true';
    case 'is-false': return (found) => found === false || found === 'false';
    case 'is-empty': return isEmpty;
    case 'is-not-empty': return (found) => !isEmpty(found);
    case 'equals': return equals(comparison, place);
    case 'not-equals': return not(equals(comparison, place));
    case 'contains': return contains(value);
    case 'does-not-contain': return not(contains(value));
    case 'contains-one-of': return oneOf(listOf(value, place));
    case 'does-not-contain-one-of': return not(oneOf(listOf(value, place)));
    case 'starts-with': return (found) => isScalar(found) && String(found).startsWith(textOf(value));
    case 'ends-with': return (found) => isScalar(found) && String(found).endsWith(textOf(value));
    case 'regex': return regex(textOf(value), place);
    case 'between': return between(comparison, listOf(value, place), place);
    default: return ordered(comparison, orders[is], place);
  }
}

const orders = {
  'less-than': (order: number) => order < 0,
  'at-most': (order: number) => order <= 0,
  'greater-than': (order: number) => order > 0,
  'at-least': (order: number) => order >= 0,
} as const;

const not = (check: Check): Check => (found, times) => !check(found, times);
const isScalar = (value: unknown): value is string | number | boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
const textOf = (value: unknown): string => (isScalar(value) ? String(value) : value === null || value === undefined ? '' : JSON.stringify(value));
const invalid = (message: string, pointer: string, cause?: unknown): FlowError => new FlowError('CONFIG_INVALID', message, { place: { pointer }, ...(cause !== undefined && { cause }) });

function checkLength(value: unknown, pointer: string): void {
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (typeof one === 'string' && one.length > LONGEST_VALUE) throw invalid(`The value of a condition is ${one.length} characters long; ${LONGEST_VALUE} are possible.`, pointer);
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && (Array.isArray(value) ? value.length : Object.keys(value).length) === 0;
}

function equals({ value, type, timeZone, is }: Comparison, pointer: string): Check {
  if (type === 'number' || type === 'date' || type === 'relative-date') return ordered({ value, type, timeZone, is }, (order) => order === 0, pointer);
  if (type === 'boolean') {
    const wanted = booleanOf(value);
    if (wanted === undefined) throw invalid(`${JSON.stringify(value) ?? 'Nothing'} is neither true nor false.`, pointer);
    return (found) => booleanOf(found) === wanted;
  }
  if (value === null || value === undefined) return (found) => found === null || found === undefined;
  const text = textOf(value);
  const isNumber = type === 'auto' && typeof value === 'number';
  return (found) => found === value || (isNumber && isNumeric(found) && compareNumbers(found, value) === 0) || (found !== null && found !== undefined && textOf(found) === text);
}

const booleanOf = (value: unknown): boolean | undefined => (value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined);

function contains(value: unknown): Check {
  const text = textOf(value);
  return (found) => (Array.isArray(found) ? found.some((item) => textOf(item) === text) : isScalar(found) && String(found).includes(text));
}

function oneOf(values: readonly unknown[]): Check {
  const checks = values.map(contains);
  return (found, times) => checks.some((check) => check(found, times));
}

function listOf(value: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  // What a person types into a form.
  if (typeof value === 'string') return value.split(',').map((part) => part.trim());
  throw invalid(`This condition needs a list of values, but has ${JSON.stringify(value) ?? 'none'}.`, pointer);
}

/** Never takes longer than the text is long, whatever the pattern. */
function regex(pattern: string, pointer: string): Check {
  try {
    const compiled = RE2JS.compile(pattern);
    return (found) => isScalar(found) && compiled.matcher(String(found)).find();
  } catch (cause) {
    throw invalid(`The regular expression ${JSON.stringify(pattern)} is not valid: ${(cause as Error).message}.`, pointer, cause);
  }
}

function between(comparison: Comparison, bounds: readonly unknown[], pointer: string): Check {
  if (bounds.length !== 2) throw invalid(`“between” needs two values, but has ${bounds.length}.`, pointer);
  const atLeast = ordered({ ...comparison, value: bounds[0] }, orders['at-least'], pointer);
  const atMost = ordered({ ...comparison, value: bounds[1] }, orders['at-most'], pointer);
  return (found, times) => atLeast(found, times) && atMost(found, times);
}

function ordered({ value, type, timeZone }: Comparison, fits: (order: number) => boolean, pointer: string): Check {
  if (!isScalar(value)) throw invalid(`This condition needs a value to compare with, but has ${JSON.stringify(value) ?? 'none'}.`, pointer);
  switch (type === 'auto' ? (isNumeric(value) ? 'number' : 'text') : type) {
    case 'number': {
      if (!isNumeric(value)) throw invalid(`${JSON.stringify(value)} is not a number.`, pointer);
      return (found) => isNumeric(found) && fits(compareNumbers(found, value));
    }
    case 'date': {
      const wanted = instantOf(value, timeZone, pointer);
      if (wanted === undefined) throw invalid(`${JSON.stringify(value)} is not a date.`, pointer);
      return (found) => fitsAt(instantOf(found, timeZone, pointer), wanted, fits);
    }
    case 'relative-date': {
      const move = parseMove(String(value), timeZone, pointer);
      return (found, times) => fitsAt(instantOf(found, timeZone, pointer), move(times), fits);
    }
    case 'boolean': throw invalid('True and false have no order: use equals.', pointer.replace(/value$/, 'is'));
    default: {
      const text = String(value);
      return (found) => isScalar(found) && fits(String(found) < text ? -1 : String(found) > text ? 1 : 0);
    }
  }
}

const fitsAt = (found: number | undefined, wanted: number, fits: (order: number) => boolean): boolean => found !== undefined && fits(found - wanted);

const LONGEST_VALUE = 1_024;
