import type { HttpResponse, IncomingRequest } from '../../plugins/sdk/index.ts';
import type { Capture, Captures } from './inbox-capture.ts';
import { problem } from './trigger-event.ts';

/** A request whose answer the inbox sees. */
export interface WatchedRequest {
  readonly capture: Capture;
  /** The same, for whoever answers it. */
  readonly watched: IncomingRequest;
  /** Answers where the inbox alone has the request: when it is kept. */
  keep(response: HttpResponse): Promise<void>;
}

interface Options {
  /** Where it is kept; nowhere while the inbox is paused. */
  readonly captures: Pick<Captures, 'add' | 'keep'> | undefined;
  readonly now: () => number;
}

export function watchRequest(capture: Capture, { captures, now }: Options): WatchedRequest {
  const { request } = capture;
  const answered = (response: HttpResponse): void => {
    capture.answer ??= response;
    capture.tookMs ??= Math.max(0, now() - request.receivedAt);
  };
  return {
    capture,
    watched: {
      ...request,
      respond(response) {
        answered(response);
        captures?.add(capture);
        request.respond(response);
      },
    },
    async keep(response) {
      answered(response);
      const isKept = await Promise.resolve(captures?.keep(capture)).then(() => true, () => false);
      request.respond(isKept ? response : problem(503, 'STORAGE_FAILED', 'The request could not be kept, so it is not taken: send it again.'));
    },
  };
}
