import type { QueuePage } from '../model/api.ts';

/**
 * The queue of runs. It is no store of its own but the recordings seen from the side of those who work: a run is queued when `Recordings.accept` has
 * recorded it, and it is over when the end of its recording is written (`Recordings.open`, event `run-finished`). In between it belongs to whoever leased it.
 *
 * What every implementation keeps to (`queue-contract.ts` holds it to that):
 * - A run that was accepted is there after a crash and after a power cut. It leaves the queue only by its end.
 * - A run is leased by one owner at a time. Each lease has a higher fence than the one before, and so has each way back into the queue: what an owner with an
 *   older fence writes of the run is refused, and he is told.
 * - Among the runs that may begin, the one with the lowest number of priority goes first; among equals the one that was accepted first.
 * - There are no clocks in it: an owner is dead when its process is, however long it is silent before.
 */
export interface Queue {
  /** Who leases: this process, or this part of it. */
  readonly owner: string;
  /** Takes at most as many runs as are wanted, of those that may begin now: neither held back by their flow's limit, nor by an earlier run of their lane, nor by `notBefore`. */
  lease(wanted: LeaseRequest): Promise<readonly Lease[]>;
  /** Puts a run back, to be leased anew: by anybody, at once. Says whether the lease was still good. `strike`: the run has ended its executor. */
  release(lease: Pick<Lease, 'run' | 'fence'>, options?: { readonly strike?: boolean }): Promise<boolean>;
  /** Leases a run of ours anew: whoever has had it here writes no more. `undefined` where the lease was no longer good. */
  renew(lease: Lease): Promise<Lease | undefined>;
  /**
   * Puts back the runs of owners that are dead. What was asked to stop ends as stopped; a run with which owners die again and again, without its getting
   * any further, ends as failed. Gives how many runs that concerned.
   */
  requeue(now: number): Promise<number>;
  /** Ends a run that waits, or asks the owner of one that is at work to end it. `undefined`: it is over, or never was. */
  stop(run: string, now: number, options?: { /** Where somebody works on it nothing is asked, and nothing given. */ readonly onlyWaiting?: true }): Promise<'stopped' | 'asked' | undefined>;
  /** Runs that this owner has leased and that somebody wants to end. */
  stopRequests(): readonly string[];
  /** Cheap: whether a lease may be worth while. */
  hasWaiting(now: number): boolean;
  /** Runs that are not over: those at work, then those that wait, the most urgent first. Pages count from 1. */
  list(request: QueueListRequest): QueueListing;
}

export interface QueueListRequest {
  readonly flow?: string;
  readonly page?: number;
  readonly perPage?: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type QueueListing = Omit<QueuePage, 'limit'>;

export interface LeaseRequest {
  readonly most: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Only runs that were accepted here and reserved (see `NewRun.isReserved`). */
  readonly isOwnOnly?: boolean;
}

export interface Lease {
  readonly run: string;
  readonly flow: string;
  readonly fence: number;
  /** How often the run has ended its executor. */
  readonly strikes: number;
}

/** Of runs that say nothing else. 0 goes first, 4 last. */
export const regularPriority = 2;

/** Runs of one lane that wait for each other begin one after the other. */
export type Overlap = 'parallel' | 'queue' | 'skip';

/** What a run needs to begin, beside its payload: kept with it, so that anybody can run it at any time. */
export interface RunRequest {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Name of the true variables, sealed, where those in the recording are masked. */
  readonly sealedVariables?: string;
  /** Milliseconds since the epoch, instead of the clock's. */
  readonly now?: number;
  readonly from?: string;
  readonly until?: string;
  /** Milliseconds since the epoch from which relative dates count, instead of when the run was queued. */
  readonly relativeTo?: number;
  /** Of what another run left, these payloads alone are taken up. */
  readonly only?: readonly string[];
  /** Of what another run left, all but these: others have taken them up. */
  readonly without?: readonly string[];
  /** It goes on from the middle of another run, as that was after the event `seq`. `payload`: at the step, it is the one that this run begins with. `variables`: names of those that are not what they were then. `isWriteConfirmed`: what would be done twice is sent again. */
  readonly fork?: { readonly seq: number; readonly isWriteConfirmed?: true; readonly payload?: { readonly step: string; readonly id: string }; readonly variables?: readonly string[] };
  /** Names of fields that are redacted in this run, beside those of the workspace and the flow: parameters of the request it came from that prove who has sent it. */
  readonly redact?: readonly string[];
  /** A trigger has started it: who is to be told of failures is told. */
  readonly isAutomatic?: true;
  /** The payload is bytes, whatever they look like. */
  readonly isBinary?: true;
  /** The payload is the content of this file; without it, it is in the recording. */
  readonly file?: { readonly path: string; readonly mediaType?: string; /** It belongs to the run and goes with it. */ readonly isOwn?: true };
}
