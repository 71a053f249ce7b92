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
    /** What lies between two records of the same time: the server knows only so many milliseconds. */
    readonly grain?: number;
}
/** What a shop answers: records from a time on, and before one, page by page; in the order of time or of id. */
export declare function shopPage(records: Iterable<ShopRecord>, { from, to, page, size, isSorted, grain }: ShopQuery): {
    readonly items: readonly object[];
    readonly more: boolean;
};
export interface ChangingShop extends AsyncDisposable {
    readonly origin: string;
    /** By id; changes count from the next request on. */
    readonly records: Map<number, ShopRecord>;
    /** Paths with their queries. */
    readonly requests: string[];
}
/** The same on loopback: `GET /orders?from&to&page&n&sort`, and `GET /shops`, `GET /shops/<shop>/orders`, whose records are those with `id % 2` of the shop. */
export declare function startChangingShop(): Promise<ChangingShop>;
