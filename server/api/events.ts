import type { NumberedRunEvent } from '../model/run-event.ts';
import { apiHeaders } from './problem.ts';
import { invalid, type Call } from './route.ts';

/**
 * Answers with events as they happen. A client that reads too slowly does not fill our memory: the events of a run are recorded, so we stop listening until it
 * has caught up and then go on where it was. Events of all runs are not; there the connection ends, and the client asks anew.
 */
export function answerEvents({ runner, request, response, query, closing }: Call, run: string | undefined): void {
  let last = run === undefined ? 0 : startAfter(request.headers['last-event-id'], query.after as number | undefined);
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
      if (run === undefined || event.seq > last) response.write(textOf(event, run !== undefined));
      last = event.seq;
      if (run !== undefined && event.event.type === 'run-finished') end();
      else if (response.writableLength > bufferedBytes) { if (run === undefined) end(); else stop?.(); }
    };
    // From one event earlier: who has seen the last one already is to hear that nothing more will come.
    unsubscribe = runner.subscribe(run, listener, run === undefined ? {} : { afterSeq: Math.max(0, last - 1) });
    if (!isListening) unsubscribe();
  };
  response.once('close', end);
  response.on('drain', () => { if (!stop && !response.writableEnded) listen(); });
  closing.addEventListener('abort', end, { once: true });
  listen();
}

const heartbeatMs = 15_000;
const bufferedBytes = 1024 * 1024;

const textOf = (event: NumberedRunEvent, isNumbered: boolean): string => `${isNumbered ? `id: ${event.seq}\n` : ''}data: ${JSON.stringify(event)}\n\n`;

function startAfter(header: string | string[] | undefined, query: number | undefined): number {
  if (typeof header !== 'string') return query ?? 0;
  if (!/^\d{1,15}$/.test(header)) throw invalid('The header Last-Event-ID is the number of an event.');
  return Number(header);
}
