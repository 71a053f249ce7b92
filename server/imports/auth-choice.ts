import type { AuthUse, PluginUse } from '../model/connector.ts';
import { noAuth } from '../model/auth-methods.ts';
import { freeName } from '../model/words.ts';

/** Ways to sign in, any of which will do; each the names of methods that sign together. Empty: nothing signs. */
export type Needs = readonly (readonly string[])[];

export interface AuthChoice {
  readonly auth: Readonly<Record<string, AuthUse>>;
  /** By operation: what its endpoint says; undefined where the default of the connector holds. */
  readonly ofEndpoints: readonly (string | undefined)[];
}

/** Methods under names that are free: the same method has one name. */
export interface AuthBook {
  /** Gives the name that it has got. `at`: where another account counts, so that it is another method. */
  add(name: string, use: PluginUse, at?: string): string;
  readonly methods: Readonly<Record<string, PluginUse>>;
}

export function createAuthBook(): AuthBook {
  const methods: Record<string, PluginUse> = {};
  const names = new Map<string, string>();
  return {
    methods,
    add(name, use, at = '') {
      const text = JSON.stringify([use, at]);
      const known = names.get(text);
      if (known !== undefined) return known;
      const free = freeName(name, (other) => Object.hasOwn(methods, other) || other === noAuth);
      methods[free] = use;
      names.set(text, free);
      return free;
    },
  };
}

/**
 * The auth methods of a connector, the default first, and the endpoints that sign in otherwise. `standard`: what holds for operations that say nothing.
 * Where nobody says anything, the first method is the default of all.
 */
export function chooseAuth(methods: Readonly<Record<string, PluginUse>>, standard: Needs | undefined, operations: readonly (Needs | undefined)[]): AuthChoice {
  const all = operations.map((needs) => needs ?? standard);
  if (all.every((needs) => needs === undefined)) return { auth: methods, ofEndpoints: operations.map(() => undefined) };
  const ways = all.map((needs) => usable(methods, needs));
  const byDefault = usable(methods, standard)?.find(isSigning) ?? mostUsed(ways);
  const chosen = ways.map((way) => {
    if (way === undefined || (byDefault && way.some((names) => keyOf(names) === keyOf(byDefault)))) return byDefault ?? [];
    return way.find(isSigning) ?? [];
  });
  const needed = [...(byDefault ? [byDefault] : []), ...chosen.filter(isSigning)];
  const { auth, nameOf } = together(methods, [...needed, ...furtherWays([...ways, usable(methods, standard)])]);
  return { auth, ofEndpoints: chosen.map((names) => (byDefault && keyOf(names) === keyOf(byDefault) ? undefined : isSigning(names) ? nameOf(names) : byDefault || Object.keys(methods).length > 0 ? noAuth : undefined)) };
}

/** Alternatives that nobody needs stay methods to choose: those that sign together, and those that do alone what begins one of them. */
function furtherWays(ways: readonly (Needs | undefined)[]): Needs {
  const all = ways.flatMap((way) => way ?? []);
  const several = all.filter((names) => names.length > 1);
  const first = new Set(several.map(([name]) => name));
  return [...several, ...all.filter((names) => names.length === 1 && first.has(names[0]))];
}

const isSigning = (names: readonly string[]): boolean => names.length > 0;
const keyOf = (names: readonly string[]): string => names.join('+');

/** Without what cannot be signed; undefined where that is all there was. */
function usable(methods: Readonly<Record<string, PluginUse>>, needs: Needs | undefined): Needs | undefined {
  const ways = (needs ?? []).filter((names) => names.every((name) => Object.hasOwn(methods, name)));
  return ways.length === 0 && needs && needs.length > 0 ? undefined : ways;
}

function mostUsed(ways: readonly (Needs | undefined)[]): readonly string[] | undefined {
  const all = ways.map((way) => way?.find(isSigning)).filter((names) => names !== undefined);
  return [...Map.groupBy(all, keyOf).values()].toSorted((left, right) => right.length - left.length)[0]?.[0];
}

/** Credentials have such names: those of a method that is beside another could not be told from them. */
const credentials = new Set('key token user username password clientId clientSecret accessKeyId secretAccessKey sessionToken refreshToken secret certificate'.split(' '));

function together(methods: Readonly<Record<string, PluginUse>>, needed: readonly (readonly string[])[]): { readonly auth: Readonly<Record<string, AuthUse>>; nameOf(names: readonly string[]): string } {
  const distinct = [...new Map(needed.map((names) => [keyOf(names), names])).values()];
  const taken = new Set(Object.keys(methods));
  const isAlone = distinct.length <= 1 && distinct.every((names) => names.length <= 1);
  const safe = new Map(Object.keys(methods).map((name) => [name, !isAlone && credentials.has(name) ? `${name}-auth` : name]));
  const auth: Record<string, AuthUse> = {};
  const named = new Map<string, string>();
  for (const names of distinct) {
    const [first = '', ...beside] = names.map((name) => safe.get(name)!);
    const standsElsewhere = distinct.some((other) => other !== names && other[0] === names[0]);
    let name = first;
    if (beside.length > 0 && standsElsewhere) for (name = names.join('-and-'); taken.has(name);) name += '-2';
    taken.add(name);
    auth[name] = { ...methods[names[0]!]!, ...(beside.length > 0 && { beside }) };
    named.set(keyOf(names), name);
  }
  for (const [name, use] of Object.entries(methods)) if (!Object.hasOwn(auth, safe.get(name)!)) auth[safe.get(name)!] = use;
  return { auth, nameOf: (names) => named.get(keyOf(names))! };
}
