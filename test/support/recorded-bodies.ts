import type { BodyFound, BodyResults, FindRequest, QueryRequest } from '../../server/model/body-find.ts';
import { findInBody } from '../../server/stores/find-in-body.ts';
import { openJsonDocument } from '../../server/stores/json-document.ts';
import type { ByteSource } from '../../server/stores/json-scan.ts';
import { openQueries } from '../../server/stores/query-body.ts';

const sourceOf = (text: string): ByteSource => {
  const bytes = Buffer.from(text);
  return { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
};

/** Searches a body that is in memory, as the runner would. */
export const findInText = (text: string, form: 'json' | 'plain', request: FindRequest): Promise<BodyFound> => findInBody(sourceOf(text), form, request);

export const queryValue = (value: unknown, request: QueryRequest): Promise<BodyResults> => openQueries({})('', sourceOf(JSON.stringify(value)), openJsonDocument(), request);

const itemsAtOnce = 5_000;

/** Searches a list that is too long to be in memory, so many of its items with each call. */
export async function findInItems(itemOf: (n: number) => unknown, count: number, { text, cursor = '0.0', skip = 0, limit = 100 }: FindRequest): Promise<BodyFound> {
  const [first, passed] = cursor.split('.').map(Number) as [number, number];
  const items = Array.from({ length: Math.min(itemsAtOnce, count - first) }, (_, n) => itemOf(first + n));
  const found = await findInBody(sourceOf(JSON.stringify(items)), 'json', { text, skip: passed + skip, limit }, { budgetMs: 60_000 });
  const matches = found.matches.map((match) => ({ ...match, pointer: match.pointer.replace(/^\/\d+/, (index) => `/${first + Number(index.slice(1))}`) }));
  const next = found.cursor !== undefined ? `${first}.${found.skipped + matches.length}` : first + itemsAtOnce < count ? `${first + itemsAtOnce}.0` : undefined;
  return { matches, skipped: Math.max(0, found.skipped - passed), ...(next !== undefined && { cursor: next }) };
}
