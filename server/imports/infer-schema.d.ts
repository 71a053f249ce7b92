import type { Json } from './read-text.ts';
/** A schema that a value fits, so many levels deep. It says what was seen, and nothing of what must be. */
export declare function inferSchema(value: unknown, depth?: number): Json;
