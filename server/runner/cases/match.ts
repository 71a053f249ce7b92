import { isObject, isSame, pointerOf } from '../../model/json.ts';
import { firstGroup } from '../../model/pattern.ts';
import { matchers } from '../../model/test-file.ts';
import { counted } from '../../model/words.ts';

/** A place at which a value is not as expected. */
export interface Mismatch {
  /** JSON pointer into the value. */
  readonly pointer: string;
  readonly message: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

type Keys = readonly (string | number)[];
type Matcher = (wanted: unknown, actual: unknown, keys: Keys) => Mismatch[];

/** Where a value is not what is expected; objects with one key of `matchers` say less than a value. The order of keys does not count. */
export function mismatches(expected: unknown, actual: unknown, keys: Keys = []): Mismatch[] {
  const [matcher, wanted] = matcherOf(expected) ?? [];
  if (matcher) return matcher(wanted, actual, keys);
  if (Array.isArray(expected) && Array.isArray(actual)) return inLists(expected, actual, keys);
  if (isObject(expected) && isObject(actual)) return inObjects(expected, actual, keys, false);
  return isSame(expected, actual) ? [] : [differs(expected, actual, keys)];
}

export const matches = (expected: unknown, actual: unknown): boolean => mismatches(expected, actual).length === 0;

function matcherOf(expected: unknown): [Matcher, unknown] | undefined {
  if (!isObject(expected)) return undefined;
  const [name, ...others] = Object.keys(expected);
  const known = name !== undefined && others.length === 0 ? (matchers as readonly string[]).includes(name) : false;
  return known ? [byName[name as (typeof matchers)[number]], expected[name!]] : undefined;
}

const byName: Readonly<Record<(typeof matchers)[number], Matcher>> = {
  $is: (wanted, actual, keys) => (isSame(wanted, actual) ? [] : [differs(wanted, actual, keys)]),
  $absent: (_wanted, actual, keys) => (actual === undefined ? [] : [{ pointer: pointerOf(keys), message: 'It is there.', actual }]),
  $any: (_wanted, actual, keys) => (actual === undefined ? [{ pointer: pointerOf(keys), message: 'There is no value.' }] : []),
  $type: (wanted, actual, keys) => ([wanted].flat().some((type) => isOfType(type, actual)) ? [] : [{ pointer: pointerOf(keys), message: `It is ${actual === undefined ? 'absent' : `of type ${typeOf(actual)}`}, not ${[wanted].flat().join(' or ')}.`, expected: { $type: wanted }, actual }]),
  $match: (wanted, actual, keys) => (typeof actual === 'string' && firstGroup(`(?s)${String(wanted)}`, actual) !== undefined ? [] : [{ pointer: pointerOf(keys), message: `It does not match ${String(wanted)}.`, expected: { $match: wanted }, actual }]),
  $near(wanted, actual, keys) {
    const [near = NaN, by = 0] = [wanted].flat().map(Number);
    return typeof actual === 'number' && Math.abs(actual - near) <= by ? [] : [{ pointer: pointerOf(keys), message: `It is not within ${by} of ${near}.`, expected: { $near: wanted }, actual }];
  },
  $has(wanted, actual, keys) {
    if (isObject(wanted) && isObject(actual)) return inObjects(wanted, actual, keys, true);
    if (Array.isArray(wanted) && Array.isArray(actual)) return wanted.flatMap((item) => (actual.some((one) => matches(item, one)) ? [] : [{ pointer: pointerOf(keys), message: 'No item is as expected.', expected: item, actual }]));
    if (typeof wanted === 'string' && typeof actual === 'string') return actual.includes(wanted) ? [] : [{ pointer: pointerOf(keys), message: `It does not contain ${JSON.stringify(wanted)}.`, expected: { $has: wanted }, actual }];
    return [differs(wanted, actual, keys)];
  },
  $length(wanted, actual, keys) {
    const length = typeof actual === 'string' || Array.isArray(actual) ? actual.length : undefined;
    return length === wanted ? [] : [{ pointer: pointerOf(keys), message: length === undefined ? 'It has no length.' : `Its length is ${length}, not ${JSON.stringify(wanted)}.`, expected: { $length: wanted }, actual }];
  },
};

function inObjects(expected: Readonly<Record<string, unknown>>, actual: Readonly<Record<string, unknown>>, keys: Keys, isOpen: boolean): Mismatch[] {
  const found = Object.keys(expected).flatMap((key) => mismatches(expected[key], Object.hasOwn(actual, key) ? actual[key] : undefined, [...keys, key]));
  const more = isOpen ? [] : Object.keys(actual).filter((key) => !Object.hasOwn(expected, key) && actual[key] !== undefined);
  return [...found, ...more.map((key) => ({ pointer: pointerOf([...keys, key]), message: 'It is not expected.', actual: actual[key] }))];
}

function inLists(expected: readonly unknown[], actual: readonly unknown[], keys: Keys): Mismatch[] {
  const found = expected.slice(0, actual.length).flatMap((item, index) => mismatches(item, actual[index], [...keys, index]));
  if (expected.length === actual.length) return found;
  return [...found, { pointer: pointerOf(keys), message: `There ${actual.length === 1 ? 'is' : 'are'} ${counted(actual.length, 'item')}, not ${expected.length}.`, expected: expected.length, actual: actual.length }];
}

const differs = (expected: unknown, actual: unknown, keys: Keys): Mismatch => ({
  pointer: pointerOf(keys), message: actual === undefined ? 'It is missing.' : 'It is another value.', expected, ...(actual !== undefined && { actual }),
});

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const isOfType = (type: unknown, value: unknown): boolean => (type === 'integer' ? Number.isInteger(value) : value !== undefined && typeOf(value) === type);
