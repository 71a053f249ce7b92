import { type ImportResult } from './import-result.ts';
/** A connector out of OpenAPI 3.0 or 3.1 or Swagger 2, as JSON or YAML. Fails with `DATA_INVALID`, and the line where the text is wrong. */
export declare function importOpenApi(text: string): ImportResult;
