import { FlowError, parseJson } from '../../plugins/sdk/index.ts';
import { pathSteps, type PathSelector } from '../model/path-steps.ts';
import type { JsonDocument } from './json-document.ts';
import type { ByteSource, Child } from './json-scan.ts';

/** What a query finds: a place of the document, or a value that is in memory. */
export type QueryHit = { readonly path: Keys } & ({ readonly place: Child } | { readonly value: unknown });
type Keys = readonly (string | number)[];

export interface QueryLimits {
  /** Objects and arrays up to this size are read as a whole. */
  readonly wholeBytes?: number;
  /** What a filter has to look at is read up to this size. */
  readonly filterBytes?: number;
}

type Filter = Extract<PathSelector, { kind: 'filter' }>;
type Slice = Extract<PathSelector, { kind: 'slice' }>;
const childrenAtOnce = 512;

/**
 * Runs a JSONPath on a document of any size. Only the way through big objects and arrays is gone entry by entry; what is below them is read and left to the
 * engine. Gives `undefined` now and then, so that who asks can stop. Fails with `CONFIG_PATH`, with `DATA_TOO_LARGE` where a filter would have to see too much.
 */
export async function* queryJson(source: ByteSource, document: JsonDocument, query: string, { wholeBytes = 256 * 1024, filterBytes = 8 * 1024 * 1024 }: QueryLimits = {}): AsyncGenerator<QueryHit | undefined> {
  const { steps, find } = pathSteps(query);
  const read = async (place: Child): Promise<unknown> => parseJson((await source.read(place.start, place.end)).toString());
  const isBig = (place: Child): boolean => place.end - place.start > wholeBytes;
  const hits = (value: unknown, path: Keys, depth: number): QueryHit[] => find(value, depth).map((found) => ({ path: [...path, ...found.path], value: found.value }));

  async function* walk(place: Child, path: Keys, depth: number): AsyncGenerator<QueryHit | undefined> {
    const step = steps[depth];
    if (!step) return void (yield { path, place });
    if (place.kind !== 'object' && place.kind !== 'array') return;
    if (!isBig(place)) return yield* hits(await read(place), path, depth);
    for (const selector of step.selectors) {
      if (selector.kind === 'name' || selector.kind === 'index') {
        const key = selector.kind === 'name' ? selector.name : selector.index < 0 ? place.count + selector.index : selector.index;
        const child = await childAt(source, document, place, key);
        if (child) yield* walk(child, [...path, key], depth + 1);
      } else if (selector.kind === 'filter') yield* filter(place, path, depth + 1, selector);
      else for await (const child of selector.kind === 'slice' ? sliced(place, selector) : entries(place)) {
        if (child) yield* walk(child.place, [...path, child.key], depth + 1);
        else yield undefined;
      }
    }
    if (step.isDescendant) for await (const child of entries(place)) {
      if (child) yield* walk(child.place, [...path, child.key], depth);
      else yield undefined;
    }
  }

  async function* filter(place: Child, path: Keys, depth: number, { text: condition, keeps }: Filter): AsyncGenerator<QueryHit | undefined> {
    if (asksRoot(condition)) throw new FlowError('DATA_TOO_LARGE', `The filter ${condition} asks for the whole document ($), which is too large for that. Write the value itself.`, { details: { query } });
    for await (const child of entries(place)) {
      if (!child) { yield undefined; continue; }
      if (child.place.end - child.place.start > filterBytes) throw new FlowError('DATA_TOO_LARGE', `The filter ${condition} would have to look at a value of more than ${filterBytes / 1024 / 1024} MB. Ask for what is in it.`, { details: { query } });
      const value = await read(child.place);
      if (keeps(value)) yield* hits(value, [...path, child.key], depth);
    }
  }

  async function* entries(place: Child, first = 0, end = place.count): AsyncGenerator<{ readonly key: string | number; readonly place: Child } | undefined> {
    for (let at = first; at < end; at += childrenAtOnce) {
      for (const child of await document.children(source, place, at, Math.min(childrenAtOnce, end - at))) yield { key: await keyOf(source, child), place: child };
      yield undefined;
    }
  }

  async function* sliced(place: Child, { start, stop, step }: Slice): ReturnType<typeof entries> {
    if (place.kind !== 'array' || step === 0) return;
    const { count } = place;
    const bound = (given: number | undefined, otherwise: number, least: number, most: number): number => given === undefined ? otherwise : Math.min(most, Math.max(least, given < 0 ? count + given : given));
    if (step > 0) {
      const first = bound(start, 0, 0, count);
      for await (const child of entries(place, first, bound(stop, count, 0, count))) if (!child || ((child.key as number) - first) % step === 0) yield child;
      return;
    }
    const last = bound(stop, -1, -1, count - 1);
    for (let at = bound(start, count - 1, -1, count - 1); at > last; at += step) {
      const [child] = await document.children(source, place, at, 1);
      if (child) yield { key: at, place: child };
      yield undefined;
    }
  }

  const root = await document.find(source, []);
  if (root) yield* walk(root, [], 0);
}

async function childAt(source: ByteSource, document: JsonDocument, place: Child, key: string | number): Promise<Child | undefined> {
  if (typeof key === 'string') return place.kind === 'object' ? document.child(source, place, key) : undefined;
  return place.kind === 'array' && key >= 0 ? (await document.children(source, place, key, 1))[0] : undefined;
}

const keyOf = async (source: ByteSource, child: Child): Promise<string | number> => (child.keyEnd > 0 ? (JSON.parse((await source.read(child.keyStart, child.keyEnd)).toString()) as string) : child.index);

const asksRoot = (condition: string): boolean => condition.replaceAll(/'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"/g, '').includes('$');
