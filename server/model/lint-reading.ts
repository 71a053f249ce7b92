import { parseTime } from '../../plugins/sdk/index.ts';
import { connectorSchema } from './connector-schema.ts';
import { slicingRoots } from './expression-roots.ts';
import { isObject, pointerOf } from './json.ts';
import type { KnownNames, Names } from './lint-expression.ts';
import { checkAnnotations } from './lint-settings.ts';
import { checkName, report, type LintContext } from './lint-world.ts';

type Json = Readonly<Record<string, unknown>>;

/** Slices, incremental reading and expansion of an endpoint. `endpoints`: all of the connector. */
export function lintReading(context: LintContext, names: Names, id: string, endpoints: ReadonlyMap<string, Json>): void {
  const endpoint = endpoints.get(id)!;
  const keys = ['endpoints', id];
  const { expand, slices } = connectorSchema.properties.endpoints.additionalProperties.properties;
  checkAnnotations(context, expand, endpoint['expand'], { pointer: pointerOf([...keys, 'expand']), names });
  for (const [index, slice] of slicesOf(endpoint).entries()) {
    const place = [...keys, 'slices', String(index)];
    const known = { ...names.known, slice: sliceNames(id, slicesOf(endpoint).slice(0, index)) };
    checkAnnotations(context, slices.items, slice, { pointer: pointerOf(place), names: { ...names, roots: slicingRoots, known } });
    lintSlice(context, id, slice, place, endpoints);
  }
  if (!isObject(endpoint['incremental'])) return;
  const { path, query, params, headers, body, pagination } = endpoint;
  lintIncremental(context, { ...names, known: { ...names.known, slice: sliceNames(id, slicesOf(endpoint)) } }, endpoint, [...keys, 'incremental'], [path, query, params, headers, body, pagination]);
}

/** The names below `slice` and `cursor` in the request and the pagination of an endpoint. */
export const readingNames = (id: string, endpoint: Json): Readonly<Record<string, KnownNames>> => ({
  slice: sliceNames(id, slicesOf(endpoint)),
  cursor: {
    names: new Set(isObject(endpoint['incremental']) ? ['from', 'to'] : []), severity: 'error',
    message: (name) => (isObject(endpoint['incremental']) ? `A cursor has no ${JSON.stringify(name)}: there are "from" and "to".` : `The endpoint ${JSON.stringify(id)} is not read incrementally, so it has no cursor.`), fix: 'Say with "incremental" by what records are known to be newer, and use {{ cursor.from }} and {{ cursor.to }}.',
  },
});

const slicesOf = (endpoint: Json): readonly Json[] => (Array.isArray(endpoint['slices']) ? (endpoint['slices'] as unknown[]).map((slice) => (isObject(slice) ? slice : {})) : []);

const sliceNames = (id: string, slices: readonly Json[]): KnownNames => ({
  names: new Set(slices.map(({ name }) => String(name))), severity: 'error',
  message: (name) => `The endpoint ${JSON.stringify(id)} has no slice ${JSON.stringify(name)} here.`, fix: 'Declare it in "slices" of the endpoint; a slice can only name those before it.',
});

function lintSlice(context: LintContext, id: string, slice: Json, keys: readonly string[], endpoints: ReadonlyMap<string, Json>): void {
  const { values, endpoint, include, group } = slice;
  if ((values === undefined) === (endpoint === undefined)) report(context, 'CONFIG_INVALID', pointerOf(keys), 'A slice has either "values" or an "endpoint".', { key: true, fix: 'Give one of them.' });
  if (include !== undefined && group !== undefined) report(context, 'CONFIG_INVALID', pointerOf([...keys, 'include']), 'A group has no "include": nobody knows which of its values a record belongs to.', { key: true, fix: 'Remove "include" or "group".' });
  if (typeof endpoint !== 'string') return;
  const parent = endpoints.get(endpoint);
  const place = pointerOf([...keys, 'endpoint']);
  checkName(context, { kind: 'endpoint', name: endpoint, pointer: place, known: [...endpoints.keys()] }, 'CONFIG_UNKNOWN_ENDPOINT', `The connector has no endpoint ${JSON.stringify(endpoint)}.`);
  if (!parent) return;
  if (parent['direction'] !== 'receive') report(context, 'CONFIG_INVALID', place, `The endpoint ${JSON.stringify(endpoint)} gives no records.`, { fix: 'Name one whose direction is "receive".' });
  else if (needs(endpoints, endpoint, id)) report(context, 'CONFIG_CYCLE', place, `The slices of ${JSON.stringify(endpoint)} need ${JSON.stringify(id)} in turn.`, { fix: 'Take the values from an endpoint that does without this one.' });
}

/** Whether an endpoint is another, or needs it for its slices. */
function needs(endpoints: ReadonlyMap<string, Json>, from: string, wanted: string, seen = new Set<string>()): boolean {
  if (from === wanted) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return slicesOf(endpoints.get(from) ?? {}).some(({ endpoint }) => typeof endpoint === 'string' && needs(endpoints, endpoint, wanted, seen));
}

/** A bound that is no expression must be what the cursor is. */
function lintBound(context: LintContext, value: unknown, { kind = 'datetime', format }: Json, keys: readonly string[]): void {
  if (typeof value !== 'string' || value === '' || value.includes('{{')) return;
  const isRight = kind === 'text' || (kind === 'number' ? Number.isFinite(Number(value)) : format !== undefined || !Number.isNaN(parseTime(value)));
  if (!isRight) report(context, 'CONFIG_INVALID', pointerOf(keys), `${JSON.stringify(value)} is no ${kind === 'number' ? 'number' : 'time'}.`, { fix: kind === 'number' ? 'Write a number, or an expression.' : 'Write it as 2024-01-31 or 2024-01-31T12:00:00Z, or as an expression.' });
}

/** `request`: what is asked, which should name the cursor. */
export function lintIncremental(context: LintContext, names: Names, endpoint: Json, keys: readonly string[], request: readonly unknown[]): void {
  const { incremental } = connectorSchema.properties.endpoints.additionalProperties.properties;
  checkAnnotations(context, incremental, endpoint['incremental'], { pointer: pointerOf(keys), names: { ...names, roots: slicingRoots } });
  const { kind, start, end, step } = endpoint['incremental'] as Json;
  const place = pointerOf(keys);
  for (const [name, value] of Object.entries({ start, end })) lintBound(context, value, endpoint['incremental'] as Json, [...keys, name]);
  if (step !== undefined && start === undefined) report(context, 'CONFIG_INVALID', place, 'Windows need a "start".', { key: true, fix: 'Say where the first run begins: "start": "2020-01-01".' });
  if (step !== undefined && kind !== undefined && kind !== 'datetime' && end === undefined) report(context, 'CONFIG_INVALID', place, 'Windows of numbers need an "end".', { key: true, fix: 'Give "end", or remove "step".' });
  if (step !== undefined && kind === 'text') report(context, 'CONFIG_INVALID', pointerOf([...keys, 'step']), 'Texts have no distance, so there are no windows of them.', { key: true, fix: 'Remove "step".' });
  if (slicesOf(endpoint).some(({ group }) => group !== undefined)) report(context, 'CONFIG_INVALID', place, 'Each group has a cursor of its own, and groups differ from run to run.', { severity: 'warning', key: true, fix: 'Remove "group", or "incremental".' });
  if (JSON.stringify(request).includes('cursor.')) return;
  report(context, 'CONFIG_INVALID', place, 'The request does not name {{ cursor.from }}: every run reads everything, and only leaves out what is known by its key.', { severity: 'warning', key: true, fix: 'Send it in the query or the body, ask for it in the statement, or stop with "olderThan".' });
}
