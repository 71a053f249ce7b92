import { type Call } from './route.ts';
/**
 * Answers with events as they happen. A client that reads too slowly does not fill our memory: the events of a run are recorded, so we stop listening until it
 * has caught up and then go on where it was. Events of all runs are not; there the connection ends, and the client asks anew.
 */
export declare function answerEvents({ runner, request, response, query, closing }: Call, run: string | undefined): void;
