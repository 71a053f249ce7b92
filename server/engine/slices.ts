import { FlowError, type Path, type ValueContext } from '../../plugins/sdk/index.ts';
import type { SliceUse } from '../model/connector.ts';
import type { ExpressionEnv, Scope } from '../model/expression.ts';
import { slicingRoots } from '../model/expression-roots.ts';
import { compilePath } from '../model/path.ts';
import { asText, compileOptional, inUrl, type OptionalTemplate } from './optional-template.ts';
import { compileFields, valuesAt, type Included } from './shape-records.ts';

/** Values by the names of the slices, and what records get from their parents. Plain JSON, so that a run can go on there. */
export interface Slice {
  readonly values: Readonly<Record<string, unknown>>;
  readonly included: Included;
}

/** Where the slices go on: at a number of a list; or with records of a parent that were read already, and then with its page after them. */
export interface SlicePlace {
  readonly index?: number;
  readonly items?: readonly Item[];
  readonly parent?: unknown;
  readonly isDone?: boolean;
  /** Of the slices within the one that comes first here. */
  readonly inner?: SlicePlace;
}

interface Item {
  readonly value: unknown;
  readonly included: Included;
}

/** Reads the parent from a state of it on; each page says from where it goes on. */
export type ReadParent = (params: unknown, from: unknown) => AsyncGenerator<{ readonly records: readonly unknown[]; readonly state?: unknown }>;

export interface SliceLevel {
  readonly name: string;
  readonly group: number | undefined;
  readonly values?: OptionalTemplate;
  readonly parent?: { readonly endpoint: string; readonly params: OptionalTemplate; readonly path: Path; readonly include: ReturnType<typeof compileFields> };
}

/** Fails with `CONFIG_INVALID`, `CONFIG_EXPRESSION`, `CONFIG_PATH`. */
export async function compileSlices(uses: readonly SliceUse[], env: ExpressionEnv): Promise<readonly SliceLevel[]> {
  return Promise.all(uses.map(async ({ name, values, endpoint, params = {}, path = '$.id', include, group }): Promise<SliceLevel> => {
    if ((values === undefined) === (endpoint === undefined)) throw new FlowError('CONFIG_INVALID', `The slice "${name}" needs either "values" or "endpoint".`);
    if (include && group !== undefined) throw new FlowError('CONFIG_INVALID', `The slice "${name}" has "include", which a group cannot have: nobody knows which of its values a record belongs to.`);
    const own = { ...env, roots: slicingRoots };
    if (endpoint === undefined) return { name, group, values: await compileOptional(values, own) };
    return { name, group, parent: { endpoint, params: await compileOptional(params, own), path: compilePath(path), include: compileFields(include) } };
  }));
}

export interface SliceSource {
  readonly levels: readonly SliceLevel[];
  readonly scope: Scope;
  readonly context: ValueContext;
  read(endpoint: string, ...call: Parameters<ReadParent>): ReturnType<ReadParent>;
}

/** Every combination, the first slice changing last. `rest`: where the ones after it begin. */
export async function* combinations(source: SliceSource, from: SlicePlace | undefined, slice: Slice = { values: {}, included: {} }, depth = 0): AsyncGenerator<{ readonly slice: Slice; readonly rest: SlicePlace }> {
  const level = source.levels[depth]!;
  const isLast = depth === source.levels.length - 1;
  let inner = from?.inner;
  for await (const { value, included, at, after } of itemsOf(level, { ...source, scope: { ...source.scope, slice: slice.values } }, from)) {
    const here: Slice = { values: { ...slice.values, [level.name]: value }, included: { ...slice.included, ...included } };
    if (isLast) yield { slice: here, rest: after };
    else for await (const within of combinations(source, inner, here, depth + 1)) yield { slice: within.slice, rest: { ...at, inner: within.rest } };
    inner = undefined;
  }
}

/** Tells slices apart, in a way that people can read. */
export const sliceName = ({ values }: Slice): string => Object.entries(values).map(([name, value]) => `${name}=${inUrl(asText(value))}`).join('&');

interface Placed extends Item {
  /** Where it comes again, and where the one after it comes. */
  readonly at: SlicePlace;
  readonly after: SlicePlace;
}

const itemsOf = (level: SliceLevel, source: SliceSource, from: SlicePlace | undefined): AsyncGenerator<Placed> => (level.parent ? parentItems(level, level.parent, source, from) : listItems(level, source, from));

async function* listItems({ name, values, group }: SliceLevel, { scope, context }: SliceSource, { index: first = 0 }: SlicePlace = {}): AsyncGenerator<Placed> {
  const found = await values!.evaluate(scope, context);
  if (!Array.isArray(found)) throw new FlowError('CONFIG_INVALID', `The values of the slice "${name}" are ${found === undefined ? 'missing: a parameter in them was not given' : `no list: ${JSON.stringify(found).slice(0, 100)}`}.`);
  const size = group ?? 1;
  for (let index = first; index * size < found.length; index++) {
    const part = found.slice(index * size, (index + 1) * size) as unknown[];
    yield { value: group === undefined ? part[0] : part, included: {}, at: { index }, after: { index: index + 1 } };
  }
}

async function* parentItems({ group }: SliceLevel, { endpoint, params, path, include }: NonNullable<SliceLevel['parent']>, { scope, context, read }: SliceSource, from: SlicePlace = {}): AsyncGenerator<Placed> {
  const waiting = [...(from.items ?? [])];
  let { parent, isDone = false } = from;
  const pages = isDone ? undefined : read(endpoint, await params.evaluate(scope, context), parent);
  const place = (items: readonly Item[]): SlicePlace => ({ items, isDone, ...(parent !== undefined && { parent }) });
  try {
    for (;;) {
      while (!isDone && waiting.length < (group ?? 1)) {
        const page = await pages!.next();
        isDone = page.done === true || page.value.state === undefined;
        if (page.done) break;
        parent = page.value.state;
        waiting.push(...page.value.records.map((record) => itemOf(record, endpoint, path, include)));
      }
      if (waiting.length === 0) return;
      const taken = waiting.splice(0, group ?? 1);
      yield { value: group === undefined ? taken[0]!.value : taken.map(({ value }) => value), included: group === undefined ? taken[0]!.included : {}, at: place([...taken, ...waiting]), after: place([...waiting]) };
    }
  } finally {
    await pages?.return(undefined);
  }
}

function itemOf(record: unknown, endpoint: string, path: Path, include: ReturnType<typeof compileFields>): Item {
  const value = path.get(record);
  if (value === undefined || value === null) throw new FlowError('REMOTE_FORMAT', `A record of "${endpoint}" has nothing at ${JSON.stringify(path.query)}, by which further records are asked for.`, { details: { endpoint, path: path.query } });
  return { value, included: valuesAt(include, record) };
}
