import { wordsOf } from '../model/words.ts';
import { slugOf } from './words.ts';

export interface Operation {
  readonly method: string;
  /** With `{name}` for what varies. */
  readonly path: string;
  readonly id?: string;
  /** Name of the address that it is asked at, where that is not the usual one. */
  readonly base?: string;
  /** Whether the answer is a list of records, where that is known. */
  readonly givesList?: boolean;
  /** Methods of the same path. */
  readonly siblings?: readonly string[];
}

/** What an operation is about: the last part of its path that does not vary. */
export interface Naming {
  readonly entity: string;
  readonly verb: string;
  /** What stands before the entity in the path, the nearest first. */
  readonly above: readonly string[];
}

/**
 * Names of endpoints, `orders.list`, in the order of the operations. A name depends on the operations alone, never on their order. All operations on one part of
 * the API begin alike; where two would have the same name, both end in their own ids.
 */
export function endpointNames(operations: readonly Operation[]): string[] {
  const namings = operations.map(namingOf);
  const entities = entityNames(namings);
  const all = operations.map((operation, index) => ({ operation, entity: entities.get(chainOf(namings[index]!))!, verb: namings[index]!.verb }));
  const names = new Map<number, string>();
  const taken = new Set<string>();
  for (const name of candidates) {
    const groups = Map.groupBy([...all.keys()].filter((index) => !names.has(index)), (index) => name(all[index]!));
    for (const [wanted, [index, ...others]] of groups) {
      if (wanted === undefined || others.length > 0 || taken.has(wanted)) continue;
      names.set(index!, wanted);
      taken.add(wanted);
    }
  }
  const left = [...all.keys()].filter((index) => !names.has(index)).sort((one, other) => (keyOf(operations[one]!) < keyOf(operations[other]!) ? -1 : 1));
  for (const index of left) {
    const base = `${all[index]!.entity}.${all[index]!.verb}`;
    let number = 2;
    while (taken.has(`${base}-${number}`)) number++;
    names.set(index, `${base}-${number}`);
    taken.add(`${base}-${number}`);
  }
  return [...all.keys()].map((index) => names.get(index)!);
}

const keyOf = ({ path, method, id = '' }: Operation): string => `${path} ${method} ${id}`;
const chainOf = ({ entity, above }: Naming): string => [entity, ...above].join('/');

interface Candidate { readonly operation: Operation; readonly entity: string; readonly verb: string }

function plainName({ entity, verb }: Candidate): string {
  return `${entity}.${verb}`;
}

/** Names to try, one after the other. */
const candidates: readonly ((candidate: Candidate) => string | undefined)[] = [
  plainName,
  // Those at the usual address have the plain name.
  ({ operation: { base }, entity, verb }) => (base === undefined ? undefined : `${slugOf(base)}-${entity}.${verb}`),
  plainName,
  ({ operation: { id = '' }, entity }) => (slugOf(id) === '' ? undefined : `${entity}.${slugOf(id)}`),
  ({ operation: { path, method }, verb }) => `${slugOf(path) || 'root'}.${verb}-${method.toLowerCase()}`,
];

/** By chain: the shortest end of it that no other chain has. `orders` of customers is `customers-orders` where there is `orders` alone, too. */
function entityNames(namings: readonly Naming[]): ReadonlyMap<string, string> {
  const chains = new Set(namings.map(chainOf));
  const ends = new Map<string, number>();
  for (const chain of chains) for (let length = 1, parts = chain.split('/'); length <= parts.length; length++) {
    const end = parts.slice(0, length).join('/');
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  return new Map(Array.from(chains, (chain) => {
    const parts = chain.split('/');
    let length = 1;
    while (length < parts.length && ends.get(parts.slice(0, length).join('/'))! > 1) length++;
    return [chain, parts.slice(0, length).toReversed().join('-')];
  }));
}

/** Parts of a path that say nothing of what it is about. */
const version = /^(v\d+([._-]\d+)*|\d+(\.\d+)*|\d{4}-\d{2}(-\d{2})?|api|rest|latest|stable|beta)$/i;

export function namingOf({ method, path, givesList, siblings = [] }: Operation): Naming {
  const parts = path.split(/[?#]/, 1)[0]!.replace(/\.(json|xml)$/, '').split('/').filter((part) => part !== '');
  const isVariable = (part: string): boolean => /^\.?\{[^{}]*\}$|^:\w/.test(part);
  const fixed = parts.filter((part) => !isVariable(part) && !version.test(part)).map(withoutVariables);
  const last = parts.at(-1);
  const endsVariable = last !== undefined && isVariable(last);
  // `/chat.postMessage` and `/orders:cancel` are procedures: what stands before the sign is what they are about.
  const [, of, procedure] = endsVariable ? [] : (/^(.+?)[.:]([A-Za-z][^.:]*)$/.exec(fixed.at(-1) ?? '') ?? []);
  if (of !== undefined && procedure !== undefined && slugOf(of) && slugOf(procedure)) return { entity: slugOf(of), verb: slugOf(procedure), above: aboveOf(fixed.slice(0, -1)) };
  const action = endsVariable ? undefined : actionOf(method, fixed, parts.length > 1 && isVariable(parts.at(-2) ?? ''));
  if (action !== undefined) return { entity: slugOf(fixed.at(-2) ?? '') || 'root', verb: action, above: aboveOf(fixed.slice(0, -2)) };
  return { entity: slugOf(fixed.at(-1) ?? '') || 'root', verb: verbOf(method, endsVariable, givesList, siblings), above: aboveOf(fixed.slice(0, -1)) };
}

const withoutVariables = (part: string): string => part.replaceAll(/\{[^{}]*\}/g, '');
const aboveOf = (parts: readonly string[]): string[] => parts.map(slugOf).filter((part) => part !== '').toReversed();

/** A last part that is a verb: `POST /orders/{id}/cancel`, `GET /orders/search`. */
function actionOf(method: string, fixed: readonly string[], followsVariable: boolean): string | undefined {
  const [verb, ...rest] = wordsOf(fixed.at(-1) ?? '');
  if (verb === undefined || fixed.length < 2) return undefined;
  if (verbs.has(verb)) return [verb, ...rest].join('-');
  const isPlural = (rest.at(-1) ?? verb).endsWith('s');
  return method === 'POST' && followsVariable && !isPlural ? [verb, ...rest].join('-') : undefined;
}

const verbs: ReadonlySet<string> = new Set(
  ('search query list find lookup count batch bulk create update upsert delete remove cancel close open complete confirm capture refund void pay accept reject approve archive restore ' +
  'clone copy merge validate verify calculate preview export import upload download send publish activate deactivate enable disable retrieve change clear get set add move rotate revoke ' +
  'authorize accumulate adjust redeem link unlink swap run start stop pause resume retry submit finalize reset refresh').split(' '),
);

/** What stands in a path as what is done, not as the name of something. */
export const isVerb = (part: string): boolean => verbs.has(wordsOf(part)[0] ?? '') || /^(login|logout|signin|signup|me|self|current|new|info|status|introspect|exchange|all|forgot|forgotten|callback|config|settings|default|active|latest)$/i.test(part);

function verbOf(method: string, isItem: boolean, givesList: boolean | undefined, siblings: readonly string[]): string {
  switch (method) {
    case 'GET': return isItem || givesList === false ? 'get' : 'list';
    case 'POST': return isItem ? 'update' : 'create';
    case 'PUT': return siblings.includes('PATCH') || (isItem && siblings.includes('POST')) ? 'replace' : 'update';
    case 'PATCH': return 'update';
    case 'DELETE': return 'delete';
    case 'HEAD': return 'check';
    default: return method.toLowerCase();
  }
}
