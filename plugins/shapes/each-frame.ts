import type { Payload } from '../sdk/index.ts';

/** Where an item of a loop came from; kept in `meta.each` as `<payload>/<index>/<count>`, those of loops around it before it, separated by spaces. */
export interface EachFrame {
  readonly payload: string;
  readonly index: number;
  readonly count: number;
}

/** Each item as a payload that knows its place. */
export function* intoItems(payload: Payload, items: readonly unknown[]): Generator<Payload> {
  const outer = payload.meta['each'];
  for (const [index, body] of items.entries()) {
    const own = `${payload.id}/${index}/${items.length}`;
    yield payload.with({ body, meta: { each: outer === undefined ? own : `${outer} ${own}` } });
  }
}

/** The innermost frame, and `meta.each` without it; `undefined` where the payload is no item of a loop. */
export function takeFrame({ meta }: Payload): { readonly frame: EachFrame; readonly outer: string | undefined } | undefined {
  const frames = meta['each']?.split(' ') ?? [];
  const [, payload, index, count] = /^(.+)\/(\d+)\/(\d+)$/.exec(frames.at(-1) ?? '') ?? [];
  if (payload === undefined) return undefined;
  return { frame: { payload, index: Number(index), count: Number(count) }, outer: frames.length > 1 ? frames.slice(0, -1).join(' ') : undefined };
}
