import type { PageFacts, Settings } from './signals.ts';
/** A page as XML, with the elements by which its strategy goes on. The root and the name of a record are those of the example, where there is one. */
export declare function xmlPage(example: unknown, settings: Settings, { records, total, pages, index }: PageFacts): string;
