import type { BodyWindow } from '../../server/model/api.ts';
import type { BodyFound, BodyResults, FindRequest, QueryRequest } from '../../server/model/body-find.ts';

/** What a screen with recorded bodies asks: never for a whole one. */
export interface BodyHost {
  body(run: string, hash: string, window: { readonly path: string; readonly offset: number; readonly limit: number }): BodyWindow;
  findInBody(run: string, hash: string, request: FindRequest): BodyFound;
  queryBody(run: string, hash: string, request: QueryRequest): BodyResults;
  /** Shows the start of the body as a document that can only be read. False where the host has no editor for texts. */
  openBody(run: string, hash: string, name: string): boolean;
  /** The whole body, as a file for the user. */
  saveBody(run: string, hash: string, suggestedName: string): void;
}
