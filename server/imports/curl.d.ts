import { type ImportResult } from './import-result.ts';
/** A connector out of cURL commands, one endpoint each. Files that a command names are not read, and nothing is run. */
export declare function importCurl(text: string): ImportResult;
