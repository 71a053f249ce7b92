/** Items in the order in which they came, for one reader who waits for the next. Ends when the signal aborts. */
export interface Queue<T> extends AsyncIterable<T> {
    readonly size: number;
    push(item: T): void;
    /** Takes out what nobody has read. */
    drain(): T[];
}
export declare function queueOf<T>(signal: AbortSignal): Queue<T>;
