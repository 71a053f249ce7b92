import type { BodyEntry } from './api.ts';

/** What to look for in a body. */
export interface FindRequest {
  readonly text: string;
  /** Where the call before has stopped. */
  readonly cursor?: string;
  /** Matches to pass over: they are only counted. */
  readonly skip?: number;
  /** Matches to give. */
  readonly limit?: number;
}

/** GET /runs/{run}/bodies/{hash}/find?text=&cursor=&skip=&limit= — where a text stands in a body, whatever its case; a part of it with each call, so that any call ends soon. */
export interface BodyFound {
  /** In the order of the document. */
  readonly matches: readonly BodyMatch[];
  /** How many were passed over. */
  readonly skipped: number;
  /** Where to go on; missing at the end of the body. */
  readonly cursor?: string;
}

/** A key, a value or a line that holds the text. */
export interface BodyMatch {
  /** JSON pointer of the entry; `''` in a text. */
  readonly pointer: string;
  readonly side: 'key' | 'value' | 'line';
  /** In a text: the line, from 1. */
  readonly line?: number;
  /** In a text: the byte where the line begins; of a very long one, the part of it. */
  readonly offset?: number;
  /** What stands there, cut around the text. */
  readonly excerpt: string;
}

export const findCursor = /^-?\d{1,15}(\.-?\d{1,15})*$/;

export interface QueryRequest {
  /** A JSONPath. */
  readonly path: string;
  /** Results to pass over. */
  readonly offset?: number;
  readonly limit?: number;
}

/** GET /runs/{run}/bodies/{hash}/query?path=&offset=&limit= — what a JSONPath finds in a JSON body of any size, a part of it with each call. */
export interface BodyResults {
  readonly results: readonly BodyResult[];
  /** The offset to go on with; missing where there is no more. It may be the one that was asked with: the time of the call was used up. */
  readonly next?: number;
}

/** A value that was found; of an object or array only how many entries it has. */
export interface BodyResult extends Omit<BodyEntry, 'key'> {
  readonly pointer: string;
}
