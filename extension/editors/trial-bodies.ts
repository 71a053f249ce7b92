import type { BodyWindow } from '../../server/model/api.ts';
import { documentWindow, type WindowRequest } from '../../server/model/body-window.ts';
import type { Trial, TrialExchange, TrialPage } from '../../server/model/trial.ts';
import type { BodyRef, ShownExchange, ShownPage, ShownTrial } from '../../webview/protocol/connector.ts';

const longestWindow = 64 * 1024;

/** Bodies of the last trial: a page gets them in windows, so that no message to it is long. */
export interface TrialBodies {
  /** The trial without its bodies, which are kept here from now on. */
  take(trial: Trial): ShownTrial;
  /** Fails where the last trial has no such body. */
  window(hash: string, request: WindowRequest): BodyWindow;
  /** The whole body as text. */
  text(hash: string): string;
}

export function trialBodies(): TrialBodies {
  let kept = new Map<string, { readonly body: unknown; readonly mediaType: string }>();
  let trials = 0;

  const keep = (body: unknown, headers: Readonly<Record<string, string>>): BodyRef | undefined => {
    if (body === undefined) return undefined;
    const hash = `t${trials}-${kept.size + 1}`;
    const mediaType = (Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? (typeof body === 'string' ? 'text/plain' : 'application/json')).split(';', 1)[0]!.trim();
    kept.set(hash, { body, mediaType });
    return { hash, mediaType };
  };
  const messages = ({ request: { body: sent, ...request }, response }: Pick<TrialPage, 'request' | 'response'>): Pick<ShownPage, 'request' | 'response'> => {
    const asked = keep(sent, request.headers);
    const { body: got, ...head } = response ?? { status: 0, headers: {}, size: 0 };
    const answered = keep(got, head.headers);
    return { request: { ...request, ...(asked && { body: asked }) }, ...(response && { response: { ...head, ...(answered && { body: answered }) } }) };
  };
  const exchange = (given: TrialExchange): ShownExchange => { const { request: _request, response: _response, ...rest } = given; return { ...rest, ...messages(given) }; };
  const find = (hash: string): { readonly body: unknown; readonly mediaType: string } => {
    const found = kept.get(hash);
    if (!found) throw new Error('This body is of an earlier trial. Try it again.');
    return found;
  };
  return {
    take(trial) {
      kept = new Map();
      trials++;
      return { ...trial, pages: trial.pages.map((page): ShownPage => { const { request: _request, response: _response, before, ...rest } = page; return { ...rest, before: before.map(exchange), ...messages(page) }; }) };
    },
    window(hash, request) {
      const { body, mediaType } = find(hash);
      const found = typeof body === 'string' ? textWindow({ hash, mediaType }, new TextEncoder().encode(body), request) : documentWindow({ hash, mediaType, size: JSON.stringify(body).length }, body, request);
      if (!found) throw new Error(`There is nothing at ${request.path} in this body.`);
      return found;
    },
    text(hash) {
      const { body } = find(hash);
      return typeof body === 'string' ? body : `${JSON.stringify(body, undefined, 2)}\n`;
    },
  };
}

/** A window of a text. Letters at its borders belong to the window in which they begin. */
function textWindow({ hash, mediaType }: Pick<BodyWindow, 'hash' | 'mediaType'>, bytes: Uint8Array, { path, offset, limit }: WindowRequest): BodyWindow | undefined {
  if (path !== '') return undefined;
  const from = letterAt(bytes, Math.min(offset, bytes.length));
  const to = letterAt(bytes, Math.min(bytes.length, offset + Math.min(limit, longestWindow)));
  return { hash, size: bytes.length, mediaType, kind: 'text', count: 0, offset, entries: [], value: new TextDecoder().decode(bytes.subarray(from, to)), ...(to < bytes.length && { cut: true }) };
}

/** Where the first letter begins from a place on. */
function letterAt(bytes: Uint8Array, place: number): number {
  let at = place;
  while (at > 0 && at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at++;
  return at;
}
