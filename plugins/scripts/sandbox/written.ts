/** What looks at a result before it is written as JSON, inside the sandbox. */
export interface WrittenApi {
  /** `whole`: JSON list of the numbers beyond 2^53 that stand in what a script is called with; they may go on as they are. */
  begin(whole: string): void;
  /** Whether JSON holds all of each value, to the last digit. They must be such that `JSON.stringify` has written already, so none goes round in a circle. */
  areHeld(values: readonly unknown[]): boolean;
  /** What JSON does not hold, or not exactly, where that stands and what to return instead; empty where it holds all. */
  problem(value: unknown): string;
  /** The same of what the script gives to a function of the context, of which this is the name. `isNeeded`: `undefined` is no value either. */
  problemOf(name: string, value: unknown, isNeeded: boolean): string;
}

/**
 * Says what `JSON.stringify` would make into null, `{}` or nothing without a word, and which numbers have lost digits before. A field that is `undefined` is left out, as everybody expects of JSON; in a list something would stand in for it.
 * Its text is evaluated in the sandbox, before the script, so it takes all that it needs at once and from nowhere else.
 */
export function written(): WrittenApi {
  type Found = { readonly what: string; readonly instead: string; readonly why: string; path: string };
  const { apply, getPrototypeOf } = Reflect;
  const { isArray } = Array;
  const { create, keys, prototype: plain } = Object;
  const { isFinite } = Number;
  const { isView } = ArrayBuffer;
  const { parse, stringify } = JSON;
  const tag = plain.toString;
  const { getTime } = Date.prototype;
  const { exec } = RegExp.prototype;
  const isName = /^[A-Za-z_$][\w$]*$/;
  const bytes = ['bytes', 'a list of numbers (`[...bytes]`) or a text'] as const;
  const iterator = ['what can be walked through once', '`[...it]`'] as const;
  const instead: Readonly<Record<string, readonly [what: string, instead: string]>> = {
    // @ts-expect-error What a script adds to all objects is no kind of value.
    __proto__: null,
    Map: ['a Map', '`Object.fromEntries(map)`'], Set: ['a Set', '`[...set]`'], WeakMap: ['a WeakMap', 'an object'], WeakSet: ['a WeakSet', 'a list'], WeakRef: ['a WeakRef', 'what it holds'],
    ArrayBuffer: bytes, DataView: bytes, Error: ['an error', 'its `message`, or throw it'], RegExp: ['a regular expression', '`String(it)`'], Generator: iterator, 'Map Iterator': iterator, 'Set Iterator': iterator, 'Array Iterator': iterator,
    'Iterator Helper': iterator, AsyncGenerator: ['an asynchronous generator', 'a list of what it gives'],
  };
  const found = (what: string, instead: string, why = 'which JSON cannot hold'): Found => ({ what, instead, why, path: '' });
  let came = create(null) as Record<number, true>;
  const mostWhole = 2 ** 53;
  /** From here on numbers are written with an exponent, as nobody writes an id. */
  const mostDigits = 1e21;
  const inexact = (value: number): Found | undefined => {
    if (!isFinite(value)) return found(`${value}`, 'null or a text');
    if (value >= mostDigits || value <= -mostDigits || came[value] === true) return undefined;
    return found(`${value}`, 'a text with its digits', 'which may not be exact: JavaScript rounds whole numbers from 2^53 on');
  };
  const below = (step: string, one: Found | undefined): Found | undefined => {
    if (one) one.path = step + one.path;
    return one;
  };

  const own = (value: { toJSON?: unknown }, key: string | number, above: unknown[] | undefined): Found | undefined => {
    if (apply(tag, value, []) === '[object Date]') return apply(getTime, value, []) === apply(getTime, value, []) ? undefined : found('an invalid date', 'null or a text');
    const made: unknown = apply(value.toJSON as () => unknown, value, [`${key}`]);
    // As `Buffer` does it.
    if (typeof made === 'object' && made !== null && (made as { type?: unknown }).type === 'Buffer' && isArray((made as { data?: unknown }).data)) return found(...bytes);
    return find(made, key, above, true);
  };
  const inside = (value: object, above: unknown[] | undefined): Found | undefined => {
    if (isArray(value)) {
      for (let at = 0; at < value.length; at++) {
        const one = find(value[at], at, above);
        if (one) return below(`[${at}]`, one);
      }
      return undefined;
    }
    const names = keys(value);
    for (let at = 0; at < names.length; at++) {
      const name = names[at]!;
      const one = find((value as Record<string, unknown>)[name], name, above);
      if (one) return below(apply(exec, isName, [name]) === null ? `[${stringify(name)}]` : `.${name}`, one);
    }
    return undefined;
  };
  const find = (value: unknown, key: string | number, above: unknown[] | undefined, isOwn = false): Found | undefined => {
    const type = typeof value;
    if (value === null || type === 'string' || type === 'boolean') return undefined;
    if (type === 'undefined') return typeof key === 'number' ? found('`undefined` in a list', 'null, or a list without it,') : undefined;
    if (type === 'number') return (value as number) < mostWhole && (value as number) > -mostWhole ? undefined : inexact(value as number);
    if (type === 'function') return found('a function', 'what it gives, or leave it out');
    if (type === 'symbol') return found('a symbol', 'a text');
    if (!isOwn && typeof (value as { toJSON?: unknown }).toJSON === 'function') return own(value as object, key, above);
    if (type === 'bigint') return found('a BigInt', '`String(it)`, or `Number(it)` where it is small');
    const parent = getPrototypeOf(value as object);
    if (parent !== plain && parent !== null && !isArray(value)) {
      if (value instanceof Promise) return found('a promise', 'what it gives: an `await` is missing');
      const text = apply(tag, value, []) as string;
      const known = instead[text.length < 30 ? `${apply(slice, text, [8, -1])}` : ''];
      if (known) return found(...known);
      if (isView(value)) return found(...bytes);
    }
    if (!above) return inside(value as object, above);
    for (let at = 0; at < above.length; at++) if (above[at] === value) return found('an object that stands in itself: it goes round in a circle (circular)', 'an object without it');
    above[above.length] = value;
    const one = inside(value as object, above);
    above.length--;
    return one;
  };
  const { slice } = String.prototype;

  const told = (begin: string, remedy: string, one: Found | undefined): string => {
    if (!one) return '';
    const path = one.path[0] === '.' ? apply(slice, one.path, [1]) as string : one.path;
    return `${begin} ${one.what}${path === '' ? '' : ` at \`${path}\``}, ${one.why}. ${remedy} ${one.instead} instead.`;
  };

  return {
    begin(whole) {
      came = create(null) as Record<number, true>;
      const list = parse(whole) as number[];
      for (let at = 0; at < list.length; at++) came[list[at]!] = true;
    },
    areHeld(values) {
      for (let at = 0; at < values.length; at++) if (find(values[at], '', undefined)) return false;
      return true;
    },
    problem: (value) => told('The script returned', 'Return', find(value, '', [])),
    problemOf: (name, value, isNeeded) => told(`\`${name}\` was given`, 'Give', value === undefined && isNeeded ? found('`undefined`', 'null or another value') : find(value, '', [])),
  };
}
