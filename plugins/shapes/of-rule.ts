import { FlowError, readPlace, withChanges } from '../sdk/index.ts';

/** What an error says of a rule. */
interface Told {
  readonly from?: string | readonly string[];
  readonly to: string;
  readonly transforms?: readonly unknown[];
  readonly when?: readonly unknown[];
}

interface Found {
  /** Numbers of the items at which it came up: in the lists of the target, the outermost first, then in the value itself. */
  readonly items: readonly number[];
  /** Of a rule of a mapping file that the rule calls. */
  readonly inner?: { readonly target: string; readonly source?: string | readonly string[]; readonly message: string };
}

/** Known of an error until its rule says it: to no one else. */
const found = new WeakMap<FlowError, Found>();

/** The same error, of an item of a list that a rule goes through. */
export function atItem(index: number, error: unknown): unknown {
  if (!FlowError.is(error)) return error;
  const own = withChanges(error, {});
  const { items = [], inner } = found.get(error) ?? {};
  found.set(own, { items: [index, ...items], ...(inner && { inner }) });
  return own;
}

/** The same error, which says which rule it was, and of which items. */
export function ofRule({ to, from, transforms = [], when }: Told, error: FlowError): FlowError {
  const { items = [], inner } = found.get(error) ?? {};
  const stars = readPlace(to).steps.filter(({ key }) => key === null).length;
  const rest = items.slice(stars);
  const target = joined(numbered(to, items.slice(0, stars)) + bracketed(rest), inner?.target);
  const sourceOf = (query: string): string => {
    const aligned = numbered(query, items.slice(0, stars));
    if (transforms.length > 0 || (rest.length === 0 && !inner)) return aligned;
    // What a source gives as one list has the numbers of that list only where nothing was left out of it.
    const isOpen = isPlace(aligned) && !aligned.includes('[*]');
    const whole = isOpen ? aligned + bracketed(rest) : when === undefined ? numbered(aligned, rest) : aligned;
    return typeof inner?.source === 'string' && !whole.includes('[*]') ? joined(whole, inner.source) : whole;
  };
  const source = from === undefined ? undefined : typeof from === 'string' ? sourceOf(from) : from.map((query) => numbered(query, items.slice(0, stars)));
  const message = inner?.message ?? error.message;
  const told = withChanges(error, { message: `${target}: ${message}`, details: { target, ...(source !== undefined && { source }) } });
  found.set(told, { items: [], inner: { target, ...(source !== undefined && { source }), message } });
  return told;
}

/** With numbers for as many `[*]`, one after the other. What is more than names and indexes stays: it leaves out items. */
function numbered(query: string, items: readonly number[]): string {
  if (items.length === 0 || !isPlace(query)) return query;
  return readPlace(query).steps.reduceRight((text, { key, start, end }, at, steps) => {
    if (key !== null) return text;
    const item = items[steps.slice(0, at).filter((step) => step.key === null).length];
    return item === undefined ? text : `${text.slice(0, start)}[${item}]${text.slice(end)}`;
  }, query);
}

const isPlace = (query: string): boolean => readPlace(query).end === query.length;

const bracketed = (items: readonly number[]): string => items.map((item) => `[${item}]`).join('');

function joined(place: string, below: string | undefined): string {
  const rest = below?.replace(/^\$\.?|^@\.?/, '');
  return rest === undefined || rest === '' ? place : `${place}${rest.startsWith('[') ? '' : '.'}${rest}`;
}
