/** Says what is wrong with a value, or nothing. */
export type Check = (value: unknown) => string | undefined;

/**
 * The functions of a host, each with checks of its arguments: what comes from a webview is foreign input. A call with a wrong argument, with one too many,
 * or of a function without checks is refused.
 */
export function checked<Host extends object>(host: Host, checks: { readonly [K in keyof Host]: readonly Check[] }): Host {
  return Object.fromEntries(Object.entries(checks as Record<string, readonly Check[]>).map(([name, parameters]) => [name, (...args: unknown[]) => {
    if (args.length > parameters.length) throw new Error(`${name} takes ${parameters.length} arguments, not ${args.length}.`);
    for (const [index, check] of parameters.entries()) {
      const problem = check(args[index]);
      if (problem) throw new Error(`Argument ${index + 1} of ${name} ${problem}.`);
    }
    return (host as Record<string, (...rest: unknown[]) => unknown>)[name]!(...args);
  }])) as Host;
}

export const text: Check = (value) => (typeof value === 'string' ? undefined : 'is no text');
export const count: Check = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'is no count');
export const integer: Check = (value) => (Number.isSafeInteger(value) ? undefined : 'is no integer');
export const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false');
/** Any value that JSON can hold. */
export const json: Check = (value) => {
  try {
    return value === undefined || JSON.stringify(value) !== undefined ? undefined : 'is no JSON';
  } catch {
    return 'is no JSON';
  }
};
export const optional = (check: Check): Check => (value) => (value === undefined || value === null ? undefined : check(value));
export const one = (...values: readonly string[]): Check => (value) => (values.includes(value as string) ? undefined : `is none of ${values.join(', ')}`);
export const list = (check: Check): Check => (value) => (Array.isArray(value) ? first(value.map(check)) : 'is no list');
export const either = (...checks: readonly Check[]): Check => (value) => (checks.some((check) => check(value) === undefined) ? undefined : checks.map((check) => check(value)).join(' and '));
export const map = (check: Check): Check => (value) => (isObject(value) ? first(Object.values(value).map(check)) : 'is no object');

/** An object with these fields and no others. */
export const object = (fields: Readonly<Record<string, Check>>): Check => (value) => {
  if (!isObject(value)) return 'is no object';
  const foreign = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
  if (foreign !== undefined) return `has a field ${JSON.stringify(foreign)} that is not known`;
  for (const [key, check] of Object.entries(fields)) {
    const problem = check(value[key]);
    if (problem) return `has a field ${key} that ${problem}`;
  }
  return undefined;
};

/** One of several objects, told apart by the value of a field. */
export const variant = (field: string, variants: Readonly<Record<string, Readonly<Record<string, Check>>>>): Check => (value) => {
  if (!isObject(value)) return 'is no object';
  const name = value[field];
  if (typeof name !== 'string' || !Object.hasOwn(variants, name)) return `has no ${field} that is known`;
  return object({ [field]: text, ...variants[name] })(value);
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const first = (problems: readonly (string | undefined)[]): string | undefined => problems.find((problem) => problem !== undefined);
