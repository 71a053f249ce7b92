import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A record of a shop; `time` in milliseconds since the epoch. */
export interface ShopRecord {
  readonly id: number;
  readonly time: number;
  readonly version: number;
}

export interface ShopQuery {
  /** As they stand in the request. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly page: number;
  readonly size: number;
  readonly isSorted: boolean;
  /** Records of the very beginning are not given. */
  readonly isStartExcluded?: boolean;
  /** Those of the very end are. */
  readonly isEndIncluded?: boolean;
  /** What lies between two records of the same time: the server knows only so many milliseconds. */
  readonly grain?: number;
}

/** What a shop answers: records from a time on, and before one, page by page; in the order of time or of id. */
export function shopPage(records: Iterable<ShopRecord>, { from, to, page, size, isSorted, isStartExcluded, isEndIncluded, grain = 1 }: ShopQuery): { readonly items: readonly object[]; readonly more: boolean } {
  const floor = (time: number): number => Math.floor(time / grain) * grain;
  const found = [...records]
    .filter(({ time }) => (from === undefined || floor(time) > Date.parse(from) - (isStartExcluded ? 0 : 1)) && (to === undefined || floor(time) < Date.parse(to) + (isEndIncluded ? 1 : 0)))
    .sort((one, other) => (isSorted ? floor(one.time) - floor(other.time) : 0) || one.id - other.id);
  return { items: found.slice((page - 1) * size, page * size).map(({ id, time, version }) => ({ id, updated: new Date(floor(time)).toISOString(), version })), more: found.length > page * size };
}

export interface ChangingShop extends AsyncDisposable {
  readonly origin: string;
  /** By id; changes count from the next request on. */
  readonly records: Map<number, ShopRecord>;
  /** Paths with their queries. */
  readonly requests: string[];
}

/** The same on loopback: `GET /orders?from&to&page&n&sort`, and `GET /shops`, `GET /shops/<shop>/orders`, whose records are those with `id % 2` of the shop. */
export async function startChangingShop(): Promise<ChangingShop> {
  const records = new Map<number, ShopRecord>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    requests.push(request.url!);
    const { searchParams: query } = url;
    const own = /^\/shops\/(\d)\/orders$/.exec(url.pathname)?.[1];
    const body = url.pathname === '/shops'
      ? { items: [{ id: 0, city: 'Ulm' }, { id: 1, city: 'Bern' }], more: false }
      : shopPage([...records.values()].filter(({ id }) => own === undefined || id % 2 === Number(own)), { from: query.get('from') ?? undefined, to: query.get('to') ?? undefined, page: Number(query.get('page') ?? 1), size: Number(query.get('n') ?? 2), isSorted: query.get('sort') === 'updated' });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, records, requests,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
