import { compareCursors } from '../model/cursor-order.ts';
import type { EndpointManifest, IncrementalUse, SliceUse } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import { floorCursor, readCursor } from '../engine/cursor-values.ts';
import type { Asked } from './asked.ts';
import { slotsOf, type Slot } from './slots.ts';

/** The records that a request is about: those of its slice, and of its range. */
export interface View {
  /** Two views with the same one have the same records. */
  readonly key: string;
  readonly records: readonly unknown[];
}

export interface ViewOptions {
  readonly endpoint: EndpointManifest;
  readonly basePath: string;
  /** Of the endpoint that gives the values of a slice. */
  parents(endpoint: string): readonly unknown[];
}

type Filter = (asked: Asked, records: readonly unknown[]) => { readonly key: string; readonly records: readonly unknown[] } | undefined;

/** What is asked for of all records. Where a request says nothing of it, it is all of them. */
export function viewer(options: ViewOptions): (asked: Asked, records: readonly unknown[]) => View {
  const { endpoint, basePath } = options;
  const slots = slotsOf(endpoint, basePath);
  const filters: Filter[] = [
    ...(endpoint.slices ?? []).map((use) => sliceFilter(use, slots.filter(({ root, name }) => root === 'slice' && name === use.name), options)),
    ...(endpoint.incremental ? [rangeFilter(endpoint.incremental, slots)] : []),
  ];
  return (asked, all) => filters.reduce<View>((view, filter) => {
    const found = filter(asked, view.records);
    return found ? { key: `${view.key} ${found.key}`, records: found.records } : view;
  }, { key: '', records: all });
}

/** By the field of the records that says it, where they have such; else the records are dealt out among the values, so that each belongs to one. */
function sliceFilter(use: SliceUse, slots: readonly Slot[], { parents }: ViewOptions): Filter {
  const valuesOf = (text: string): string[] => (use.group === undefined ? [text] : listIn(text));
  const known = (): readonly string[] => {
    if (Array.isArray(use.values)) return use.values.map(String);
    const path = compilePath(use.path ?? '$.id');
    return use.endpoint === undefined ? [] : parents(use.endpoint).map((parent) => String(path.get(parent)));
  };
  return (asked, records) => {
    for (const { name, field, read } of slots) {
      const text = read(asked);
      if (text === undefined) continue;
      const wanted = new Set(valuesOf(text));
      const all = known();
      const names = [field, name, `${name}_id`, `${name}Id`].filter(Boolean);
      const own = names.find((one) => records.some((record) => isObject(record) && (all.length > 0 ? all : [...wanted]).includes(String(record[one]))));
      const belongs = own !== undefined ? (record: unknown) => isObject(record) && wanted.has(String(record[own])) : all.length > 0 ? (_: unknown, index: number) => wanted.has(all[index % all.length]!) : () => true;
      return { key: `${name}=${[...wanted].join()}`, records: records.filter(belongs) };
    }
    return undefined;
  };
}

/** `1,2` or `[1, 2]`. */
function listIn(text: string): string[] {
  if (!text.startsWith('[')) return text.split(',').map((part) => part.trim());
  try {
    return (JSON.parse(text) as unknown[]).map(String);
  } catch {
    return [text];
  }
}

function rangeFilter({ path, kind = 'datetime', format = 'date-time', recordFormat = format, isStartIncluded = true, isEndIncluded = false, isSorted = false }: IncrementalUse, slots: readonly Slot[]): Filter {
  const sent = { kind, format };
  const given = { kind, format: recordFormat };
  const bound = (name: string, asked: Asked) => slots.filter((slot) => slot.root === 'cursor' && slot.name === name).map(({ read }) => readCursor(read(asked), sent)).find((value) => value !== undefined);
  const values = compilePath(path);
  return (asked, records) => {
    const [from, to] = [bound('from', asked), bound('to', asked)];
    const placed = records.map((record) => ({ record, value: readCursor(values.get(record), given) }));
    const left = placed.filter(({ value }) => {
      if (value === undefined) return from === undefined;
      const moment = floorCursor(value, sent);
      const [afterStart, beforeEnd] = [from === undefined ? 1 : compareCursors(kind, moment, from), to === undefined ? 1 : compareCursors(kind, to, moment)];
      return (isStartIncluded ? afterStart >= 0 : afterStart > 0) && (isEndIncluded ? beforeEnd >= 0 : beforeEnd > 0);
    });
    if (isSorted) left.sort((one, other) => (one.value === undefined || other.value === undefined ? 0 : compareCursors(kind, one.value, other.value)));
    return { key: `from ${String(from)} to ${String(to)}`, records: left.map(({ record }) => record) };
  };
}
