import { FlowError, readPlace, type OpenContext, type Path, withChanges } from '../sdk/index.ts';
import type { Times } from './comparisons.ts';

/** A list that a source goes through. */
export interface Level {
  /** The source up to it, so that others that go through the same list are known. */
  readonly name: string;
  /** Its items; `undefined` where there is no list. */
  items(value: unknown): readonly unknown[] | undefined;
}

export interface Source {
  /** One below the other. */
  readonly levels: readonly Level[];
  /** What stands below the last of them. */
  rest(value: unknown): unknown;
}

/** How the sources of a rule are read while lists are gone through. Level n is below n lists. What is handed on is a value; of several sources, and beside conditions, a list of theirs. */
export interface Reading {
  begin(record: unknown): unknown;
  /** The items of the next list, `undefined` where there is none; absent where all sources are repeated for each item. */
  open(level: number): ((value: unknown) => readonly unknown[] | undefined) | undefined;
  /** Where all sources are repeated: what is handed on to an item; absent where it is the value itself. */
  repeat(level: number): ((value: unknown) => (index: number) => unknown) | undefined;
  /** A source that has further lists below gives them flat. Of several sources `undefined` where all are missing. */
  read(level: number): (value: unknown, times: Times) => unknown;
  /** What conditions ask of an item. */
  ask(level: number): (value: unknown) => readonly unknown[];
}

type Many = readonly unknown[];

/** What the conditions of a rule read, and which items of a source they leave out of the list that it gives. */
export interface Asking {
  /** No items are made for it. */
  readonly asked: readonly Source[];
  /** One for each source. */
  readonly gathered: readonly (Gathering | undefined)[];
}

/** Conditions of the items of a source that has more lists than the target. */
export interface Gathering {
  /** What stands in the items: it is read below so many lists of the source. */
  readonly below: readonly { readonly slot: number; readonly depth: number; read(item: unknown): unknown }[];
  /** What stands elsewhere: which of what is asked, read where that has gone through the lists of the target. */
  readonly beside: readonly { readonly slot: number; readonly asked: number; read(value: unknown): unknown }[];
  test(slots: readonly unknown[], times: Times): boolean;
}

export function readingOf(sources: readonly Source[], { asked, gathered }: Asking = { asked: [], gathered: [] }): Reading {
  const [only] = sources;
  if (gathered.some((gathering) => gathering !== undefined)) return readingOfAll(sources, asked, gathered);
  const plain = { repeat: () => undefined, ask: () => () => [] };
  if (asked.length === 0 && !only) return { ...plain, begin: () => undefined, open: () => undefined, read: () => () => undefined };
  if (asked.length === 0 && only && sources.length === 1) return { ...plain, begin: (record) => record, open: (level) => only.levels[level]?.items, read: (level) => readAt(only, level) };
  return readingOfAll(sources, asked, []);
}

function readingOfAll(sources: readonly Source[], asked: readonly Source[], gathered: Asking['gathered']): Reading {
  const all = [...sources, ...asked];
  const lists = (level: number) => all.map(({ levels }) => levels[level]?.items);
  return {
    begin: (record) => all.map(() => record),
    open: (level) => together(lists(level), sources.length),
    repeat(level) {
      const opens = lists(level);
      if (opens.every((items) => items === undefined)) return undefined;
      return (values) => {
        const found = opens.map((items, at) => items?.((values as Many)[at]));
        return (index) => opens.map((items, at) => (items ? found[at]?.[index] : (values as Many)[at]));
      };
    },
    read: (level) => {
      const reads = sources.map((source, at) => gathered[at] ? readWhere(source, level, gathered[at], { at, asked: sources.length }) : readOf(readAt(source, level), at));
      const [first] = reads;
      if (!first) return () => undefined;
      return reads.length === 1 ? first : (values, times) => someOf(reads.map((read) => read(values, times)));
    },
    ask: (level) => {
      const reads = asked.map((source) => readAt(source, level));
      return (values) => reads.map((read, at) => read((values as Many)[sources.length + at]));
    },
  };
}

/** The values of several sources; `undefined` where all are missing. */
export const someOf = (values: Many): Many | undefined => (values.every((value) => value === undefined) ? undefined : values);

/** Item i has the items i of all lists; a source without one is repeated. The first `count` are sources, and say how many items there are. */
function together(opens: readonly (Level['items'] | undefined)[], count: number): ReturnType<Reading['open']> {
  if (opens.slice(0, count).every((items) => items === undefined)) return undefined;
  return (values) => {
    const lists = opens.map((items, at) => items?.((values as Many)[at]));
    const lengths = lists.slice(0, count).flatMap((list) => (list ? [list.length] : []));
    if (lengths.length === 0) return undefined;
    return Array.from({ length: Math.max(...lengths) }, (_, index) => opens.map((items, at) => (items ? lists[at]?.[index] : (values as Many)[at])));
  };
}

/** Reads below so many lists. */
export function readAt({ levels, rest }: Source, level: number): (value: unknown) => unknown {
  const [first, ...more] = levels.slice(level);
  if (!first) return rest;
  if (more.length === 0) {
    return (value) => {
      const found = first.items(value)?.map(rest);
      return found?.includes(undefined) ? found.filter((item) => item !== undefined) : found;
    };
  }
  const visit = more.reduceRight<(value: unknown, found: unknown[]) => void>((next, { items }) => (value, found) => {
    for (const item of items(value) ?? []) next(item, found);
  }, (value, found) => {
    const own = rest(value);
    if (own !== undefined) found.push(own);
  });
  return (value) => {
    const list = first.items(value);
    if (!list) return undefined;
    const found: unknown[] = [];
    for (const item of list) visit(item, found);
    return found;
  };
}

const readOf = (read: (value: unknown) => unknown, at: number) => (values: unknown): unknown => read((values as Many)[at]);

type Visit = (value: unknown, slots: unknown[], found: unknown[], times: Times) => void;

/** Reads a source below so many lists as `readAt` does, without the items that its conditions leave out. `at`: where its value stands among those that are handed on; `asked`: where those begin that conditions ask for. */
function readWhere({ levels, rest }: Source, level: number, { below, beside, test }: Gathering, from: { readonly at: number; readonly asked: number }): (values: unknown, times: Times) => unknown {
  const [first, ...more] = levels.slice(level);
  const leaf: Visit = (item, slots, found, times) => {
    if (!test(slots, times)) return;
    const own = rest(item);
    if (own !== undefined) found.push(own);
  };
  const noting = (depth: number, next: Visit): Visit => {
    const reads = below.filter((one) => one.depth === depth);
    if (reads.length === 0) return next;
    return (item, slots, found, times) => {
      for (const { slot, read } of reads) slots[slot] = read(item);
      next(item, slots, found, times);
    };
  };
  const each = more.reduceRight<Visit>((next, { items }, index) => noting(level + index + 1, (value, slots, found, times) => {
    for (const item of items(value) ?? []) next(item, slots, found, times);
  }), noting(levels.length, leaf));
  return (values, times) => {
    const list = first!.items((values as Many)[from.at]);
    if (!list) return undefined;
    const slots: unknown[] = [];
    for (const { slot, asked, read } of beside) slots[slot] = read((values as Many)[from.asked + asked]);
    const found: unknown[] = [];
    for (const item of list) each(item, slots, found, times);
    return found;
  };
}

/** Fails with `CONFIG_PATH`. */
export function compileSource(query: string, context: Pick<OpenContext, 'path'>, pointer: string): Source {
  try {
    const whole = context.path(query);
    if (whole.singular) return { levels: [], rest: whole.get };
    const steps = stepsIn(query);
    return steps ? inLevels(steps, context) : { levels: [{ name: query, items: whole.all }], rest: (value) => value };
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw withChanges(error, { place: { pointer } });
  }
}

function inLevels(steps: readonly Step[], context: Pick<OpenContext, 'path'>): Source {
  const levels: Level[] = [];
  let name = '$';
  let before = '$';
  for (const { text, kind } of steps) {
    name += kind === 'one' ? nameOf(text) : text;
    if (kind === 'one') before += text;
    else {
      const { get } = context.path(before);
      levels.push({ name, items: kind === 'items' ? (value) => itemsOf(get(value)) : selected(get, context.path(`$${text}`)) });
      before = '$';
    }
  }
  return { levels, rest: context.path(before).get };
}

/** However it is written: `.a` and `['a']` are the same. */
function nameOf(text: string): string {
  const { steps: [step, ...more], end } = readPlace(text);
  return step && more.length === 0 && end === text.length ? `[${JSON.stringify(step.key)}]` : text;
}

/** What is no list is its only item, as elements of XML that come once. */
const itemsOf = (found: unknown): Many | undefined => (Array.isArray(found) ? found : found === undefined || found === null ? undefined : [found]);

const selected = (get: Path['get'], { all }: Path): Level['items'] => (value) => {
  const found = get(value);
  return found === undefined || found === null ? undefined : all(found);
};

interface Step {
  /** As it stands in a path, with its dot. */
  readonly text: string;
  /** `items`: `[*]`; `some`: a filter, a slice, several names or indexes, `.*`. */
  readonly kind: 'one' | 'items' | 'some';
}

/** The steps of a path. `undefined` where all that it finds is one list: with `..`, with a filter that asks what stands elsewhere in the record, with `^`, `~` and types. */
function stepsIn(query: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  const part = /\s*(?:\.?\s*([^\s.[\]*^~@]+)|\.?\s*(\*)|(\[(?:'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|[^'"[\]]|\[(?:'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|[^'"[\]])*\])*\]))/y;
  const text = query.replace(/^\s*\$/, '');
  for (let at = 0; at < text.length; at = part.lastIndex) {
    part.lastIndex = at;
    const [, name, star, bracket] = part.exec(text) ?? [];
    if (name !== undefined) steps.push({ text: `.${name}`, kind: 'one' });
    else if (star !== undefined) steps.push({ text: '.*', kind: 'some' });
    else if (bracket === undefined) return undefined;
    else {
      const bare = bracket.slice(1, -1).replaceAll(/'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/g, "''");
      if (bare.includes('$')) return undefined;
      steps.push(bare.trim() === '*' ? { text: '[*]', kind: 'items' } : { text: bracket, kind: /[?:,*]/.test(bare) ? 'some' : 'one' });
    }
  }
  return steps;
}
