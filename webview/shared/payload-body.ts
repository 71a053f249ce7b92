import type { LineagePlace, RunLineage } from '../../server/model/run-lineage.ts';
import type { BodyHost } from '../protocol/bodies.ts';
import type { Api } from '../protocol/rpc.ts';
import type { FindIn } from './found-matches.ts';
import type { LoadWindow } from './payload-tree.ts';
import type { QueryIn } from './query-results.ts';

export interface PayloadBody {
  /** Names the body: another name is another body. `''`: it was not kept. */
  readonly hash: string;
  readonly mediaType: string;
  /** For the accessible name: "payload p1". */
  readonly label: string;
  readonly load: LoadWindow;
  /** Finds texts and runs JSONPaths in it. */
  readonly find?: FindIn;
  readonly query?: QueryIn;
  /** Shows its start as a document. */
  readonly open?: () => Promise<boolean>;
  /** Lets the user keep the whole body. */
  readonly save?: () => void;
  /** Says where a value of it comes from; `pointer` is a JSON pointer. */
  readonly lineage?: (pointer: string) => Promise<RunLineage>;
  /** Shows another place. */
  readonly onPlace?: (place: LineagePlace) => void;
}

/** A body of a recorded run, from the host of the screen; `name` is for a document or file of it. */
export const recordedBody = (host: Pick<Api<BodyHost>, keyof BodyHost>, run: string, hash: string, name: string): Pick<PayloadBody, 'hash' | 'load' | 'find' | 'query' | 'open' | 'save'> => ({
  hash,
  load: (window) => host.body(run, hash, window),
  find: (request) => host.findInBody(run, hash, request),
  query: (request) => host.queryBody(run, hash, request),
  open: () => host.openBody(run, hash, name),
  save: () => void host.saveBody(run, hash, name),
});
