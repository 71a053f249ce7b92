import { type ImportResult } from './import-result.ts';
/** A connector out of a Postman collection of version 2.0 or 2.1, one endpoint per request. */
export declare function importPostman(text: string): ImportResult;
