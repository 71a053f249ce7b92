import { isObject } from '../../model/json.ts';
import type { RowChange } from '../../model/lookup-change.ts';
import { given, invalid, paging, rangeOf, readFields, type Call, type QueryParam, type Route } from '../route.ts';
import { answerCsv, changed, csvOf } from './state.ts';

const unknown = { 422: 'There is no such lookup, it cannot be read, or it has no such column.' };
const cells = { type: 'object', additionalProperties: { type: 'string' } };
const asked: Readonly<Record<string, QueryParam>> = {
  value: { summary: 'The value; stands once for each column of the key.', type: 'texts' },
  from: { summary: 'Column that is searched; default the key.' },
  to: { summary: 'Column that is given; default the value of the lookup.' },
  reverse: { summary: 'The other way round.', type: 'flag', default: false },
};

/** Cross-reference lookups, for people to see and change. */
export const lookupRoutes: readonly Route[] = [
  { method: 'get', path: '/lookups', summary: 'All lookups', answer: { summary: 'Lookups', schema: 'Lookups' }, handle: ({ runner }) => runner.lookups.list() },
  { method: 'get', path: '/lookups/{lookup}', summary: 'Columns and settings of a lookup', answer: { summary: 'The lookup', schema: 'LookupDetail' }, also: unknown, handle: ({ runner, path }) => runner.lookups.detail(path.lookup!) },
  {
    method: 'get', path: '/lookups/{lookup}/rows', summary: 'Rows of a lookup', answer: { summary: 'A page of rows', schema: 'LookupPage' }, also: unknown,
    query: {
      'filter[text]': { summary: 'Only those that hold it in a column.' }, 'column.': { summary: 'Only those that hold it in this column: `column.left_value=DE`.', isPrefix: true },
      sort: { summary: 'A column; with a hyphen before it, from the end. Default the order of the file.' }, ...paging,
    },
    handle: ({ runner, path, query }) => runner.lookups.rows(path.lookup!, given({ text: query['filter[text]'], columns: query['column.'], sort: query.sort, ...rangeOf(query) })),
  },
  {
    method: 'get', path: '/lookups/{lookup}/find', summary: 'What a flow gets for a value', query: asked, answer: { summary: 'What is given', schema: 'LookupFound' }, also: { ...unknown, 400: 'A row has a cell that is not of its column’s type, or there is no row and the lookup says that this is an error.' },
    handle: ({ runner, path, query }) => {
      const { value, from, to, reverse } = query as { value: readonly string[]; from?: string; to?: string; reverse: boolean };
      return runner.lookups.find(path.lookup!, value.length > 1 ? value : value[0], given({ from, to, reverse }));
    },
  },
  { method: 'get', path: '/lookups/{lookup}/check', summary: 'What is wrong with a lookup', answer: { summary: 'Findings', schema: 'Diagnostics' }, also: { 422: 'There is no such lookup.' }, handle: ({ runner, path }) => runner.lookups.check(path.lookup!) },
  {
    method: 'post', path: '/lookups/{lookup}/edits', summary: 'Changes, removes and inserts rows by their numbers, all or none', answer: changed, also: { 422: 'There is no such lookup, column or row, or the lookup has changed since its rows were read.' },
    body: {
      summary: 'The stamp of the page that the numbers are from, and the changes',
      schema: {
        type: 'object', required: ['stamp', 'changes'], additionalProperties: false,
        properties: {
          stamp: { type: 'string' },
          changes: {
            type: 'array',
            items: {
              anyOf: [
                { type: 'object', required: ['change', 'cells'], additionalProperties: false, properties: { change: { type: 'integer', minimum: 1 }, cells } },
                { type: 'object', required: ['remove'], additionalProperties: false, properties: { remove: { type: 'integer', minimum: 1 } } },
                { type: 'object', required: ['insert'], additionalProperties: false, properties: { insert: cells, before: { type: 'integer', minimum: 1 } } },
              ],
            },
          },
        },
      },
    },
    async handle(call) {
      const { stamp, changes } = await readFields<{ readonly stamp?: string; readonly changes?: readonly RowChange[] }>(call, { stamp: (value) => typeof value === 'string', changes: (value) => Array.isArray(value) && value.every(isChange) });
      if (stamp === undefined || !changes) throw invalid(`"${stamp === undefined ? 'stamp' : 'changes'}" is missing.`);
      return call.runner.lookups.edit(call.path.lookup!, stamp, changes);
    },
  },
  {
    method: 'post', path: '/lookups/{lookup}/rows', summary: 'Changes and adds rows, by their key; makes the lookup where there is none', answer: changed, also: unknown,
    body: { summary: 'CSV (`text/csv`) with a header row.', schema: 'any' }, handle: async (call) => call.runner.lookups.import(call.path.lookup!, await csvOf(call)),
  },
  {
    method: 'delete', path: '/lookups/{lookup}/rows', summary: 'Removes the rows with these keys', answer: changed, also: unknown, query: { value: { summary: 'A key; may stand several times.', type: 'texts' } },
    handle: ({ runner, path, query }) => runner.lookups.remove(path.lookup!, query.value as readonly string[]),
  },
  {
    method: 'get', path: '/lookups/{lookup}/export', summary: 'The file of a lookup', answer: { summary: 'The file', mediaType: 'text/csv' }, also: unknown,
    handle: async (call: Call) => answerCsv(call, [await call.runner.lookups.export(call.path.lookup!)]),
  },
];

function isChange(value: unknown): value is RowChange {
  if (!isObject(value)) return false;
  const keys = Object.keys(value).sort().join();
  if (keys === 'remove') return isRow(value['remove']);
  if (keys === 'cells,change') return isRow(value['change']) && isCells(value['cells']);
  return (keys === 'insert' || (keys === 'before,insert' && isRow(value['before']))) && isCells(value['insert']);
}

const isRow = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const isCells = (value: unknown): boolean => isObject(value) && Object.values(value).every((cell) => typeof cell === 'string');
