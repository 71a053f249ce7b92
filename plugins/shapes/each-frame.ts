import type { Payload } from '../sdk/index.ts';

/** Where an item of a loop came from; kept in `meta.each` as `<payload>/<index>/<count>`, those of loops around it before it, separated by spaces. */
export interface EachFrame {
  readonly payload: string;
  readonly index: number;
  readonly count: number;
}

/** An item as a payload that knows its place. */
export function itemOf(payload: Payload, body: unknown, index: number, count: number): Payload {
  const outer = payload.meta['each'];
  const own = `${payload.id}/${index}/${count}`;
  return payload.with({ body, meta: { each: outer === undefined ? own : `${outer} ${own}` } });
}

/** The innermost frame, and `meta.each` without it; `undefined` where the payload is no item of a loop. */
export function takeFrame({ meta }: Payload): { readonly frame: EachFrame; readonly outer: string | undefined } | undefined {
  const frames = meta['each']?.split(' ') ?? [];
  const [, payload, index, count] = /^(.+)\/(\d+)\/(\d+)$/.exec(frames.at(-1) ?? '') ?? [];
  if (payload === undefined) return undefined;
  return { frame: { payload, index: Number(index), count: Number(count) }, outer: frames.length > 1 ? frames.slice(0, -1).join(' ') : undefined };
}
