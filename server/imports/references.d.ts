import type { Report } from './import-result.ts';
import type { Json } from './read-text.ts';
/** The object that stands at a place, with its reference followed. What is no object is an empty one. */
export type Resolve = (value: unknown) => Json;
/** Follows references inside the document; others are never fetched. */
export declare function createResolve(root: Json, report: Report): Resolve;
