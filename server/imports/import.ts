import type { ImportKind } from './about.ts';
import { importCurl } from './curl.ts';
import { importGraphql } from './graphql.ts';
import { importHar } from './har.ts';
import type { ImportResult } from './import-result.ts';
import { onlyOf } from './only.ts';
import { importOpenApi } from './openapi.ts';
import { importPostman } from './postman.ts';
import { importWsdl } from './wsdl.ts';

const readers: Readonly<Record<ImportKind, (text: string, address?: string) => ImportResult>> = { openapi: importOpenApi, curl: importCurl, postman: importPostman, har: importHar, graphql: importGraphql, wsdl: importWsdl };

/** A connector out of the text of a description. Reads no file and asks no server. `address`: where the text was got. `only`: patterns of what is wanted, else all. Fails with `DATA_INVALID`, whose place is the line of the text where there is one. */
export function importText(kind: ImportKind, text: string, address?: string, only: readonly string[] = []): ImportResult {
  const result = readers[kind](text, address);
  return only.length === 0 ? result : onlyOf(result, only);
}
