import type { Payload, PayloadContext } from '../../plugins/sdk/index.ts';
import type { ReadRange } from './incremental.ts';
import { type ReadOptions } from './read-pages.ts';
/**
 * One payload per page that has records: a list where the answer holds a list at the records' path, else the value there as it is, or the text of an answer
 * that is not JSON. `meta.page` counts from 1, in each slice.
 */
export declare function receive(options: ReadOptions, payload: Payload, params: unknown, context: PayloadContext, range?: ReadRange): AsyncGenerator<Payload>;
