import type { Schema } from './database.ts';
/**
 * The schema of `state.db`. Never change an entry that was released: add one.
 *
 * - `caches`: one row per cache; `bytes` is kept by triggers. `documents`: their order under a key is that of their ids; the body stands last, so that lists
 *   need not read it. `append_id`: what the document is made of, so that it is appended once.
 * - `cursors`: where incremental readings have got to; `seen`: versions of records that would come again, as `[name, value]`; `version`: of what people made of it.
 *   `cursor_marks`: what a run has read, in the order of `seq`, per payload that asked (`input`); `payload`: the page, `value`: the cursor up to it.
 * - `pool_values.state`: 0 counts, 1 counts until its run is settled, 2 is given up (see `poolStates`).
 * - `expires_at`, `at`: milliseconds since the epoch.
 */
export declare const stateSchema: Schema;
/** Values of `pool_values.state` and `cursor_marks.state`. */
export declare const poolStates: {
    readonly counts: 0;
    readonly pending: 1;
    readonly givenUp: 2;
};
