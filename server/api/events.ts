import type { NumberedRunEvent } from '../model/run-event.ts';
import { apiHeaders } from './problem.ts';
import { invalid, type Call } from './route.ts';

/**
 * Answers with events as they happen. A client that reads too slowly does not fill our memory: the events of a run are recorded, so we stop listening until it
 * has caught up and then go on where it was. Events of all runs are not; there the connection ends, and the client asks anew.
 */
export function answerEvents({ runner, request, response, query, closing }: Call, run: string | undefined): void {
  let last = run === undefined ? undefined : startAfter(request.headers['last-event-id'], query.after as number | undefined);
  if (run !== undefined && last !== undefined && last.isEnd) return void response.writeHead(204, apiHeaders).end();
  response.writeHead(200, { ...apiHeaders, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  response.flushHeaders();

  let stop: (() => void) | undefined;
  const heartbeat = setInterval(() => void response.write(': still here\n\n'), heartbeatMs);
  heartbeat.unref();
  const end = (): void => {
    clearInterval(heartbeat);
    closing.removeEventListener('abort', end);
    stop?.();
    response.end();
  };
  const listen = (): void => {
    // The listener may be called, and may want to stop, before `subscribe` has come back.
    let isListening = true;
    let unsubscribe: (() => void) | undefined;
    stop = () => { isListening = false; stop = undefined; unsubscribe?.(); };
    const listener = (event: NumberedRunEvent): void => {
      if (!isListening) return;
      const isEnd = run !== undefined && event.event.type === 'run-finished';
      response.write(textOf(event, run !== undefined, isEnd));
      last = { seq: event.seq, isEnd };
      if (isEnd) end();
      else if (response.writableLength > bufferedBytes) { if (run === undefined) end(); else stop?.(); }
    };
    unsubscribe = runner.subscribe(run, listener, run !== undefined && last ? { afterSeq: last.seq } : {});
    if (!isListening) unsubscribe();
  };
  response.once('close', end);
  response.on('drain', () => { if (!stop && !response.writableEnded) listen(); });
  closing.addEventListener('abort', end, { once: true });
  listen();
}

const heartbeatMs = 15_000;
const bufferedBytes = 1024 * 1024;

interface Position {
  readonly seq: number;
  /** It was the last event of the run, after which no client needs to come back. */
  readonly isEnd: boolean;
}

const textOf = (event: NumberedRunEvent, isNumbered: boolean, isEnd: boolean): string => `${isNumbered ? `id: ${event.seq}${isEnd ? ' end' : ''}\n` : ''}data: ${JSON.stringify(event)}\n\n`;

function startAfter(header: string | string[] | undefined, query: number | undefined): Position | undefined {
  if (typeof header !== 'string') return query === undefined ? undefined : { seq: query, isEnd: false };
  const match = /^(\d{1,15})( end)?$/.exec(header);
  if (!match) throw invalid('The header Last-Event-ID is the number of an event.');
  return { seq: Number(match[1]), isEnd: match[2] !== undefined };
}
