import type { ImportKind } from './about.ts';
import { importCurl } from './curl.ts';
import { importGraphql } from './graphql.ts';
import { importHar } from './har.ts';
import type { ImportResult } from './import-result.ts';
import { importOpenApi } from './openapi.ts';
import { importPostman } from './postman.ts';
import { importWsdl } from './wsdl.ts';

const readers: Readonly<Record<ImportKind, (text: string, address?: string) => ImportResult>> = { openapi: importOpenApi, curl: importCurl, postman: importPostman, har: importHar, graphql: importGraphql, wsdl: importWsdl };

/** A connector out of the text of a description. Reads no file and asks no server. `address`: where the text was got. Fails with `DATA_INVALID`, whose place is the line of the text where there is one. */
export const importText = (kind: ImportKind, text: string, address?: string): ImportResult => readers[kind](text, address);
