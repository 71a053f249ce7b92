import { type ImportResult } from './import-result.ts';
/** A connector out of an HTTP archive, as browsers save it: the requests for data, one endpoint per method and path. */
export declare function importHar(text: string): ImportResult;
