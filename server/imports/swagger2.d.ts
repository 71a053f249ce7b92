import type { SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
/** A Swagger 2 document in the words of OpenAPI 3, as far as the import reads it. References into the old one still hold: it is kept around. */
export declare function upgradeSwagger(source: SchemaSource, root: Json): Json;
