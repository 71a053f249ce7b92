import type { Payload, PayloadContext } from '../../plugins/sdk/index.ts';
import type { ReadRange } from './incremental.ts';
import { readPages, type ReadOptions } from './read-pages.ts';

/**
 * One payload per page that has records: a list where the answer holds a list at the records' path, else the value there as it is, or the text of an answer
 * that is not JSON. `meta.page` counts from 1, in each slice.
 */
export async function* receive(options: ReadOptions, payload: Payload, params: unknown, context: PayloadContext, range?: ReadRange): AsyncGenerator<Payload> {
  for await (const { index, document, records, isWhole, state } of readPages(options, { payload, params, context, range, from: context.resumed })) {
    const { body, mediaType } = isWhole ? document : { body: records, mediaType: 'application/json' };
    if (records.length > 0) yield payload.with({ body, mediaType, meta: { page: String(index + 1) } });
    if (state) context.checkpoint(state);
  }
}
